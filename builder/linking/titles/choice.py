"""Which of the items that bear a title is meant.

A year decides first, then what the thread has spoken of, then what its community talks about, then
how often people rate them and how well what is said there fits their plots. `lead` says how far the
chosen one is ahead of the next.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from builder.linking.titles.plots import PlotLikeness
from builder.linking.titles.popularity_rank import Fame
from builder.records import Domain, Item
from builder.titles import YEAR_TOLERANCE

_SPELLED_OTHERWISE = 8.0
"""How much better known an item must be to be meant by words that spell another one's title."""
_MAX_LEAD = 5.0
"""Natural logarithm of a ratio of ratings; nobody is more sure than at 150 to 1."""
_PLOT_NATS = 12.0
"""What a cosine to the plot adds to that logarithm: 0.1 more counts like 3.3 times the ratings."""
_OBSCURE = 0.62
"""Fame of some 10,000 votes where the best known film has 3,000,000."""
_RECENT_NATS = 2.5
"""What a film of about the talk's own year adds: people speak of what is in the cinemas."""
_RECENT_YEARS = 1
_YEARS_AHEAD = 2
"""Years after the talk in which an item may appear and be spoken of already."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The item chosen, None where none fits.

    `lead` in [0, 1]: 1 where the item is the only one or the thread named it, else the logarithm
    of the ratio of its ratings to the next one's, raised by how much better its plot fits, as a
    share of the highest that counts.
    `years_off` is None without a year. `fame` in [0, 1] is what `popularity_rank.py` says of the
    item, None where the catalogue does not tell.
    """

    item_id: str | None
    lead: float
    years_off: int | None
    fame: float | None = None


class Chooser:
    """Chooses among items of a catalogue.

    Args:
        items: The catalogue.
        plots: Compares what is said with plots; None leaves that out.
    """

    def __init__(self, items: Collection[Item], plots: PlotLikeness | None = None) -> None:
        self._item_by_id: Mapping[str, Item] = {item.item_id: item for item in items}
        self._plots = plots
        self._fame = Fame(items)

    def choose(
        self,
        candidates: Sequence[str],
        year: int | None,
        *,
        domain: Domain | None,
        named: Set[str],
        otherwise: Sequence[str] = (),
        context: str = "",
        talked: int | None = None,
    ) -> Choice:
        """Return the item that is meant.

        Args:
            candidates: The items of that title.
            year: The year given with it, if any.
            domain: What the community talks about, if known.
            named: Items that the thread has named.
            otherwise: Items whose titles differ by an article or the writing of a number. They
                are meant where the thread has named one, or where one is far better known:
                "Blind Side" is The Blind Side.
            context: What is said around the title.
            talked: The year of the talk. What appeared later is not meant, and what appeared then
                is more likely to be.
        """
        if year is None and otherwise and named.isdisjoint(candidates):
            candidates = self._better_known(candidates, otherwise, domain, named)
        fitting = self.of_year(candidates, year)
        if not fitting:
            return Choice(None, 0.0, None)
        fitting = [i for i in fitting if i in named] or fitting
        fitting = [i for i in fitting if self._item_by_id[i].domain == domain] or fitting
        fitting = [i for i in fitting if not self._is_to_come(i, talked)] or fitting
        first, lead = fitting[0], 1.0
        if len(fitting) > 1:
            (best, first), (next_best, _), *_ = self._ranked(fitting, context, talked)
            lead = min(best - next_best, _MAX_LEAD) / _MAX_LEAD
        return Choice(first, lead, self.years_off(first, year), self._fame.of(first))

    def _ranked(
        self, item_ids: Sequence[str], context: str, talked: int | None
    ) -> list[tuple[float, str]]:
        """Return (what speaks for it in nats, item), the highest first, else in the order given."""
        fits = self._plots.of(context, item_ids) if self._plots else [0.0] * len(item_ids)
        nats = [
            math.log(self._weight(item_id))
            + _PLOT_NATS * fit
            + _RECENT_NATS * self.is_recent(item_id, talked)
            for item_id, fit in zip(item_ids, fits, strict=True)
        ]
        return sorted(zip(nats, item_ids, strict=True), key=lambda ranked: -ranked[0])

    def _better_known(
        self,
        candidates: Sequence[str],
        otherwise: Sequence[str],
        domain: Domain | None,
        named: Set[str],
    ) -> Sequence[str]:
        known = [i for i in otherwise if i in named]
        if known:
            return known
        kept = [i for i in otherwise if domain is None or self._item_by_id[i].domain == domain]
        best = max(map(self._weight, candidates), default=0.0) * _SPELLED_OTHERWISE
        return [i for i in kept if self._weight(i) > best] or candidates

    def of_year(self, candidates: Sequence[str], year: int | None) -> list[str]:
        """Return the items of that very year, else those of about that year."""
        if year is None:
            return list(candidates)
        for tolerance in (0, YEAR_TOLERANCE):
            near = [i for i in candidates if self._is_near(i, year, tolerance)]
            if near:
                return near
        return []

    def _is_near(self, item_id: str, year: int, tolerance: int) -> bool:
        own = self._item_by_id[item_id].year
        return own is not None and abs(own - year) <= tolerance

    def are_obscure(self, item_ids: Iterable[str]) -> bool:
        """Return whether few people know any of the items; False where none tells."""
        fames = [self._fame.of(item_id) for item_id in item_ids]
        return all(fame is not None and fame < _OBSCURE for fame in fames)

    def is_recent(self, item_id: str, talked: int | None) -> bool:
        """Return whether an item is of about the year of the talk, False where that is unknown."""
        return talked is not None and self._is_near(item_id, talked, _RECENT_YEARS)

    def _is_to_come(self, item_id: str, talked: int | None) -> bool:
        own = self._item_by_id[item_id].year
        return talked is not None and own is not None and own > talked + _YEARS_AHEAD

    def _weight(self, item_id: str) -> float:
        return (self._item_by_id[item_id].popularity or 0) + 0.5

    def years_off(self, item_id: str, year: int | None) -> int | None:
        """Return how many years an item is off, None where either year is not known."""
        own = self._item_by_id[item_id].year
        return None if year is None or own is None else abs(own - year)
