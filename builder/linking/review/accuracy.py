"""How well mentions agree with titles that people annotated.

A title counts once per turn, however often the turn names it. A link is right if the turn's
annotation has a title that may mean the linked item: the same title and, if a year is given, a year
at most two away. Annotated titles that are not in the catalogue cannot be linked; `recall` counts
them all the same, `recall_of_known` does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from builder.linking.lexicon.spellings import spellings
from builder.linking.review.annotated import AnnotatedTurn
from builder.records import Item, Mention
from builder.statistics.bootstrap import GroupBootstrap
from builder.statistics.intervals import Interval
from builder.titles import YEAR_TOLERANCE, Named, TitleIndex, TitleYear, title_key

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TurnScore:
    """The counts of one turn.

    Attributes:
        dialog_id: Id of the turn's dialog.
        n_titles: Annotated titles.
        n_known: Those that the catalogue has.
        n_linked: Linked items.
        n_right: Those that are annotated.
        n_mentions: Mentions, linked or not.
        n_abstained: Those without an item.
    """

    dialog_id: str
    n_titles: int
    n_known: int
    n_linked: int
    n_right: int
    n_mentions: int
    n_abstained: int


class Scorer:
    """Compares the mentions of turns with their annotation.

    Args:
        items: The catalogue.
    """

    def __init__(self, items: Iterable[Item]) -> None:
        catalogue = list(items)
        self._year_by_id = {item.item_id: item.year for item in catalogue}
        self._index = TitleIndex(
            Named(item.item_id, (item.title, *item.aliases), item.year) for item in catalogue
        )

    def meant_by(self, title: TitleYear) -> frozenset[str]:
        """Return the items that an annotated title may mean, preferably of exactly its year.

        If there are none, numbers may be written differently: "It Chapter Two" is "It: Chapter II".
        """
        names = (title.title, *spellings(title_key(title.title)))
        return next(
            (item_ids for name in names if (item_ids := self._named(name, title.year))), _NOTHING
        )

    def _named(self, name: str, year: int | None) -> frozenset[str]:
        candidates = self._index.candidates(name)
        if year is None:
            return frozenset(candidates)
        for tolerance in (0, YEAR_TOLERANCE):
            near = [i for i in candidates if self._is_near(i, year, tolerance)]
            if near:
                return frozenset(near)
        return _NOTHING

    def _is_near(self, item_id: str, year: int, tolerance: int) -> bool:
        item_year = self._year_by_id[item_id]
        return item_year is not None and abs(item_year - year) <= tolerance

    def score(self, turn: AnnotatedTurn, mentions: Iterable[Mention]) -> TurnScore:
        """Return the counts of one turn, given the mentions of its dialog."""
        turn_mentions = [mention for mention in mentions if mention.turn_id == turn.turn.turn_id]
        linked = {m.item_id for m in turn_mentions if m.item_id is not None}
        meant = [ids for title in turn.titles if (ids := self.meant_by(title))]
        open_ids, n_right = set(linked), 0
        for ids in sorted(meant, key=len):
            matches = sorted(open_ids & ids)
            if matches:
                open_ids.remove(matches[0])
                n_right += 1
        return TurnScore(
            dialog_id=turn.dialog.dialog_id,
            n_titles=len(turn.titles),
            n_known=len(meant),
            n_linked=len(linked),
            n_right=n_right,
            n_mentions=len(turn_mentions),
            n_abstained=sum(mention.item_id is None for mention in turn_mentions),
        )


def accuracy_figures(
    scores: Sequence[TurnScore], *, n_resamples: int, level: float, seed: int
) -> dict[str, Any]:
    """Return precision, recall, F1 and abstention rate, each with its interval by dialog.

    A rate is None if its denominator is 0: precision without links, recall without titles.

    Args:
        scores: One per turn.
        n_resamples: Draws of dialogs for the intervals.
        level: Share of the draws within an interval, in (0, 1).
        seed: Keys the draws.
    """
    dialogs = [score.dialog_id for score in scores]
    draws = GroupBootstrap(dialogs, n_resamples=n_resamples, level=level, seed=seed)
    titles, in_catalogue, linked, right, mentions, abstained = (
        [getattr(score, name) for score in scores]
        for name in ("n_titles", "n_known", "n_linked", "n_right", "n_mentions", "n_abstained")
    )
    doubled = [2 * n for n in right]
    rates = {
        "precision": draws.ratio(right, linked),
        "recall": draws.ratio(right, titles),
        "f1": draws.ratio(doubled, [a + b for a, b in zip(linked, titles, strict=True)]),
        "recall_of_known": draws.ratio(right, in_catalogue),
        "f1_of_known": draws.ratio(
            doubled, [a + b for a, b in zip(linked, in_catalogue, strict=True)]
        ),
        "abstention_rate": draws.ratio(abstained, mentions),
    }
    return {
        "dialogs": len(set(dialogs)),
        "turns": len(scores),
        "titles": sum(titles),
        "titles_in_catalogue": sum(in_catalogue),
        "linked": sum(linked),
        "right": sum(right),
        **{name: _rounded(rate) for name, rate in rates.items()},
    }


def _rounded(rate: Interval | None) -> dict[str, float] | None:
    if rate is None:
        return None
    return {name: round(getattr(rate, name), 4) for name in ("value", "low", "high")}
