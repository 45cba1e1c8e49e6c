"""Titles of the catalogue that look like something else, such as a name: "Erin Brockovich"."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import ahocorasick_rs


class KnownTitles:
    """Tells whether a stretch of text is within a title; the search is built on first use."""

    def __init__(self, titles: Iterable[str] = ()) -> None:
        self._titles = {title.lower() for title in titles if len(title) > 1}
        self._longest = max(map(len, self._titles), default=0)

    @cached_property
    def _search(self) -> ahocorasick_rs.AhoCorasick | None:
        return ahocorasick_rs.AhoCorasick(sorted(self._titles)) if self._titles else None

    def cover(self, text: str, start: int, end: int) -> bool:
        """Return whether characters [start, end) are within a title that the text contains."""
        first = max(start - self._longest - 1, 0)
        near = text[first : end + self._longest + 1]
        lowered = near.lower()
        if self._search is None or len(lowered) != len(near):
            return False
        return any(
            at <= start - first and end - first <= to and _is_apart(near, at, to)
            for _, at, to in self._search.find_matches_as_indexes(lowered, overlapping=True)
        )


def _is_apart(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or after.isalnum())
