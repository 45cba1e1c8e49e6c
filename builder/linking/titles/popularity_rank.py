"""How well known an item is among those of its catalogue.

Ten thousand films are called like something that people say: "Smart", "Protagonist", "Emma Stone".
Of those that are meant, most are known to many.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection

from builder.records import Domain, Item

_MIN_COUNTED = 0.5
"""Share of a domain's items with a count, from which having none says that nobody knows it."""


class Fame:
    """How well known an item is within its domain.

    That is the larger of two: the share of rated items that fewer people rated, which asks nothing
    of what a count means, and the count beside the highest one on a logarithmic scale, since in a
    small catalogue of well-known items the last of them is known as well.

    Args:
        items: The catalogue.
    """

    def __init__(self, items: Collection[Item]) -> None:
        by_domain: dict[Domain, list[Item]] = defaultdict(list)
        for item in items:
            by_domain[item.domain].append(item)
        self._fame_by_id: dict[str, float] = {}
        for own in by_domain.values():
            counts = sorted(item.popularity for item in own if item.popularity)
            if len(counts) < max(1, _MIN_COUNTED * len(own)):
                continue
            for item in own:
                count = item.popularity or 0
                rank = bisect_left(counts, count) / len(counts)
                size = math.log1p(count) / math.log1p(counts[-1])
                self._fame_by_id[item.item_id] = max(rank, size)

    def of(self, item_id: str) -> float | None:
        """Return 1 for the best known, 0 for an item that nobody rated, None if untold."""
        return self._fame_by_id.get(item_id)
