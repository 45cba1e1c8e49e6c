"""How unlike texts are: distinct n-grams, and for each text the nearest other one."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.near_copies.shingles import ShingleIndex, shingle_set, shingles

_WORD = re.compile(r"[\w']+")
_MAX_N = 4
"""BLEU's longest runs of words."""


def words_of(text: str) -> list[str]:
    """Return the words of a text without case and punctuation."""
    return _WORD.findall(text.casefold().replace("’", "'"))


def distinct(texts: Sequence[str], n: int) -> float:
    """Return distinct-n: different runs of n words as a share of all (Li et al. 2016), 0 to 1.

    It falls with the number of texts; compare groups of similar size.
    """
    runs = [run for text in texts for run in shingles(words_of(text), n)]
    return len(set(runs)) / len(runs) if runs else 0.0


def nearest_overlaps(texts: Sequence[str], n: int) -> list[float]:
    """Return each text's largest Jaccard overlap of n-grams with another text, 0 to 1.

    Texts shorter than n words are compared as a single run. Equal texts overlap fully.
    """
    sets = [shingle_set(words_of(text), n) for text in texts]
    index = ShingleIndex()
    for runs in sets:
        index.add(runs)
    return [
        max((overlap for other, overlap in index.overlaps(runs) if other != number), default=0.0)
        for number, runs in enumerate(sets)
    ]


def copies(texts: Sequence[str]) -> list[int]:
    """Return how many other texts have the same words, for each text."""
    counts = Counter(tuple(words_of(text)) for text in texts)
    return [counts[tuple(words_of(text))] - 1 for text in texts]


def self_bleu(texts: Sequence[str]) -> float:
    """Return the mean BLEU of each text against all others (Zhu et al. 2018), 0 to 1.

    0 for fewer than two texts. One is added to matches and totals of runs of two or more words (Lin
    and Och 2004), as short texts share no long ones. Higher means more alike; it grows with the
    number of texts, so compare groups of similar size.
    """
    words = [words_of(text) for text in texts]
    if len(texts) < 2:
        return 0.0
    logs = np.zeros(len(texts))
    for n in range(1, _MAX_N + 1):
        logs += np.log(_precisions(words, n)) / _MAX_N
    lengths = [len(words_of_text) for words_of_text in words]
    brevity = [_brevity(length, lengths) for length in lengths]
    return float(np.mean(np.exp(logs) * brevity))


def _precisions(words: Sequence[Sequence[str]], n: int) -> NDArray[np.float64]:
    """Return, for each text, the share of its runs that another text has at least as often."""
    counts = [Counter(shingles(words_of_text, n)) for words_of_text in words]
    most, second = Counter[str](), Counter[str]()
    for count in counts:
        for run, times in count.items():
            if times >= most[run]:
                second[run], most[run] = most[run], times
            elif times > second[run]:
                second[run] = times
    smooth, shares = float(n > 1), []
    for count in counts:
        matched = sum(
            min(times, second[run] if times == most[run] else most[run])
            for run, times in count.items()
        )
        shares.append((matched + smooth) / max(1e-9, count.total() + smooth))
    return np.maximum(shares, 1e-9)


def _brevity(length: int, lengths: Sequence[int]) -> float:
    others = list(lengths)
    others.remove(length)
    nearest = min(others, key=lambda other: (abs(other - length), other))
    return 1.0 if length >= nearest else math.exp(1 - nearest / max(1, length))


def spread(vectors: NDArray[np.float32]) -> float:
    """Return the mean cosine distance of two texts, 0 (all alike) to 1 (unrelated).

    Args:
        vectors: (n_texts, dim), rows L2-normalised; fewer than two give 0.
    """
    n = len(vectors)
    if n < 2:
        return 0.0
    total = np.square(vectors.sum(axis=0, dtype=np.float64)).sum()
    return float(1 - (total - n) / (n * (n - 1)))
