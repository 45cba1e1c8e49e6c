"""How unlike texts are: distinct n-grams, and for each text the nearest other one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

Gram = tuple[str, ...]

_WORD = re.compile(r"[\w']+")


def words_of(text: str) -> list[str]:
    """Return the words of a text without case and punctuation."""
    return _WORD.findall(text.casefold().replace("’", "'"))


def grams_of(text: str, n: int) -> list[Gram]:
    """Return the runs of n words, in order; none where the text is shorter."""
    words = words_of(text)
    return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]


def distinct(texts: Sequence[str], n: int) -> float:
    """Return distinct-n: different runs of n words over all of them (Li et al. 2016), 0 to 1.

    It falls with the number of texts; compare groups of like size.
    """
    grams = [gram for text in texts for gram in grams_of(text, n)]
    return len(set(grams)) / len(grams) if grams else 0.0


def nearest_overlaps(texts: Sequence[str], n: int) -> list[float]:
    """Return for each text its largest Jaccard overlap of n-grams with another, 0 to 1.

    Texts shorter than n words are compared by their words as one run. Equal texts overlap fully.
    """
    sets = [frozenset(grams_of(text, n) or [tuple(words_of(text))]) for text in texts]
    holders = defaultdict[Gram, list[int]](list)
    for index, grams in enumerate(sets):
        for gram in grams:
            holders[gram].append(index)
    return [_nearest(index, sets, holders) for index in range(len(sets))]


def _nearest(
    index: int, sets: Sequence[frozenset[Gram]], holders: defaultdict[Gram, list[int]]
) -> float:
    shared = Counter(other for gram in sets[index] for other in holders[gram] if other != index)
    return max(
        (n / len(sets[index] | sets[other]) for other, n in shared.items()),
        default=0.0,
    )


def copies(texts: Sequence[str]) -> list[int]:
    """Return for each text how many others have the same words."""
    counts = Counter(tuple(words_of(text)) for text in texts)
    return [counts[tuple(words_of(text))] - 1 for text in texts]
