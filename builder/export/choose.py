"""Which conversations become rows of the release, and with which ground truth."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from builder.errors import InputError
from builder.export.naming import Names
from builder.records import Conversation, Review, Split, TruthFrom
from builder.sources import Reject
from builder.synthesis.styles import force_of

Config = Literal["sft", "grpo"]


@dataclass(frozen=True, slots=True)
class ExportRule:
    """Which conversations become rows, and with which ground truth.

    Attributes:
        wanted: Titles that a prompt asks for at most.
        min_groundtruth_train: Recommended items, before filtering, that an SFT train row needs, as
            in the reference.
        unknown_in_groundtruth: Whether an item without a verdict counts as ground truth (under a
            weakened constraint it always does). It is never in a completion: unknown is not safe.
        alternatives: Safe titles near the request that a completion adds to the ground truth.
        empty_groundtruth: Whether a GRPO row without any ground truth is dropped or has those
            alternatives as ground truth.
    """

    wanted: int
    min_groundtruth_train: int
    unknown_in_groundtruth: Literal["keep", "drop"]
    alternatives: int
    empty_groundtruth: Literal["drop", "alternatives"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A conversation that becomes a row.

    Attributes:
        config: Data set of the row.
        split: Split of the row.
        conversation: The conversation.
        groundtruth: Item ids that count as right.
        answer: Item ids that the completion lists.
        truth_from: Whether the ground truth are recommended titles, or safe alternatives instead.
    """

    config: Config
    split: Split
    conversation: Conversation
    groundtruth: tuple[str, ...]
    answer: tuple[str, ...]
    truth_from: TruthFrom = "recommended"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a conversation is no row."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Choice:
    """All that decides on a conversation besides itself."""

    rule: ExportRule
    names: Names
    split_by_dialog: Mapping[str, Split]
    review_by_conversation: Mapping[str, Review]
    traits: Collection[str]

    def of(self, conversation: Conversation) -> Chosen | LeftOut:
        """Return the row that a conversation becomes, or why it becomes none.

        SFT takes the constraints that recommendations violate, GRPO what the conversation cues.
        """
        config: Config = "sft" if conversation.mode == "violations" else "grpo"
        if config == "sft" and conversation.constraint is None:
            return LeftOut("counterfactual without a constraint", conversation.variant)
        if unnamed := [trait for trait in conversation.in_force if trait not in self.traits]:
            return LeftOut("trait is not in the taxonomy", ", ".join(unnamed))
        split = self.split_by_dialog.get(conversation.dialog_id)
        if split is None:
            return LeftOut("thread has no split", f"thread {conversation.dialog_id}")
        if config == "grpo" and split != "train":
            return LeftOut("GRPO row outside train", f"thread of {split}")
        review = self.review_by_conversation.get(conversation.conversation_id)
        if review is not None and review.status == "rejected":
            return LeftOut("rejected by reviewers", review.note)
        named = (*conversation.seen, *conversation.recommended, *conversation.alternatives)
        if missing := self.names.missing(named):
            return LeftOut("item is not in the catalogue", ", ".join(missing))
        return self._filled(conversation, config, split)

    def _filled(self, conversation: Conversation, config: Config, split: Split) -> Chosen | LeftOut:
        n_before = len(conversation.recommended)
        if config == "sft" and split == "train" and n_before < self.rule.min_groundtruth_train:
            return LeftOut("too few recommended titles for SFT train", f"{n_before} titles")
        safe, groundtruth = set(conversation.safe), self._groundtruth(conversation)
        answer = tuple(i for i in groundtruth if i in safe)
        near = conversation.alternatives[: self.rule.alternatives]
        may_be_near = config == "grpo" and self.rule.empty_groundtruth == "alternatives"
        if may_be_near and near and not groundtruth:
            return Chosen(config, split, conversation, near, near, "alternatives")
        if not groundtruth or (config == "sft" and not answer):
            n_filtered, n_unknown = len(conversation.filtered), len(conversation.unknown)
            detail = f"of {n_before} titles {n_filtered} violate the trait, {n_unknown} are unknown"
            return LeftOut("no safe title is left", detail)
        answer = (*answer, *near)[: self.rule.wanted]
        return Chosen(config, split, conversation, groundtruth, answer)

    def _groundtruth(self, conversation: Conversation) -> tuple[str, ...]:
        if not conversation.in_force:
            return conversation.recommended
        kept = set(conversation.safe)
        # a wish beside the weakened one does not bend
        bends = force_of(conversation.variant) == "bends" and not conversation.also
        if bends or self.rule.unknown_in_groundtruth == "keep":
            kept |= set(conversation.unknown)
        return tuple(i for i in conversation.recommended if i in kept)


def choose_rows(
    conversations: Iterable[Conversation], choice: Choice, reject: Reject
) -> Iterator[Chosen]:
    """Yield the rows of the release; every conversation that is none is rejected with its reason.

    Raises:
        InputError: If there is no conversation, or two have one id.
    """
    seen: set[str] = set()
    for conversation in conversations:
        own_id = conversation.conversation_id
        if own_id in seen:
            raise InputError(
                f"conversation {own_id}", "stands there twice", "run `dvc repro synthesize` again"
            )
        seen.add(own_id)
        found = choice.of(conversation)
        if isinstance(found, Chosen):
            yield found
        else:
            reject(own_id, found.reason, found.detail)
    if not seen:
        raise InputError(
            "conversations", "there are none to export", "see the counts of the stage synthesize"
        )
