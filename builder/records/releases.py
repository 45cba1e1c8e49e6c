"""What becomes of the rows: reviews, splits, exported rows, graded answers, and rejections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from builder.records.evidence import Verdict

Split = Literal["train", "validation", "test"]
TruthFrom = Literal["recommended", "alternatives"]


@dataclass(frozen=True, slots=True)
class Review:
    """What people said of one conversation; `status` is "accepted", "rejected" or "unreviewed"."""

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
    """What one exported row was made of; `row` counts from 0 within its config and split.

    `truth_from`: whether its ground truth are titles that people recommended, or safe titles near
    the wish, since nothing recommended is known to be safe.
    """

    config: Literal["sft", "grpo"]
    split: Split
    row: int
    conversation_id: str
    dialog_id: str
    truth_from: TruthFrom = "recommended"


@dataclass(frozen=True, slots=True)
class Answer:
    """One system's answer to one test prompt, graded title by title.

    `listed` holds each title once, in order; `hits`, `verdicts` (of the grading oracle) and
    `build_verdicts` run parallel to it, the verdicts empty where no trait is in
    force, and joint where several are. `trait` is the assigned one. `repeated` holds further
    mentions. `parsed` is False where the text holds no list at all.
    """

    system: str
    conversation_id: str
    dialog_id: str
    trait: str | None
    text: str
    parsed: bool
    listed: tuple[str, ...]
    repeated: tuple[str, ...]
    n_truth: int
    hits: tuple[bool, ...]
    verdicts: tuple[Verdict, ...]
    build_verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """What was left out, and why: `reason` is counted, `detail` is for people."""

    stage: str
    place: str
    reason: str
    detail: str
