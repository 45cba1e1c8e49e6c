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
_MIN_LIKENESS = 88.0
"""rapidfuzz's ratio; two letters off in a title of 17, one in a title of 9. See docs/numbers.md."""


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
        self._by_letters: dict[str, str] = {}
        for key in keys:
            bare = without_article(key)
            letters = bare.replace(" ", "")
            if len(letters) >= MIN_LETTERS:
                self._by_start[bare[0], len(bare)].append(key)
                self._by_letters.setdefault(letters, key)

    def near(self, words: str) -> Near | None:
        """Return the title nearest to a key, None where none is near or two are alike."""
        bare = without_article(words)
        letters = bare.replace(" ", "")
        if len(letters) < MIN_LETTERS:
            return None
        if letters in self._by_letters:  # "End Game"
            return Near(self._by_letters[letters], 0.99)
        sizes = range(len(bare) - _MAX_LETTERS_OFF, len(bare) + _MAX_LETTERS_OFF + 1)
        keys = [key for size in sizes for key in self._by_start.get((bare[0], size), ())]
        found = process.extract(
            bare,
            list(map(without_article, keys)),
            scorer=fuzz.ratio,
            limit=2,
            score_cutoff=_MIN_LIKENESS,
        )
        if not found or (len(found) > 1 and found[0][1] == found[1][1]):
            return None
        best = found[0]
        is_plural = bare == f"{best[0]}s"  # "both Portals"
        if is_plural or _digits(best[0]) != _digits(bare):  # "Saw 3" is no misspelt "Saw 2"
            return None
        return Near(keys[best[2]], best[1] / 100)


def _digits(key: str) -> list[str]:
    return [word for word in key.split() if word.isdigit()]
