"""Titles that are spelled nearly right, looked for in a few stretches of a text only.

A stretch is what its author set apart, or words with capitals. It is compared with titles of about
its length that begin with the same letter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from builder.titles import without_article

MIN_LETTERS = 6
"""Shorter words have too many neighbours: "Heat", "Meat", "Hear"."""
_MAX_LETTERS_OFF = 2
_MAX_NEIGHBOURS = 5
_MIN_LIKENESS = 88.0
"""rapidfuzz's ratio; two letters off in a title of 17, one in a title of 9."""


@dataclass(frozen=True, slots=True)
class Near:
    """A title key and its likeness in [0, 1] to what was written."""

    key: str
    likeness: float


class Speller:
    """Finds the title that a misspelt one means.

    Args:
        keys: Title keys.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._by_start: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._by_letters: dict[str, list[str]] = defaultdict(list)
        for key in keys:
            bare = without_article(key)
            letters = bare.replace(" ", "")
            if len(letters) >= MIN_LETTERS:
                self._by_start[bare[0], len(bare)].append(key)
                self._by_letters[letters].append(key)

    def near(self, words: str) -> Near | None:
        """Return the title nearest to a key, None where none is near or two are alike."""
        bare = without_article(words)
        letters = bare.replace(" ", "")
        if len(letters) < MIN_LETTERS:
            return None
        if letters in self._by_letters:  # "End Game"
            return Near(self._by_letters[letters][0], 0.99)
        found = self._alike(bare, n=2)
        best = without_article(found[0].key) if found else ""
        is_tie = len(found) > 1 and found[0].likeness == found[1].likeness
        if not found or (is_tie and without_article(found[1].key) != best):
            return None
        is_plural = bare == f"{best}s"  # "both Portals"
        is_other = is_plural or _digits(best) != _digits(bare)  # "Saw 3" is no misspelt "Saw 2"
        return None if is_other else found[0]

    def neighbours(self, key: str, *, with_slips: bool) -> list[str]:
        """Return the titles of the same letters, "Cast Away" for "castaway", and others alike."""
        bare = without_article(key)
        letters = bare.replace(" ", "")
        if len(letters) < MIN_LETTERS:
            return []
        found = [k for k in self._by_letters.get(letters, ()) if without_article(k) != bare]
        slips = self._alike(bare, n=_MAX_NEIGHBOURS) if with_slips else []
        names = [near.key for near in slips if without_article(near.key) != bare]
        return [*found, *(name for name in names if _digits(name) == _digits(bare))]

    def _alike(self, bare: str, *, n: int) -> list[Near]:
        """Return the `n` titles nearest in spelling, the nearest first."""
        sizes = range(len(bare) - _MAX_LETTERS_OFF, len(bare) + _MAX_LETTERS_OFF + 1)
        keys = [key for size in sizes for key in self._by_start.get((bare[0], size), ())]
        found = process.extract(
            bare,
            list(map(without_article, keys)),
            scorer=fuzz.ratio,
            limit=n,
            score_cutoff=_MIN_LIKENESS,
        )
        return [Near(keys[place], score / 100) for _, score, place in found]


def _digits(key: str) -> list[str]:
    return [word for word in key.split() if word.isdigit()]
