"""Verdicts by title: what a reward or a grade asks of an oracle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from builder.errors import InputError
from builder.records import Item, Risk, Verdict
from builder.titles import Named, TitleIndex, TitleYear

Purpose = Literal["build", "grade"]
"""What an oracle may be used for: to build and reward, or only to grade."""


class Oracle:
    """The verdicts of one oracle; whatever it does not know is unknown, never safe."""

    def __init__(self, verdicts: Mapping[tuple[str, str], Verdict], titles: TitleIndex) -> None:
        """Keep verdicts by item id and trait, see `of` for the guarded way in."""
        self._verdicts = verdicts
        self._titles = titles

    @classmethod
    def of(cls, risks: Iterable[Risk], items: Iterable[Item], *, purpose: Purpose) -> Oracle:
        """Return the oracle of these risks.

        Raises:
            InputError: If the risks are not those of the oracle made for the purpose: a model
                rewarded and graded by the same list learns the list.
        """
        verdicts: dict[tuple[str, str], Verdict] = {}
        for risk in risks:
            if risk.oracle != purpose:
                raise InputError(
                    f"oracle {risk.oracle!r}",
                    f"was asked to {purpose}",
                    f"hand on the table of the oracle {purpose!r}: the two must not mix",
                )
            verdicts[risk.item_id, risk.trait] = risk.verdict
        return cls(verdicts, title_index(items))

    def verdict(self, title: str, year: int | None, trait: str) -> Verdict:
        """Return the verdict on a title; one that means no item, or more than one, is unknown."""
        item_id = self._titles.resolve(title, year).item_id
        return "unknown" if item_id is None else self._verdicts.get((item_id, trait), "unknown")

    def verdicts(self, titles: Iterable[TitleYear], trait: str) -> tuple[Verdict, ...]:
        """Return the verdicts on a list of titles, in its order."""
        return tuple(self.verdict(own.title, own.year, trait) for own in titles)


def title_index(items: Iterable[Item]) -> TitleIndex:
    """Return the index over the titles and aliases of a catalogue."""
    return TitleIndex(Named(item.item_id, (item.title, *item.aliases), item.year) for item in items)
