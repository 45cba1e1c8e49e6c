"""The way of the data as rows of a table: what each stage does, read, made and left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from builder.records import Rejection

_DOES_BY_STAGE = {
    "mine_catalog": "Reads titles from every source and joins what is the same title.",
    "mine_dialogs": "Reads threads of people asking; hides names, drops bots and copies.",
    "link": "Finds titles in what people write; what could mean two is linked to neither.",
    "embed": "Turns sentences of plots into vectors that can be compared.",
    "tag": "Compares the sentences with descriptions of every warning.",
    "fuse": "Weighs the evidence into two oracles that share none of it.",
    "assign": "Picks the sensitivity that each request is to speak of.",
    "synthesize": "Writes the sensitivity into the request and takes unsafe titles off the answer.",
    "scenarios": "Writes advice scenarios with a profile, in the PENGUIN format.",
    "judge": "Scores what was written.",
    "route": "Picks the rows that people should look at and makes tasks of them.",
    "merge_labels": "Reads what people answered back into the rows.",
    "split": "Divides threads by time; a thread is never divided.",
    "export": "Writes the two data sets in the papers' formats.",
    "card": "Describes the release for people and machines, and checksums it.",
    "train_sft": "Trains two recommenders: on all that was recommended, and on the safe part.",
    "train_gdpo": "Trains the safe one further with rewards for being right, safe and complete.",
    "evaluate": "Asks all of them for recommendations; the other oracle grades these.",
}


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One stage: rows in, out and rejected, each by name, most first for the rejected."""

    stage: str
    does: str
    rows_in: tuple[tuple[str, int], ...]
    rows_out: tuple[tuple[str, int], ...]
    rejected: tuple[tuple[str, int], ...]

    @property
    def n_rejected(self) -> int:
        """Return how many rows were left out for any reason."""
        return sum(n for _, n in self.rejected)


def flow_rows(counts: Iterable[Mapping[str, Any]]) -> list[FlowRow]:
    """Return a row a stage, in the given order; `counts` are the stages' JSON documents."""
    return [
        FlowRow(
            stage=row["stage"],
            does=_DOES_BY_STAGE[row["stage"]],
            rows_in=_pairs(row["in"]),
            rows_out=_pairs(row["out"]),
            rejected=tuple(sorted(_pairs(row["rejected"]), key=lambda pair: (-pair[1], pair[0]))),
        )
        for row in counts
    ]


def _pairs(numbers: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((name.replace("_", " "), number) for name, number in numbers.items())


@dataclass(frozen=True, slots=True)
class RejectionExample:
    """One rejection of a stage's most frequent reason, with how many share the reason."""

    rejection: Rejection
    n_alike: int


def rejection_examples(
    rejections_by_stage: Mapping[str, Iterable[Rejection]],
) -> list[RejectionExample]:
    """Return an example of every stage that left something out, in the given order."""
    found = (list(rows) for rows in rejections_by_stage.values())
    return [_example(rows) for rows in found if rows]


def _example(rows: list[Rejection]) -> RejectionExample:
    n_by_reason: dict[str, int] = {}
    for row in rows:
        n_by_reason[row.reason] = n_by_reason.get(row.reason, 0) + 1
    reason = min(n_by_reason, key=lambda name: (-n_by_reason[name], name))
    alike = [row for row in rows if row.reason == reason]
    return RejectionExample(min(alike, key=lambda row: (row.place, row.detail)), len(alike))
