"""Verdicts by title: what a reward or a grade asks of an oracle.

An oracle is compiled once, by `compile_oracle`, into one Arrow file that is mapped into memory:
training processes share its pages. Titles mean items by the rules of builder/titles.py, whose
functions write both sides: every spelling of the catalogue is resolved when compiling, any other
is brought to its key when asked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from builder.oracle.files.compiled import (
    BARE_KEY,
    KEY,
    VERDICTS,
    Compiled,
    compile_oracle,
    read_compiled,
)
from builder.oracle.files.store import Role, require_role
from builder.records import Item, Risk, Verdict
from builder.taxonomy.joint import joint_verdict
from builder.titles import YEAR_TOLERANCE, TitleYear, title_key, without_article

Strings: TypeAlias = Sequence[str] | pa.Array
Int32s: TypeAlias = NDArray[np.int32]

_UNKNOWN = VERDICTS.index("unknown")
_SEVERAL = -2
_MANY = 256
"""Titles from which Arrow's hash table, built anew for each call, beats a binary search each."""

_REMEMBERED = 1_000_000
"""Titles whose meaning is kept; a model that invents new ones must not fill the memory."""


class Oracle:
    """The verdicts of one oracle; whatever it does not know is unknown, never safe."""

    def __init__(self, compiled: Compiled) -> None:
        """Answer from a compiled oracle; see `of` and `load` for the guarded ways in."""
        self._compiled, self._spellings = compiled, compiled.spellings
        # an index of -1 must find something to point at, also where there is no item
        self._verdicts = compiled.verdicts if len(compiled.verdicts) else np.zeros(1, np.int8)
        self._years = compiled.years if len(compiled.years) else np.zeros(1, np.int32)
        self._row_by_trait = {name: row for row, name in enumerate(compiled.traits.to_pylist())}
        self._spelling_by_title: dict[str, int] = {}
        sizes = np.diff(compiled.first)
        self._only = np.full(max(1, len(sizes)), _SEVERAL, dtype=np.int32)
        self._only[: len(sizes)][sizes == 1] = compiled.rows[compiled.first[:-1][sizes == 1]]

    @classmethod
    def of(cls, risks: Iterable[Risk], items: Iterable[Item], *, purpose: Role) -> Oracle:
        """Return the oracle of these risks.

        Raises:
            InputError: If the risks are not those of the oracle made for the purpose: a model
                rewarded and graded by the same list learns the list.
        """
        return cls(compile_oracle(risks, items, purpose))

    @classmethod
    def load(cls, path: Path, *, purpose: Role) -> Oracle:
        """Return a compiled oracle, mapped into memory.

        Raises:
            InputError: If the file is missing, damaged, or of the other role.
        """
        label, compiled = read_compiled(path)
        require_role(label, purpose, path)
        return cls(compiled)

    def verdict(self, title: str, year: int | None, trait: str) -> Verdict:
        """Return the verdict on a title; one that means no item, or more than one, is unknown."""
        codes = self.check_many([title], np.array([year or 0]), [trait])
        return VERDICTS[int(codes[0])]

    def verdicts(self, titles: Iterable[TitleYear], trait: str) -> tuple[Verdict, ...]:
        """Return the verdicts on a list of titles, in its order."""
        listed = list(titles)
        years = np.array([own.year or 0 for own in listed], dtype=np.int64)
        codes = self.check_many([own.title for own in listed], years, [trait] * len(listed))
        return tuple(VERDICTS[code] for code in codes)

    def verdicts_for_all(
        self, titles: Iterable[TitleYear], traits: Sequence[str]
    ) -> tuple[Verdict, ...]:
        """Return one verdict a title for somebody with all these traits, at least one."""
        listed = list(titles)
        by_trait = [self.verdicts(listed, trait) for trait in traits]
        return tuple(joint_verdict(told) for told in zip(*by_trait, strict=True))

    def check_many(
        self, titles: Strings, years: NDArray[np.int64], traits: Strings
    ) -> NDArray[np.int8]:
        """Return (n,) codes of verdicts, positions in `VERDICTS`, for n titles and traits.

        Args:
            titles: n titles as anybody writes them, without year; a list or an Arrow array.
            years: (n,), 0 where none was given.
            traits: n names of traits; one the oracle does not know is answered unknown.

        Raises:
            ValueError: If the lengths differ.
        """
        if not len(titles) == len(years) == len(traits):
            raise ValueError(f"{len(titles)} titles, {len(years)} years, {len(traits)} traits")
        spelled = _each(titles, self._spell)
        rows = self._resolve(spelled, years.astype(np.int32))
        columns = _each(traits, lambda names: {n: self._row_by_trait.get(n, -1) for n in names})
        known = (rows >= 0) & (columns >= 0)
        places = np.where(known, rows * np.int32(len(self._row_by_trait)) + columns, 0)
        codes: NDArray[np.int8] = np.where(known, self._verdicts[places], np.int8(_UNKNOWN))
        return codes

    def _spell(self, titles: Collection[str]) -> Mapping[str, int]:
        """Return by title its position among the compiled spellings, -1 for none.

        A title as written in the catalogue comes first, then its key, then that without article.
        """
        known = self._spelling_by_title
        if len(known) > _REMEMBERED:
            known.clear()
        new = [title for title in dict.fromkeys(titles) if title not in known]
        keys = [title_key(title) for title in new]
        known.update(dict.fromkeys(new, -1))
        for forms in ([BARE_KEY + without_article(k) for k in keys], [KEY + k for k in keys], new):
            found = zip(new, self._search(forms), strict=True)
            known.update((title, place) for title, place in found if place >= 0)
        return known

    def _search(self, forms: Sequence[str]) -> Iterable[int]:
        """Return the positions of spellings, -1 for none."""
        if len(forms) >= _MANY:
            found = pc.index_in(pa.array(forms, pa.string()), value_set=self._spellings)
            positions: list[int] = pc.fill_null(found, -1).to_pylist()
            return positions
        return [self._search_one(form) for form in forms]

    def _search_one(self, spelling: str) -> int:
        spellings, wanted = self._spellings, spelling.encode()
        places = range(len(spellings))
        place = bisect_left(places, wanted, key=lambda p: spellings[p].as_py().encode())
        found = place < len(spellings) and spellings[place].as_py() == spelling
        return place if found else -1

    def _resolve(self, spelled: Int32s, years: Int32s) -> Int32s:
        """Return the row of the one item that spelling and year mean, -1 for none or several."""
        rows = np.where(spelled < 0, np.int32(-1), self._only[spelled])
        own = self._years[rows]
        near = (years == 0) | ((own != 0) & (np.abs(own - years) <= YEAR_TOLERANCE))
        several = np.flatnonzero(rows == _SEVERAL)
        rows = np.where(near & (rows >= 0), rows, np.int32(-1))
        pairs = np.stack([spelled[several], years[several]])
        distinct, back = np.unique(pairs, axis=1, return_inverse=True)
        chosen = [self._choose(spelling, year) for spelling, year in distinct.T.tolist()]
        rows[several] = np.array(chosen, dtype=np.int32)[back.ravel()]
        return rows

    def _choose(self, spelling: int, year: int) -> int:
        """Return the candidate of the exact year, else the only one near it, else -1."""
        start, end = self._compiled.first[spelling : spelling + 2].tolist()
        candidates = self._compiled.rows[start:end]
        own = self._compiled.years[candidates]
        for tolerance in (0, YEAR_TOLERANCE) if year else ():
            near = candidates[(own != 0) & (np.abs(own - year) <= tolerance)]
            if len(near):
                return int(near[0]) if len(near) == 1 else -1
        return -1


def _each(values: Strings, numbers: Callable[[Collection[str]], Mapping[str, int]]) -> Int32s:
    """Return the number of each value, asking once for each distinct one."""
    if len(values) < _MANY and not isinstance(values, pa.Array):
        number_by_name = numbers(values)
        return np.array([number_by_name[name] for name in values], dtype=np.int32)
    array = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    encoded = array.dictionary_encode()
    names = encoded.dictionary.to_pylist()
    number_by_name = numbers(names)
    table = np.array([number_by_name[name] for name in names], dtype=np.int32)
    numbered: Int32s = table[encoded.indices.to_numpy()]
    return numbered
