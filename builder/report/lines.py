"""Reports of single stages as rows and sentences for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.records import Message

SPLITS = ("train", "validation", "test")

_ENCODER_NAMES = {"offline": "all-MiniLM-L6-v2, from a package"}
_SHARED = {
    "askers": "people who ask, also in train",
    "groundtruth_items": "recommended titles, also in train",
    "constraint_texts": "wordings of sensitivities, also in train",
}


@dataclass(frozen=True, slots=True)
class SplitRow:
    """A line of the table of splits: one cell a split."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence; `is_bad` where it tells of a fault."""

    text: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A message in three parts, the middle one being the words of the constraint."""

    role: str
    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True)
class StandIn:
    """A part of the run that something better may take the place of."""

    part: str
    here: str
    means: str


def split_rows(report: Mapping[str, Any]) -> list[SplitRow]:
    """Return the sizes of the splits and what the later ones share with train."""
    rows = [
        SplitRow(name, tuple(f"{report[name][split]:,}" for split in SPLITS))
        for name in ("threads", "conversations")
    ]
    for name, label in _SHARED.items():
        cells = (_shared(report[name].get(split)) for split in SPLITS[1:])
        rows.append(SplitRow(label, ("–", *cells)))
    return rows


def _shared(cell: Mapping[str, Any] | None) -> str:
    if cell is None:
        return "–"
    return f"{cell['also_in_train']:,} of {cell['distinct']:,} ({100 * cell['share']:.0f}%)"


def leakage_lines(report: Mapping[str, Any]) -> list[Line]:
    """Return whether what must be apart is apart."""
    return [
        _must_be_none(report["threads_in_two_splits"], "threads that lie in two splits"),
        _must_be_none(report["near_copies_across_splits"], "near copies across splits"),
    ]


def _must_be_none(number: int, what: str) -> Line:
    if number:
        return Line(f"There are {number:,} {what}. The test figures are too good.", True)
    return Line(f"There are no {what}.", False)


def annotation_lines(report: Mapping[str, Any], n_tasks: int) -> list[str]:
    """Return how many rows people have seen and how far they agree."""
    reviews = report["reviews"]
    seen, total = reviews["accepted"] + reviews["rejected"], sum(reviews.values())
    lines = [
        f"{n_tasks:,} tasks wait for people in Label Studio's format. Of {total:,} conversations "
        f"{seen:,} were reviewed: {reviews['accepted']:,} accepted, {reviews['rejected']:,} "
        f"rejected and left out of the release. {reviews['unreviewed']:,} were seen by nobody."
    ]
    if report["note"]:
        lines.append(f"Note: {report['note']}.")
    if report["krippendorff_alpha"] is not None:
        lines.append(
            f"Krippendorff's alpha is {report['krippendorff_alpha']:.2f}: 1 is full agreement, "
            "0 is what chance would give."
        )
    return lines


def judge_line(n_scores_by_judge: Mapping[str, int]) -> str:
    """Return who scored, and what such scores are worth."""
    names = ", ".join(n_scores_by_judge)
    if any(name.startswith("offline") for name in n_scores_by_judge):
        return (
            f"Conversations and scenarios were scored by {names}: rules that find what is "
            "missing or repeated. They are no reader, and high scores say little of quality."
        )
    return f"Conversations and scenarios were scored by {names}, a language model."


def shown_turns(messages: Sequence[Message], number: int | None, words: str) -> list[ShownTurn]:
    """Return the messages with the constraint's words set apart.

    Args:
        messages: Of the conversation.
        number: The message that holds the words, None where none does.
        words: Of the constraint.
    """
    turns = []
    for index, message in enumerate(messages):
        before, found, after = message.content, "", ""
        if index == number and words in message.content:
            before, found, after = message.content.partition(words)
        turns.append(ShownTurn(message.role, before, found, after))
    return turns


def stand_ins(
    *, writers: Sequence[str], encoder: str, n_labels: int, n_reviewed: int, sources: Sequence[str]
) -> list[StandIn]:
    """Return the parts of this run with what they mean for its figures."""
    offline = [name for name in writers if name.startswith("offline")]
    bundled = [name for name in sources if name.startswith("maintainers")]
    return [
        StandIn(
            "titles and threads",
            ", ".join(sources),
            "Real titles, invented people, far fewer of both than in life."
            if bundled
            else "Real sources; their licences stand in the card.",
        ),
        StandIn(
            "language model",
            ", ".join(writers),
            "Rules that fill hand-written sentences: narrower than what people write."
            if offline
            else "A language model; it may be wrong in ways that rules are not.",
        ),
        StandIn(
            "sentence encoder",
            _ENCODER_NAMES.get(encoder, encoder),
            "Compares sentences by meaning, roughly. It cannot tell a threat from a deed.",
        ),
        StandIn(
            "labels",
            f"{n_labels:,} labels on {n_reviewed:,} rows",
            "The maintainers' own, to show how labels come back: no independent review."
            if bundled
            else "A row that nobody has seen may be wrong in ways that no rule finds.",
        ),
        StandIn(
            "recommender",
            "train_sft.model; if it is tiny, one token a title",
            "A tiny model shows whether the training does what it should; it is no recommender.",
        ),
    ]
