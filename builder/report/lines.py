"""The reports of single stages as rows and sentences for the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.records import Message

SPLITS = ("train", "validation", "test")

_ENCODER_NAMES = {"offline": "all-MiniLM-L6-v2, from a package"}
_SHARED = {
    "askers": "seekers who also appear in train",
    "groundtruth_items": "recommended titles that also appear in train",
    "constraint_texts": "wordings of constraints that also appear in train",
}


@dataclass(frozen=True, slots=True)
class SplitRow:
    """A line of the table of splits, one cell per split."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, and whether it reports a fault."""

    text: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A message in three parts; the middle one holds the words of the constraint."""

    role: str
    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True)
class StandIn:
    """A replaceable part of the run: what was used, and what that means for the figures."""

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
    """Return whether the splits are kept apart."""
    return [
        _leakage_line(report["threads_in_two_splits"], "Threads in more than one split"),
        _leakage_line(report["near_copies_across_splits"], "Near copies across splits"),
    ]


def _leakage_line(number: int, what: str) -> Line:
    if number:
        return Line(f"{what}: {number:,}. The test figures are too optimistic.", True)
    return Line(f"{what}: none.", False)


def annotation_lines(report: Mapping[str, Any], n_tasks: int) -> list[str]:
    """Return how many rows were reviewed and how far the annotators agree."""
    reviews = report["reviews"]
    n_reviewed, total = reviews["accepted"] + reviews["rejected"], sum(reviews.values())
    lines = [
        f"{n_tasks:,} tasks are ready to import into Label Studio. Of {total:,} conversations, "
        f"{n_reviewed:,} have been reviewed: {reviews['accepted']:,} were accepted; "
        f"{reviews['rejected']:,} were rejected and left out of the release. Nobody has reviewed "
        f"the other {reviews['unreviewed']:,}."
    ]
    if report["note"]:
        lines.append(f"Note: {report['note']}.")
    if report["krippendorff_alpha"] is not None:
        lines.append(
            f"Krippendorff's alpha is {report['krippendorff_alpha']:.2f} (1 is perfect agreement, "
            "0 is chance level)."
        )
    return lines


def judge_line(n_scores_by_judge: Mapping[str, int]) -> str:
    """Return who gave the scores, and what such scores are worth."""
    names = ", ".join(n_scores_by_judge)
    if any(name.startswith("offline") for name in n_scores_by_judge):
        return (
            f"Conversations and scenarios were scored by {names}. These are rules that detect "
            "missing, contradictory or copied text. Rules do not understand what they read, so "
            "high scores say little about quality."
        )
    return f"Conversations and scenarios were scored by {names}, a language model."


def shown_turns(messages: Sequence[Message], number: int | None, words: str) -> list[ShownTurn]:
    """Return the messages with the words of the constraint separated.

    Args:
        messages: Of the conversation.
        number: The message that holds the words, None where none does.
        words: Of the constraint.
    """
    turns = []
    for index, message in enumerate(messages):
        before, marked, after = message.content, "", ""
        if index == number and words in message.content:
            before, marked, after = message.content.partition(words)
        turns.append(ShownTurn(message.role, before, marked, after))
    return turns


def stand_ins(
    *, writers: Sequence[str], encoder: str, n_labels: int, n_reviewed: int, sources: Sequence[str]
) -> list[StandIn]:
    """Return the replaceable parts of this run and what they mean for its figures."""
    offline = [name for name in writers if name.startswith("offline")]
    bundled = [name for name in sources if name.startswith("maintainers")]
    return [
        StandIn(
            "titles and threads",
            ", ".join(sources),
            "Real titles and invented people, far fewer of both than in reality."
            if bundled
            else "Real sources. The dataset card lists their licences.",
        ),
        StandIn(
            "language model",
            ", ".join(writers),
            "Rules that fill in hand-written sentences, which vary less than what people write."
            if offline
            else "A language model. It can be wrong in ways that rules are not.",
        ),
        StandIn(
            "sentence encoder",
            _ENCODER_NAMES.get(encoder, encoder),
            "Compares sentences roughly by meaning. It cannot tell a threat from a deed.",
        ),
        StandIn(
            "labels",
            f"{n_labels:,} labels on {n_reviewed:,} rows",
            "Written by the maintainers to show how labels are used; not an independent review."
            if bundled
            else "Rows that nobody has reviewed may contain errors that no rule detects.",
        ),
        StandIn(
            "recommender",
            "the model set by train_sft.model; the tiny one has one token per title",
            "A tiny model can show whether training has the intended effect. It is not a usable "
            "recommender.",
        ),
    ]
