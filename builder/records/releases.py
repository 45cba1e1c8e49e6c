"""What happens to the rows: reviews, splits, exported rows, graded answers, rejections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from builder.records.evidence import Verdict

Split = Literal["train", "validation", "test"]
TruthFrom = Literal["recommended", "alternatives"]


@dataclass(frozen=True, slots=True)
class Review:
    """What reviewers decided on one conversation.

    Attributes:
        conversation_id: The conversation.
        status: The decision of the majority, "unreviewed" where there is none.
        annotators: Pseudonyms of those who labelled it.
        note: How the votes fell, and the comments.
    """

    conversation_id: str
    status: Literal["accepted", "rejected", "unreviewed"]
    annotators: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class SplitRow:
    """The split of one thread."""

    dialog_id: str
    split: Split


@dataclass(frozen=True, slots=True)
class ExportRow:
    """What one exported row was made from, with the ids of the items whose titles it holds.

    Attributes:
        config: The data set it is in.
        split: The split it is in.
        row: Its position within config and split, from 0.
        conversation_id: The conversation it was made from.
        dialog_id: The thread of the conversation.
        truth_from: Whether the ground truth are titles that people recommended, or safe titles near
            the request because none of the recommended ones is known to be safe.
        seen_ids: The items of `seen_titles`.
        groundtruth_ids: The items of `groundtruth_with_release_year`.
        completion_ids: The items that the completion lists; a GRPO row has none.
    """

    config: Literal["sft", "grpo"]
    split: Split
    row: int
    conversation_id: str
    dialog_id: str
    truth_from: TruthFrom
    seen_ids: tuple[str, ...]
    groundtruth_ids: tuple[str, ...]
    completion_ids: tuple[str, ...]

    @property
    def row_id(self) -> str:
        """The row by one name: "sft/train/17"."""
        return f"{self.config}/{self.split}/{self.row}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One system's answer to one test prompt, graded title by title.

    Attributes:
        system: Name of the system.
        conversation_id: The conversation that was asked.
        dialog_id: Its thread.
        trait: The assigned trait, None where none is in force.
        text: The answer as it was generated.
        parsed: False where the text holds no list.
        listed: Each title once, in order.
        item_ids: For each listed title, the item it means; None where it means none, or could mean
            several.
        repeated: Titles that were listed again.
        n_truth: Number of titles in the ground truth.
        hits: For each listed title, whether it is in the ground truth.
        verdicts: For each listed title, the grading oracle's verdict on all traits in force; empty
            where none is.
        build_verdicts: Likewise, the building oracle's.
    """

    system: str
    conversation_id: str
    dialog_id: str
    trait: str | None
    text: str
    parsed: bool
    listed: tuple[str, ...]
    item_ids: tuple[str | None, ...]
    repeated: tuple[str, ...]
    n_truth: int
    hits: tuple[bool, ...]
    verdicts: tuple[Verdict, ...]
    build_verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was left out.

    Attributes:
        stage: The stage that left it out.
        place: File and line, or the id of the row.
        reason: One of a few fixed phrases, so that rejections can be counted.
        detail: What differs from row to row, for people.
    """

    stage: str
    place: str
    reason: str
    detail: str
