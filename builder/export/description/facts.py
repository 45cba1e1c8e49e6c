"""The facts stated in a dataset card, counted from the rows themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from builder.errors import InputError
from builder.llm.offline import MADE_BY as OFFLINE_WRITER
from builder.oracle.files.oracle import Oracle
from builder.records import Conversation, EvidenceKind, ExportRow, Item, Review, Verdict


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source of a release.

    Attributes:
        source: Its name.
        licence: The licence of what it provides.
        provides: What it provides, such as "threads".
        n_rows: How many of those.
    """

    source: str
    licence: str
    provides: str
    n_rows: int


@dataclass(frozen=True, slots=True)
class WriterLine:
    """How many rows a writer made.

    Attributes:
        rows: Which rows, such as "sft" or "penguin".
        made_by: The writer.
        n_rows: How many rows it made.
        is_stand_in: Whether it writes by rule where a language model would.
    """

    rows: str
    made_by: str
    n_rows: int
    is_stand_in: bool


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """How one oracle's verdicts on one trait are distributed; the shares sum to 1.

    Attributes:
        trait: Name of the trait.
        unsafe: Share of the items that are unsafe, in [0, 1].
        safe: Share that are safe.
        unknown: Share without a verdict.
    """

    trait: str
    unsafe: float
    safe: float
    unknown: float


@dataclass(frozen=True, slots=True)
class RowFacts:
    """Counts over the exported SafeRec rows.

    Attributes:
        n_by_place: Rows by configuration and split, such as ("sft", "train").
        n_by_trait: SFT rows by trait.
        n_by_status: All rows by the status of their review.
        n_titles_by_verdict: Recommended titles of all rows with a trait, by verdict.
    """

    n_by_place: Mapping[tuple[str, str], int]
    n_by_trait: Mapping[str, int]
    n_by_status: Mapping[str, int]
    n_titles_by_verdict: Mapping[str, int]

    @property
    def n_rows(self) -> int:
        """Number of rows of all configurations together."""
        return sum(self.n_by_place.values())

    @property
    def unreviewed_share(self) -> float:
        """Share of the rows that nobody has reviewed."""
        return self.n_by_status.get("unreviewed", 0) / self.n_rows if self.n_rows else 0.0

    @property
    def unknown_share(self) -> float:
        """Share of the recommended titles that the building oracle has no verdict on."""
        n_titles = sum(self.n_titles_by_verdict.values())
        return self.n_titles_by_verdict["unknown"] / n_titles if n_titles else 0.0


Used = Sequence[tuple[ExportRow, Conversation]]
"""Exported rows, each with its conversation."""


def used_rows(index: Iterable[ExportRow], conversations: Iterable[Conversation]) -> Used:
    """Return every exported row with its conversation, in the order of the index.

    Raises:
        InputError: If the conversation of a row no longer exists.
    """
    by_id = {c.conversation_id: c for c in conversations}
    rows = list(index)
    for row in rows:
        if row.conversation_id not in by_id:
            problem = f"row {row.row} of {row.split} has no conversation {row.conversation_id}"
            raise InputError(f"{row.config} rows", problem, "run `dvc repro export`")
    return [(row, by_id[row.conversation_id]) for row in rows]


def count_rows(used: Used, reviews: Iterable[Review]) -> RowFacts:
    """Return the counts over the exported rows; a row without a review counts as unreviewed."""
    status_by_id = {review.conversation_id: review.status for review in reviews}
    with_trait = [c for _, c in used if c.trait is not None]
    return RowFacts(
        Counter((row.config, row.split) for row, _ in used),
        Counter(c.trait for row, c in used if row.config == "sft" and c.trait),
        Counter(status_by_id.get(row.conversation_id, "unreviewed") for row, _ in used),
        {
            "safe": sum(len(c.safe) for c in with_trait),
            "unsafe": sum(len(c.filtered) for c in with_trait),
            "unknown": sum(len(c.unknown) for c in with_trait),
        },
    )


def row_writers(used: Used) -> list[WriterLine]:
    """Return who wrote the SafeRec rows, one configuration after another."""
    configs = dict.fromkeys(row.config for row, _ in used)
    return [
        line
        for config in configs
        for line in writers(config, (c.made_by for row, c in used if row.config == config))
    ]


def writers(rows: str, made_by: Iterable[str]) -> list[WriterLine]:
    """Return who wrote the rows of one kind, most frequent writer first."""
    counts = sorted(Counter(made_by).items(), key=lambda pair: (-pair[1], pair[0]))
    return [WriterLine(rows, who, n, who.startswith(OFFLINE_WRITER)) for who, n in counts]


def dialog_sources(used: Used) -> list[SourceLine]:
    """Return the sources of the exported rows' threads; counts are threads."""
    threads = {(c.source, c.licence, c.dialog_id) for _, c in used}
    counts = Counter((source, licence) for source, licence, _ in threads)
    return [SourceLine(*key, "threads", n) for key, n in sorted(counts.items())]


def item_sources(used: Used, items: Iterable[Item]) -> list[SourceLine]:
    """Return the sources of titles and years in the exported rows; counts are items."""
    shown = {i for _, c in used for i in (*c.seen, *c.recommended)}
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item in items:
        if item.item_id in shown:
            for origin in item.provenance:
                if origin.field in ("title", "year"):
                    ids[origin.source, origin.licence].add(item.item_id)
    return [
        SourceLine(*key, "titles and years", len(item_ids)) for key, item_ids in sorted(ids.items())
    ]


_EVIDENCE: Mapping[EvidenceKind, str] = {
    "statement": "statements on warnings",
    "severity": "severities",
    "ceiling": "limits set by age ratings",
    "similarity": "sentences similar to a warning",
    "aside": "sentences more similar to other warnings (not used for verdicts)",
}


def evidence_sources(*tables: Path) -> list[SourceLine]:
    """Return the sources of the evidence, one line per kind; counts are pieces of evidence."""
    counts: Counter[tuple[str, str, EvidenceKind]] = Counter()
    for path in tables:
        table = pq.read_table(path, columns=["source", "licence", "kind"])
        counts.update(zip(*(table[name].to_pylist() for name in table.column_names), strict=True))
    return [
        SourceLine(source, licence, f"evidence: {_EVIDENCE[kind]}", n)
        for (source, licence, kind), n in sorted(counts.items())
    ]


def verdict_lines(oracle: Oracle, traits: Iterable[str]) -> list[VerdictLine]:
    """Return how an oracle's verdicts are distributed, one line per trait."""
    return [_verdict_line(trait, oracle.verdict_counts(trait)) for trait in traits]


def _verdict_line(trait: str, n_by_verdict: Mapping[Verdict, int]) -> VerdictLine:
    n_items = sum(n_by_verdict.values()) or 1
    return VerdictLine(
        trait,
        unsafe=n_by_verdict["unsafe"] / n_items,
        safe=n_by_verdict["safe"] / n_items,
        unknown=n_by_verdict["unknown"] / n_items,
    )
