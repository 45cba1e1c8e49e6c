"""Fuzzy matches of misspelled titles, looked for in a few stretches of a text only.

A stretch is what the author set apart, or words with capitals. It is compared with titles of about
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
_MIN_SIMILARITY = 88.0
"""rapidfuzz's ratio; two letters off in a title of 17, one in a title of 9."""


@dataclass(frozen=True, slots=True)
class FuzzyMatch:
    """A title key and its similarity to what was written, in [0, 1]."""

    key: str
    similarity: float


class FuzzyTitles:
    """Finds the title that misspelled words mean.

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

    def near(self, words: str) -> FuzzyMatch | None:
        """Return the title most similar to a key; None if none is similar or two are equally so."""
        bare = without_article(words)
        letters = bare.replace(" ", "")
        if len(letters) < MIN_LETTERS:
            return None
        if letters in self._by_letters:  # "End Game"
            return FuzzyMatch(self._by_letters[letters][0], 0.99)
        matches = self._alike(bare, n=2)
        best = without_article(matches[0].key) if matches else ""
        is_tie = len(matches) > 1 and matches[0].similarity == matches[1].similarity
        if not matches or (is_tie and without_article(matches[1].key) != best):
            return None
        is_plural = bare == f"{best}s"  # "both Portals"
        is_other = is_plural or _digits(best) != _digits(bare)  # "Saw 3" is no misspelled "Saw 2"
        return None if is_other else matches[0]

    def neighbours(self, key: str, *, with_slips: bool) -> list[str]:
        """Return titles of the same letters, "Cast Away" for "castaway", and similar ones.

        Args:
            key: The title key.
            with_slips: Include titles that differ by a letter or two.
        """
        bare = without_article(key)
        letters = bare.replace(" ", "")
        if len(letters) < MIN_LETTERS:
            return []
        same_letters = [k for k in self._by_letters.get(letters, ()) if without_article(k) != bare]
        slips = self._alike(bare, n=_MAX_NEIGHBOURS) if with_slips else []
        names = [match.key for match in slips if without_article(match.key) != bare]
        return [*same_letters, *(name for name in names if _digits(name) == _digits(bare))]

    def _alike(self, bare: str, *, n: int) -> list[FuzzyMatch]:
        """Return the `n` titles most similar in spelling, the most similar first."""
        sizes = range(len(bare) - _MAX_LETTERS_OFF, len(bare) + _MAX_LETTERS_OFF + 1)
        keys = [key for size in sizes for key in self._by_start.get((bare[0], size), ())]
        matches = process.extract(
            bare,
            list(map(without_article, keys)),
            scorer=fuzz.ratio,
            limit=n,
            score_cutoff=_MIN_SIMILARITY,
        )
        return [FuzzyMatch(keys[place], score / 100) for _, score, place in matches]


def _digits(key: str) -> list[str]:
    return [word for word in key.split() if word.isdigit()]
