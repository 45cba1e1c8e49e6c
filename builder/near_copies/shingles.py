"""Runs of words ("shingles") and how far two texts share them (Broder 1997, On the resemblance)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet


def shingles(words: Sequence[str], n: int) -> list[str]:
    """Return the runs of n words in order, joined by blanks; none where there are fewer words."""
    return list(map(" ".join, zip(*(words[start:] for start in range(n)), strict=False)))


def shingle_set(words: Sequence[str], n: int) -> frozenset[str]:
    """Return the different runs of n words; of fewer words, all of them as one run."""
    return frozenset(shingles(words, n) or [" ".join(words)])


def jaccard(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Return the share of two sets' members that both have, in [0, 1]; 0 where both are empty."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


class ShingleIndex:
    """Sets of runs, numbered from 0 as they are added, found by what they share with another."""

    def __init__(self) -> None:
        self._sets: list[AbstractSet[str]] = []
        self._holders = defaultdict[str, list[int]](list)

    def add(self, runs: AbstractSet[str]) -> None:
        """Add a set; its number is how many were added before it."""
        for run in runs:
            self._holders[run].append(len(self._sets))
        self._sets.append(runs)

    def overlaps(self, runs: AbstractSet[str]) -> Iterator[tuple[int, float]]:
        """Yield (number, Jaccard overlap) of each set that shares a run with this one."""
        n_shared = Counter(number for run in runs for number in self._holders.get(run, ()))
        for number, shared in n_shared.items():
            yield number, shared / (len(runs) + len(self._sets[number]) - shared)
