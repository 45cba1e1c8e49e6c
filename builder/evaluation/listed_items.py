"""What the titles of an answer mean: from here on, an answer is graded and paid by item ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.oracle.files.oracle import Oracle
from builder.records import Verdict
from builder.titles import TitleYear


@dataclass(frozen=True, slots=True)
class Listed:
    """What one listed title means.

    Attributes:
        item_id: The item it means, None where it means none or could mean several.
        may_hit: Items of the ground truth that it hits: an equal title and a year within two, and
            without a year only what has none (SafeCRS, arXiv 2603.03536); several where they
            share title and year.
    """

    item_id: str | None
    may_hit: tuple[str, ...]


def listed_items(titles: Sequence[TitleYear], oracle: Oracle) -> tuple[Listed, ...]:
    """Return what each title means in the catalogue of an oracle."""
    return tuple(_listed(title, oracle) for title in titles)


def _listed(title: TitleYear, oracle: Oracle) -> Listed:
    meant = oracle.meant(title)
    may_hit = tuple(i for i in meant if title.year is not None or oracle.year(i) is None)
    return Listed(meant[0] if len(meant) == 1 else None, may_hit)


def hits(listed: Sequence[Listed], truth: Sequence[str]) -> tuple[bool, ...]:
    """Return which listed titles hit an item of the truth; each item is hit once."""
    open_truth = dict.fromkeys(truth)
    is_hit = []
    for title in listed:
        item_id = next((item_id for item_id in title.may_hit if item_id in open_truth), None)
        if item_id is not None:
            del open_truth[item_id]
        is_hit.append(item_id is not None)
    return tuple(is_hit)


def verdicts_on(
    listed: Sequence[Listed], oracle: Oracle, traits: Sequence[str]
) -> tuple[Verdict, ...]:
    """Return one verdict a title for somebody with all these traits.

    A title that means no item, or could mean several, is unknown.
    """
    return tuple(
        "unknown" if title.item_id is None else oracle.verdict(title.item_id, *traits)
        for title in listed
    )
