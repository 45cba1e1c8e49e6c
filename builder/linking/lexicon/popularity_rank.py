"""How popular an item is within its catalogue.

Ten thousand films have a title that people use otherwise: "Smart", "Protagonist", "Emma Stone".
Those that people do mean are mostly popular.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection

from builder.records import Domain, Item

_MIN_COUNTED = 0.5
"""Share of a domain's items with ratings from which an item without ratings counts as unknown."""


class PopularityRank:
    """Ranks items within their domain.

    The rank is the larger of two: the share of rated items with fewer ratings, which makes no
    assumption about what a count means, and the count relative to the highest one on a logarithmic
    scale, since in a small catalogue of popular items even the last one is popular.

    Args:
        items: The catalogue.
    """

    def __init__(self, items: Collection[Item]) -> None:
        by_domain: dict[Domain, list[Item]] = defaultdict(list)
        for item in items:
            by_domain[item.domain].append(item)
        self._fame_by_id: dict[str, float] = {}
        for domain_items in by_domain.values():
            counts = sorted(item.popularity for item in domain_items if item.popularity)
            if len(counts) < max(1, _MIN_COUNTED * len(domain_items)):
                continue
            for item in domain_items:
                count = item.popularity or 0
                rank = bisect_left(counts, count) / len(counts)
                size = math.log1p(count) / math.log1p(counts[-1])
                self._fame_by_id[item.item_id] = max(rank, size)

    def of(self, item_id: str) -> float | None:
        """Return 1 for the most popular item, 0 for one without ratings; None if unknown."""
        return self._fame_by_id.get(item_id)
