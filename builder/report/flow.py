"""The data flow as rows of a table: what each stage does, reads, writes and leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import refuse
from builder.records import Rejection
from builder.rows import from_row
from builder.text_files.json_text import read_json_lines

_DOES_BY_STAGE = {
    "mine_catalog": "Reads titles from all sources and merges duplicates.",
    "mine_dialogs": "Reads threads of requests, masks personal data, drops bots and copies.",
    "link": "Finds titles in the posts and links them to items; ambiguous ones stay open.",
    "embed": "Turns the sentences of plots and other texts into vectors.",
    "tag": "Compares the sentences with every content warning.",
    "fuse": "Combines the evidence into two oracles that share none of it.",
    "assign": "Picks a sensitivity for each request.",
    "synthesize": "Writes the sensitivity into the request and removes unsafe titles.",
    "scenarios": "Writes advice scenarios with profiles, in the PENGUIN format.",
    "judge": "Scores the written rows.",
    "route": "Selects rows for review by people and creates annotation tasks.",
    "merge_labels": "Reads the annotators' answers and decides which rows are accepted.",
    "split": "Divides threads into train, validation and test by time.",
    "export": "Writes both data sets in the formats of the papers.",
    "card": "Writes the dataset card, the Croissant description and checksums.",
    "train_sft": "Trains two recommenders: on all recommended titles, and on the safe ones.",
    "train_gdpo": "Trains the safe one further, rewarding relevant, safe and complete lists.",
    "evaluate": "Asks every system for recommendations and grades them.",
}
_COUNT_NAMES = {
    "evidence": "rows of evidence",
    "text_evidence": "rows of text evidence",
    "oracle_build": "verdicts to build with",
    "oracle_grade": "verdicts to grade with",
}


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One stage: rows in, out and rejected by name; the rejected are sorted by number."""

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
    """Return one row per stage in the given order; `counts` are the stages' JSON documents."""
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
    return tuple((_readable(name), number) for name, number in numbers.items())


def _readable(name: str) -> str:
    """Return the name of a count for people: no underscores, no "folder/." for a whole folder."""
    return _COUNT_NAMES.get(name, name.removesuffix("/.").replace("_", " "))


def read_rejections(path: Path) -> Iterator[Rejection]:
    """Yield what a stage left out, from its file."""
    return (from_row(Rejection, row) for _, row in read_json_lines(path, refuse))


@dataclass(frozen=True, slots=True)
class RejectionExample:
    """A rejection with a stage's most frequent reason, and how many have this reason."""

    rejection: Rejection
    n_alike: int


def rejection_examples(
    rejections_by_stage: Mapping[str, Iterable[Rejection]],
) -> list[RejectionExample]:
    """Return an example for every stage that left something out, in the given order."""
    examples = (_example(rows) for rows in rejections_by_stage.values())
    return [example for example in examples if example is not None]


def _example(rows: Iterable[Rejection]) -> RejectionExample | None:
    """Return the first rejection, by place, for the most frequent reason."""
    n_by_reason = Counter[str]()
    first_by_reason: dict[str, Rejection] = {}
    for row in rows:
        n_by_reason[row.reason] += 1
        first = first_by_reason.setdefault(row.reason, row)
        if (row.place, row.detail) < (first.place, first.detail):
            first_by_reason[row.reason] = row
    if not n_by_reason:
        return None
    reason = min(n_by_reason, key=lambda name: (-n_by_reason[name], name))
    return RejectionExample(first_by_reason[reason], n_by_reason[reason])
