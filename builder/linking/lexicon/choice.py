"""Which of the items of one title is meant.

The year decides first, then what the thread has named, then what its community talks about, then
how often people rate the items and how well the context fits their plots. `lead` says how far the
chosen item is ahead of the next.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from builder.linking.lexicon.plots import PlotSimilarity
from builder.linking.lexicon.popularity_rank import PopularityRank
from builder.records import Domain, Item
from builder.titles import YEAR_TOLERANCE

_SPELLED_OTHERWISE = 8.0
"""How much more popular an item must be for words that spell another item's title to mean it."""
_MAX_LEAD = 5.0
"""Natural logarithm of a ratio of ratings; beyond 150 to 1, more ratings add no certainty."""
_PLOT_NATS = 12.0
"""What a cosine to the plot adds to that logarithm: 0.1 more counts as 3.3 times the ratings."""
_OBSCURE = 0.62
"""Popularity rank of some 10,000 votes where the best known film has 3,000,000."""
_RECENT_NATS = 2.5
"""What being from about the year of the dialog adds: people talk about what is in the cinemas."""
_RECENT_YEARS = 1
_YEARS_AHEAD = 2
"""Years by which an item may appear after the dialog and already be talked about."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen item.

    Attributes:
        item_id: None if no item fits.
        lead: How far it is ahead, in [0, 1]: 1 if it is the only item left, else the logarithm of
            the ratio of its ratings to the next one's, raised by how much better its plot fits, as
            a share of the highest value that counts.
        years_off: Between the item's year and the year written; None without a year.
        popularity: Its popularity rank in [0, 1], see `popularity_rank.py`; None if unknown.
    """

    item_id: str | None
    lead: float
    years_off: int | None
    popularity: float | None = None


class Chooser:
    """Chooses among items of a catalogue.

    Args:
        items: The catalogue.
        plots: Compares contexts with plots; None leaves that out.
    """

    def __init__(self, items: Collection[Item], plots: PlotSimilarity | None = None) -> None:
        self._item_by_id: Mapping[str, Item] = {item.item_id: item for item in items}
        self._plots = plots
        self._popularity = PopularityRank(items)

    def choose(
        self,
        candidates: Sequence[str],
        year: int | None,
        *,
        domain: Domain | None,
        named: Set[str],
        similar: Sequence[str] = (),
        context: str = "",
        dialog_year: int | None = None,
    ) -> Choice:
        """Return the item that is meant.

        Args:
            candidates: The items of that title.
            year: The year written with it, if any.
            domain: What the community talks about, if known.
            named: Items that the thread has named.
            similar: Items whose titles differ by an article or the writing of a number. One of
                them is meant if the thread has named it or it is far more popular: "Blind Side" is
                The Blind Side.
            context: The text around the title.
            dialog_year: Items that appeared later are not meant; items of that year are more
                likely to be.
        """
        if year is None and similar and named.isdisjoint(candidates):
            candidates = self._better_known(candidates, similar, domain, named)
        fitting = self.of_year(candidates, year)
        if not fitting:
            return Choice(None, 0.0, None)
        fitting = [i for i in fitting if i in named] or fitting
        fitting = [i for i in fitting if self._item_by_id[i].domain == domain] or fitting
        fitting = [i for i in fitting if not self._is_to_come(i, dialog_year)] or fitting
        first, lead = fitting[0], 1.0
        if len(fitting) > 1:
            (best, first), (next_best, _), *_ = self._ranked(fitting, context, dialog_year)
            lead = min(best - next_best, _MAX_LEAD) / _MAX_LEAD
        return Choice(first, lead, self.years_off(first, year), self._popularity.of(first))

    def _ranked(
        self, item_ids: Sequence[str], context: str, dialog_year: int | None
    ) -> list[tuple[float, str]]:
        """Return (evidence in nats, item), the highest first, ties in the order given."""
        fits = self._plots.of(context, item_ids) if self._plots else [0.0] * len(item_ids)
        nats = [
            math.log(self._weight(item_id))
            + _PLOT_NATS * fit
            + _RECENT_NATS * self.is_recent(item_id, dialog_year)
            for item_id, fit in zip(item_ids, fits, strict=True)
        ]
        return sorted(zip(nats, item_ids, strict=True), key=lambda ranked: -ranked[0])

    def _better_known(
        self,
        candidates: Sequence[str],
        similar: Sequence[str],
        domain: Domain | None,
        named: Set[str],
    ) -> Sequence[str]:
        named_similar = [i for i in similar if i in named]
        if named_similar:
            return named_similar
        kept = [i for i in similar if domain is None or self._item_by_id[i].domain == domain]
        best = max(map(self._weight, candidates), default=0.0) * _SPELLED_OTHERWISE
        return [i for i in kept if self._weight(i) > best] or candidates

    def of_year(self, candidates: Sequence[str], year: int | None) -> list[str]:
        """Return the items of exactly that year, else those of about that year."""
        if year is None:
            return list(candidates)
        for tolerance in (0, YEAR_TOLERANCE):
            near = [i for i in candidates if self._is_near(i, year, tolerance)]
            if near:
                return near
        return []

    def _is_near(self, item_id: str, year: int, tolerance: int) -> bool:
        item_year = self._item_by_id[item_id].year
        return item_year is not None and abs(item_year - year) <= tolerance

    def are_obscure(self, item_ids: Iterable[str]) -> bool:
        """Return whether few people know any of the items; False if that is unknown for one."""
        popularities = [self._popularity.of(item_id) for item_id in item_ids]
        return all(popularity is not None and popularity < _OBSCURE for popularity in popularities)

    def is_recent(self, item_id: str, dialog_year: int | None) -> bool:
        """Return whether an item is from about the year of the dialog; False if that is unknown."""
        return dialog_year is not None and self._is_near(item_id, dialog_year, _RECENT_YEARS)

    def _is_to_come(self, item_id: str, dialog_year: int | None) -> bool:
        item_year = self._item_by_id[item_id].year
        return (
            dialog_year is not None
            and item_year is not None
            and item_year > dialog_year + _YEARS_AHEAD
        )

    def _weight(self, item_id: str) -> float:
        return (self._item_by_id[item_id].popularity or 0) + 0.5

    def years_off(self, item_id: str, year: int | None) -> int | None:
        """Return how many years an item is off; None if either year is unknown."""
        item_year = self._item_by_id[item_id].year
        return None if year is None or item_year is None else abs(item_year - year)
