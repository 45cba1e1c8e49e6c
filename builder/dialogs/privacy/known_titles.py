"""Titles of the catalogue that look like something else, such as a name: "Erin Brockovich"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

import ahocorasick_rs

_WORD = re.compile(r"\w+")


class KnownTitles:
    """Tells whether a stretch of text is within a title; the search is built on first use."""

    def __init__(self, titles: Iterable[str] = ()) -> None:
        self._titles = {lowered(title) for title in titles if len(title) > 1}
        self._longest = max(map(len, self._titles), default=0)

    @cached_property
    def _search(self) -> ahocorasick_rs.AhoCorasick | None:
        return ahocorasick_rs.AhoCorasick(sorted(self._titles)) if self._titles else None

    def cover(self, text: str, start: int, end: int) -> bool:
        """Return whether characters [start, end) are within a title that the text contains."""
        return any(at <= start and end <= to for at, to in self._near(text, start, end))

    def make_up(self, text: str, start: int, end: int) -> bool:
        """Return whether [start, end) holds titles only, and signs between and after them.

        The last title may go on beyond it: "Room 237" looks like the end of an address, and so do
        the full stop after a title and the first words of "No Country for Old Men".
        """
        titles = sorted(self._near(text, start, end))
        place = start
        while (word := _WORD.search(text, place, end)) is not None:
            ends = [to for at, to in titles if at <= word.start() < to]
            if not ends:
                return False
            place = max(ends)
        return place > start

    def _near(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield where titles are that may reach into [start, end)."""
        if self._search is None:
            return
        first = max(start - self._longest - 1, 0)
        near = text[first : end + self._longest + 1]
        for _, at, to in self._search.find_matches_as_indexes(lowered(near), overlapping=True):
            if _is_apart(near, at, to):
                yield at + first, to + first


def lowered(text: str) -> str:
    """Return the text in lower case, character by character, so that places stay the same."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def _is_apart(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or after.isalnum())
