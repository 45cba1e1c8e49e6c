"""The items that titles mean, found among the spellings of a compiled oracle.

Titles mean items by the rules of builder/titles.py, whose functions write both sides: every
spelling of the catalogue is resolved when compiling, any other is brought to its key when asked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from builder.oracle.files.compiled import BARE_KEY, KEY, Compiled
from builder.titles import YEAR_TOLERANCE, title_key, without_article

Strings: TypeAlias = Sequence[str] | pa.Array
Int32s: TypeAlias = NDArray[np.int32]

_SEVERAL = -2
_MANY = 256
"""Titles from which Arrow's hash table, built anew for each call, beats a binary search each."""

_REMEMBERED = 1_000_000
"""Titles whose meaning is kept; a model that invents new ones must not fill the memory."""

_NO_ROWS = np.zeros(0, dtype=np.int32)


class TitleRows:
    """Rows of the items that titles mean."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled, self._spellings = compiled, compiled.spellings
        # an index of -1 must have something to point at, also where there is no item
        self._years = compiled.years if len(compiled.years) else np.zeros(1, np.int32)
        self._spelling_by_title: dict[str, int] = {}
        sizes = np.diff(compiled.first)
        self._only = np.full(max(1, len(sizes)), _SEVERAL, dtype=np.int32)
        self._only[: len(sizes)][sizes == 1] = compiled.rows[compiled.first[:-1][sizes == 1]]

    def bearing(self, title: str) -> Int32s:
        """Return the rows of all items of that title, whatever their year."""
        spelling = self._spell([title])[title]
        return self._candidates(spelling) if spelling >= 0 else _NO_ROWS

    def meant(self, title: str, year: int | None) -> Int32s:
        """Return the rows of the items that a title and year can mean.

        The exact year wins, then what is within `YEAR_TOLERANCE`; without a year every item of
        that title can be meant.
        """
        bearing = self.bearing(title)
        return bearing if year is None else self._of_year(bearing, year)

    def of(self, titles: Strings, years: NDArray[np.int64]) -> Int32s:
        """Return (n,) rows of the one item that each title and year mean, -1 for none or several.

        Args:
            titles: n titles as anybody writes them, without year; a list or an Arrow array.
            years: (n,), 0 where none was given.
        """
        return self._resolve(numbered(titles, self._spell), years.astype(np.int32))

    def _spell(self, titles: Collection[str]) -> Mapping[str, int]:
        """Return by title its position among the compiled spellings, -1 for none.

        A title as written in the catalogue comes first, then its key, then that without article.
        """
        positions = self._spelling_by_title
        if len(positions) > _REMEMBERED:
            positions.clear()
        new = [title for title in dict.fromkeys(titles) if title not in positions]
        keys = [title_key(title) for title in new]
        positions.update(dict.fromkeys(new, -1))
        for forms in ([BARE_KEY + without_article(k) for k in keys], [KEY + k for k in keys], new):
            pairs = zip(new, self._search(forms), strict=True)
            positions.update((title, position) for title, position in pairs if position >= 0)
        return positions

    def _search(self, forms: Sequence[str]) -> Iterable[int]:
        """Return the positions of spellings, -1 for none."""
        if len(forms) >= _MANY:
            matches = pc.index_in(pa.array(forms, pa.string()), value_set=self._spellings)
            positions: list[int] = pc.fill_null(matches, -1).to_pylist()
            return positions
        return [self._search_one(form) for form in forms]

    def _search_one(self, spelling: str) -> int:
        spellings, wanted = self._spellings, spelling.encode()
        places = range(len(spellings))
        place = bisect_left(places, wanted, key=lambda p: spellings[p].as_py().encode())
        is_there = place < len(spellings) and spellings[place].as_py() == spelling
        return place if is_there else -1

    def _resolve(self, spelled: Int32s, years: Int32s) -> Int32s:
        """Return the row of the one item that spelling and year mean, -1 for none or several."""
        rows = np.where(spelled < 0, np.int32(-1), self._only[spelled])
        item_years = self._years[rows]
        distance = np.abs(item_years - years)
        near = (years == 0) | ((item_years != 0) & (distance <= YEAR_TOLERANCE))
        several = np.flatnonzero(rows == _SEVERAL)
        rows = np.where(near & (rows >= 0), rows, np.int32(-1))
        pairs = np.stack([spelled[several], years[several]])
        distinct, back = np.unique(pairs, axis=1, return_inverse=True)
        chosen = [self._choose(spelling, year) for spelling, year in distinct.T.tolist()]
        rows[several] = np.array(chosen, dtype=np.int32)[back.ravel()]
        return rows

    def _choose(self, spelling: int, year: int) -> int:
        """Return the only candidate that the year leaves, else -1."""
        near = self._of_year(self._candidates(spelling), year) if year else _NO_ROWS
        return int(near[0]) if len(near) == 1 else -1

    def _candidates(self, spelling: int) -> Int32s:
        start, end = self._compiled.first[spelling : spelling + 2].tolist()
        rows: Int32s = self._compiled.rows[start:end]
        return rows

    def _of_year(self, rows: Int32s, year: int) -> Int32s:
        """Return the rows of items of exactly that year, else of those near it."""
        years = self._years[rows]
        for tolerance in (0, YEAR_TOLERANCE):
            near = rows[(years != 0) & (np.abs(years - year) <= tolerance)]
            if len(near):
                return np.asarray(near)
        return _NO_ROWS


def numbered(values: Strings, numbers: Callable[[Collection[str]], Mapping[str, int]]) -> Int32s:
    """Return the number of each value, asking once for each distinct one."""
    if len(values) < _MANY and not isinstance(values, pa.Array):
        number_by_name = numbers(values)
        return np.array([number_by_name[name] for name in values], dtype=np.int32)
    array = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    encoded = array.dictionary_encode()
    names = encoded.dictionary.to_pylist()
    number_by_name = numbers(names)
    table = np.array([number_by_name[name] for name in names], dtype=np.int32)
    rows: Int32s = table[encoded.indices.to_numpy()]
    return rows
