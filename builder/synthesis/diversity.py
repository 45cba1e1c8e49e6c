"""How unlike texts are: distinct n-grams, and for each text the nearest other one."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

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


def self_bleu(texts: Sequence[str], max_n: int = 4) -> float:
    """Return the mean BLEU of each text against all others (Zhu et al. 2018), 0 to 1.

    0 where fewer than two texts are. One is added to matches and totals of runs of two words and
    more (Lin and Och 2004), as short texts share no long ones. Higher is more alike; it grows with
    the number of texts, so compare groups of like size.
    """
    words = [words_of(text) for text in texts]
    if len(texts) < 2:
        return 0.0
    logs = np.zeros(len(texts))
    for n in range(1, max_n + 1):
        logs += np.log(_precisions(words, n)) / max_n
    lengths = [len(found) for found in words]
    brevity = [_brevity(length, lengths) for length in lengths]
    return float(np.mean(np.exp(logs) * brevity))


def _precisions(words: Sequence[Sequence[str]], n: int) -> NDArray[np.float64]:
    """Return for each text the share of its runs that another text has too, at least as often."""
    counts = [Counter(zip(*(found[i:] for i in range(n)), strict=False)) for found in words]
    most, second = Counter[Gram](), Counter[Gram]()
    for found in counts:
        for gram, times in found.items():
            if times >= most[gram]:
                second[gram], most[gram] = most[gram], times
            elif times > second[gram]:
                second[gram] = times
    smooth, shares = float(n > 1), []
    for found in counts:
        matched = sum(
            min(times, second[gram] if times == most[gram] else most[gram])
            for gram, times in found.items()
        )
        shares.append((matched + smooth) / max(1e-9, found.total() + smooth))
    return np.maximum(shares, 1e-9)


def _brevity(length: int, lengths: Sequence[int]) -> float:
    others = list(lengths)
    others.remove(length)
    nearest = min(others, key=lambda other: (abs(other - length), other))
    return 1.0 if length >= nearest else math.exp(1 - nearest / max(1, length))


def spread(vectors: NDArray[np.float32]) -> float:
    """Return the mean cosine distance of two texts, 0 (all alike) to 1 (unrelated).

    Args:
        vectors: (n_texts, dim), rows L2-normalised; 0.0 where fewer than two are.
    """
    n = len(vectors)
    if n < 2:
        return 0.0
    total = np.square(vectors.sum(axis=0, dtype=np.float64)).sum()
    return float(1 - (total - n) / (n * (n - 1)))
