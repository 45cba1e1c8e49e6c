"""What training is told: which settings there are and what they may be; params.yaml says why."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from builder.settings import Strict
from builder.tagging.encode.encoder import EncoderSettings

Count = Annotated[int, Field(ge=1)]
Rate = Annotated[float, Field(gt=0)]
Weight = Annotated[float, Field(ge=0)]


class Adapter(Strict):
    """Low-rank adapters (LoRA, arXiv 2106.09685).

    Attributes:
        r: Their rank.
        alpha: Their scale.
    """

    r: Count
    alpha: Count


class Training(Strict):
    """What supervised and rewarded training share.

    Attributes:
        lora: Adapters to train in the place of all weights; None trains these.
        thread_lists: Whether what anyone in the thread recommended counts, not one reply alone.
    """

    lora: Adapter | None
    thread_lists: bool


class TinyShape(Strict):
    """The model that is made on the spot.

    Attributes:
        max_words: The most frequent words of the prompts that it knows.
        hidden_size: Dimensions.
        layers: Of attention and feed-forward network.
        heads: Of attention.
        request_gain: Weight of the prompt's mean against the last token, at the start.
    """

    max_words: Count
    hidden_size: Annotated[int, Field(ge=16)]
    layers: Count
    heads: Count
    request_gain: float


class StartSettings(Strict):
    """Which model supervised training starts from.

    Attributes:
        model: `tiny`, made on the spot, or a folder or Hub id.
        encoder: Whose vectors the titles and words of the tiny model start from.
        tiny: Its shape.
        training: Whether adapters are trained.
    """

    model: str
    encoder: EncoderSettings
    tiny: TinyShape
    training: Training


class SftSettings(Strict):
    """How long and how fast supervised training learns.

    Attributes:
        epochs: Passes over the rows.
        learning_rate: At the start.
        batch_size: Rows a step.
        max_length: Tokens of prompt and completion.
    """

    epochs: Count
    learning_rate: Rate
    batch_size: Count
    max_length: Count


class Decoding(Strict):
    """How a model answers.

    Attributes:
        max_new_tokens: Tokens of an answer.
        no_repeat_ngram: Tokens in a row that do not come twice, which keeps a word-level model
            from listing a title twice; 0 for real models.
    """

    max_new_tokens: Count
    no_repeat_ngram: Annotated[int, Field(ge=0)]


class RewardWeights(Strict):
    """How much each reward counts, all brought to unit spread within a group."""

    relevance: Weight
    safety: Weight
    count: Weight


class GdpoSettings(Strict):
    """How rewarded training explores and learns.

    Attributes:
        steps: Of `prompts_per_step` prompts each.
        learning_rate: Of every step.
        prompts_per_step: Groups of answers in a step.
        generations: Answers a prompt.
        beta: Weight of the KL divergence from the start.
        temperature: Of sampling.
        decoding: How long answers are.
        weights: Of the rewards.
    """

    steps: Count
    learning_rate: Rate
    prompts_per_step: Count
    generations: Annotated[int, Field(ge=2)]
    beta: Annotated[float, Field(ge=0)]
    temperature: Rate
    decoding: Decoding
    weights: RewardWeights
