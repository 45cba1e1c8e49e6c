"""How well known an item is among those of its catalogue.

Ten thousand films are called like something that people say: "Smart", "Protagonist", "Emma Stone".
Of those that are meant, most are known to many.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection

from builder.records import Domain, Item

_MIN_COUNTED = 0.5
"""Share of a domain's items with a count, from which having none says that nobody knows it."""


class Fame:
    """How often people rated an item beside the best known of its domain, on a logarithmic scale.

    Args:
        items: The catalogue.
    """

    def __init__(self, items: Collection[Item]) -> None:
        by_domain: dict[Domain, list[Item]] = defaultdict(list)
        for item in items:
            by_domain[item.domain].append(item)
        self._fame_by_id: dict[str, float] = {}
        for own in by_domain.values():
            n_counted = sum(bool(item.popularity) for item in own)
            if n_counted >= max(1, _MIN_COUNTED * len(own)):
                top = math.log1p(max(item.popularity or 0 for item in own))
                for item in own:
                    self._fame_by_id[item.item_id] = math.log1p(item.popularity or 0) / top

    def of(self, item_id: str) -> float | None:
        """Return 1 for the best known, 0 for an item that nobody rated, None if untold."""
        return self._fame_by_id.get(item_id)
