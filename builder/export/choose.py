"""Choose the conversations that become rows of the release, and their ground truth."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from builder.errors import InputError
from builder.export.naming import Names
from builder.records import Conversation, Review, Split, TruthFrom
from builder.settings import Strict
from builder.sources import Reject
from builder.synthesis.styles import force_of

Config = Literal["sft", "grpo"]


class ExportChoices(Strict):
    """What counts as ground truth, and what a completion may add to it.

    Attributes:
        wanted: The most titles that a prompt asks for.
        unknown_in_groundtruth: Whether an item without a verdict counts as ground truth (under a
            weakened constraint it always does). It is never in a completion: unknown is not safe.
        alternatives: The most safe titles similar to the request that a completion adds to the
            ground truth.
        empty_groundtruth: Whether a GRPO row without any ground truth is dropped, or gets those
            alternatives as its ground truth.
    """

    wanted: Annotated[int, Field(ge=1)]
    unknown_in_groundtruth: Literal["keep", "drop"]
    alternatives: Annotated[int, Field(ge=0)]
    empty_groundtruth: Literal["drop", "alternatives"]


class ExportRule(ExportChoices):
    """When a conversation becomes a row, and what its ground truth is.

    Attributes:
        min_groundtruth_train: Recommended items, before filtering, that an SFT train row needs, as
            in the reference.
    """

    min_groundtruth_train: Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """A conversation that becomes a row.

    Attributes:
        config: The configuration (data set) that the row belongs to.
        split: The split that the row belongs to.
        conversation: The conversation.
        groundtruth: Item ids that count as correct.
        answer: Item ids that the completion lists.
        truth_from: Whether the ground truth is what people recommended, or safe alternatives.
    """

    config: Config
    split: Split
    conversation: Conversation
    groundtruth: tuple[str, ...]
    answer: tuple[str, ...]
    truth_from: TruthFrom = "recommended"


@dataclass(frozen=True, slots=True)
class Dropped:
    """Why a conversation does not become a row.

    Attributes:
        reason: What rejections are counted by.
        detail: What exactly was wrong, for people.
    """

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class RowChooser:
    """Decides whether a conversation becomes a row.

    Attributes:
        rule: When a conversation becomes a row.
        names: Names of the catalogue's items.
        split_by_dialog: Split by thread id; a thread that is missing was dropped.
        review_by_conversation: Human review by conversation id.
        traits: Trait names of the taxonomy.
    """

    rule: ExportRule
    names: Names
    split_by_dialog: Mapping[str, Split]
    review_by_conversation: Mapping[str, Review]
    traits: Collection[str]

    def choose(self, conversation: Conversation) -> ChosenRow | Dropped:
        """Return the row that a conversation becomes, or why it does not become one.

        SFT rows have a constraint that recommendations violate; GRPO rows have what the
        conversation itself cues.
        """
        config: Config = "sft" if conversation.mode == "violations" else "grpo"
        if config == "sft" and conversation.constraint is None:
            return Dropped("counterfactual without a constraint", conversation.variant)
        if foreign := [trait for trait in conversation.in_force if trait not in self.traits]:
            return Dropped("trait is not in the taxonomy", ", ".join(foreign))
        split = self.split_by_dialog.get(conversation.dialog_id)
        if split is None:
            return Dropped("thread has no split", f"thread {conversation.dialog_id}")
        if config == "grpo" and split != "train":
            return Dropped("GRPO row outside train", f"thread of {split}")
        review = self.review_by_conversation.get(conversation.conversation_id)
        if review is not None and review.status == "rejected":
            return Dropped("rejected by reviewers", review.note)
        item_ids = (*conversation.seen, *conversation.recommended, *conversation.alternatives)
        if missing := self.names.missing(item_ids):
            return Dropped("item is not in the catalogue", ", ".join(missing))
        return self._filled(conversation, config, split)

    def _filled(
        self, conversation: Conversation, config: Config, split: Split
    ) -> ChosenRow | Dropped:
        n_before = len(conversation.recommended)
        if config == "sft" and split == "train" and n_before < self.rule.min_groundtruth_train:
            return Dropped("too few recommended titles for SFT train", f"{n_before} titles")
        safe, groundtruth = set(conversation.safe), self._groundtruth(conversation)
        answer = tuple(i for i in groundtruth if i in safe)
        near = conversation.alternatives[: self.rule.alternatives]
        may_be_near = config == "grpo" and self.rule.empty_groundtruth == "alternatives"
        if may_be_near and near and not groundtruth:
            return ChosenRow(config, split, conversation, near, near, "alternatives")
        if not groundtruth or (config == "sft" and not answer):
            n_filtered, n_unknown = len(conversation.filtered), len(conversation.unknown)
            detail = f"of {n_before} titles, {n_filtered} are unsafe and {n_unknown} unknown"
            return Dropped("no safe title left", detail)
        answer = (*answer, *near)[: self.rule.wanted]
        return ChosenRow(config, split, conversation, groundtruth, answer)

    def _groundtruth(self, conversation: Conversation) -> tuple[str, ...]:
        if not conversation.in_force:
            return conversation.recommended
        kept = set(conversation.safe)
        # Only the assigned wish is weakened: the others hold as they are.
        bends = force_of(conversation.variant) == "bends" and not conversation.also
        if bends or self.rule.unknown_in_groundtruth == "keep":
            kept |= set(conversation.unknown)
        return tuple(i for i in conversation.recommended if i in kept)


def choose_rows(
    conversations: Iterable[Conversation], chooser: RowChooser, reject: Reject
) -> Iterator[ChosenRow]:
    """Yield the rows of the release and reject every other conversation with its reason.

    Raises:
        InputError: If there is no conversation, or two have the same id.
    """
    seen: set[str] = set()
    for conversation in conversations:
        conversation_id = conversation.conversation_id
        if conversation_id in seen:
            raise InputError(
                f"conversation {conversation_id}",
                "appears twice",
                "run `dvc repro synthesize` again",
            )
        seen.add(conversation_id)
        outcome = chooser.choose(conversation)
        if isinstance(outcome, ChosenRow):
            yield outcome
        else:
            reject(conversation_id, outcome.reason, outcome.detail)
    if not seen:
        raise InputError(
            "conversations", "there are none to export", "see the counts of the stage synthesize"
        )
