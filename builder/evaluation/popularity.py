"""The baseline that listens to nobody: what train recommends most often."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from builder.export.naming import Names
from builder.records import Domain


def popular_items(
    truths: Iterable[Sequence[str]], domain_of: Mapping[str, Domain], names: Names, n_items: int
) -> dict[Domain, tuple[str, ...]]:
    """Return each domain's most recommended items, ties in the alphabetical order of their titles.

    Args:
        truths: The ground truth of the train rows, as item ids.
        domain_of: Of the catalogue's items.
        names: Of the catalogue's items.
        n_items: How many a list holds.
    """
    counts: dict[Domain, Counter[str]] = defaultdict(Counter)
    for truth in truths:
        for item_id in truth:
            counts[domain_of[item_id]][item_id] += 1
    return {
        domain: tuple(sorted(n, key=lambda i: (-n[i], names.with_year(i), i))[:n_items])
        for domain, n in counts.items()
    }
