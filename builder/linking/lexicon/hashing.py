"""Hashes of the words of a line, and of runs of words, all computed at once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_MIX = np.uint64(0xD6E8FEB86659FD93)  # spreads differences into the first bits
_SPACE = 32


class WordHashes:
    """Hashes of a line whose words have one space around each.

    Attributes:
        spaces: Offsets of the spaces.
        n_words: Of the line.
        sizes: Bytes of each word, with the space before it.
    """

    def __init__(self, line: NDArray[np.uint8]) -> None:
        self.spaces = np.flatnonzero(line == _SPACE)
        self.n_words = max(0, len(self.spaces) - 1)
        self.sizes = np.diff(self.spaces)
        size = 1 << max(20, len(line).bit_length())
        sums = np.cumsum(line * _powers(_BASE, size)[: len(line)], dtype=np.uint64)
        self._before = sums[self.spaces]
        self._inverse = _powers(pow(_BASE, -1, 1 << 64), size)[self.spaces]

    def of(self, firsts: NDArray[np.int64], n_words: int) -> NDArray[np.uint64]:
        """Return the hashes of `n_words` words, starting at each of the given ones."""
        total = self._before[firsts + n_words] - self._before[firsts]
        mixed: NDArray[np.uint64] = total * self._inverse[firsts] * _MIX
        return mixed


@lru_cache(maxsize=4)
def _powers(base: int, size: int) -> NDArray[np.uint64]:
    powers = np.full(size, np.uint64(base), dtype=np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)
