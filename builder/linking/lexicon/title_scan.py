"""Finds hundreds of thousands of titles in a text, in one pass.

An Aho-Corasick automaton of half a million titles is larger than a processor's cache, so that every
byte waits for memory. At most places of a text, no long title begins: hashes of words, all computed
at once with NumPy, find the few places where one may, and the automaton reads only those. Titles of
one or two words are found by their hashes and compared byte by byte. No Python loop runs per word.

The hash of bytes [s, e) is sum(byte[i] * B**i) / B**s modulo 2**64, mixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, MatchKind
from numpy.typing import NDArray

from builder.linking.lexicon.folding import fold
from builder.linking.lexicon.hashing import WordHashes

_MAX_LOOKUP_BITS = 23
"""Leading bits of a hash that are looked up before the whole hash: a table of at most 8 MiB."""
_CELLS_PER_TITLE = 64
_LONG = 3
"""Words from which the automaton decides."""
_BLOCK = 1 << 14
_CHUNK = 1 << 20
"""Titles hashed, and bytes folded, at once: small enough for NumPy to stay in the cache."""
_NOTHING = 1  # replaces the words between two windows; no title contains it

_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matches:
    """Matches in a text, ordered by start.

    Attributes:
        title: Index of the title among the scanner's keys.
        start: Offset of its first character.
        end: Offset after its last character.
    """

    title: _Ints
    start: _Ints
    end: _Ints


class TitleScanner:
    """Finds titles, given as keys (see `builder.titles.title_key`), at word boundaries.

    Matches may overlap: the caller decides between "Toy Story" and "Toy Story 2".
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """Build the tables and the automaton.

        Args:
            keys: Distinct title keys, none of them empty.
        """
        n_words = np.array([key.count(" ") + 1 for key in keys], dtype=np.int64)
        self._max_words = int(n_words.max(initial=0))
        self._short = [_HashTable(keys, np.flatnonzero(n_words == n), n) for n in range(1, _LONG)]
        self._long = np.flatnonzero(n_words >= _LONG)
        self._prefixes = _HashTable(keys, self._long, _LONG)
        patterns = [f" {keys[number]} ".encode() for number in self._long.tolist()]
        self._automaton = BytesAhoCorasick(patterns, MatchKind.Standard)

    def scan(self, text: str) -> Matches:
        """Return every match in a text."""
        parts = [self._scan_chunk(chunk, start) for start, chunk in _chunks(text)]
        return Matches(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def _scan_chunk(self, text: str, offset: int) -> tuple[_Ints, _Ints, _Ints]:
        folded = fold(text)
        hashes = WordHashes(folded.data)
        matches = [*(table.find(folded.data, hashes) for table in self._short)]
        matches.append(self._find_long(folded.data, hashes))
        title, start, end = (np.concatenate(columns) for columns in zip(*matches, strict=True))
        first, last = folded.place[start], folded.place[end - 1]
        order = np.lexsort((last, first))
        return title[order], first[order] + offset, last[order] + 1 + offset

    def _find_long(self, data: NDArray[np.uint8], hashes: WordHashes) -> tuple[_Ints, _Ints, _Ints]:
        line, at = self._windows(data, hashes)
        matches = self._automaton.find_matches_as_indexes(line, overlapping=True)
        flat = np.fromiter(chain.from_iterable(matches), dtype=np.int64, count=3 * len(matches))
        number, start, end = flat.reshape(-1, 3).T
        return self._long[number], at[start + 1], at[end - 2] + 1

    def _windows(self, data: NDArray[np.uint8], hashes: WordHashes) -> tuple[bytes, _Ints]:
        """Return the windows that may contain long titles, as one line, and each byte's offset."""
        hits, _ = self._prefixes.hits(hashes)
        steps = np.zeros(hashes.n_words + 1, dtype=np.int64)
        steps[hits] += 1
        np.subtract.at(steps, np.minimum(hits + self._max_words, hashes.n_words), 1)
        is_in = np.cumsum(steps[:-1]) > 0
        held = np.zeros(len(data), dtype=np.bool_)
        held[: hashes.sizes.sum()] = np.repeat(is_in, hashes.sizes)
        closes = ~is_in
        closes[1:] &= is_in[:-1]  # the first letter after a window stays, as a separator
        separators = hashes.spaces[:-1][closes] + 1
        marked = data.copy()
        marked[separators] = _NOTHING
        held[separators] = held[separators - 1] = held[-1] = True
        at = np.flatnonzero(held)
        return marked[at].tobytes(), at


class _HashTable:
    """Titles by the hash of their first words."""

    def __init__(self, keys: Sequence[str], numbers: _Ints, n_words: int) -> None:
        self._n_words = n_words
        hashes: list[NDArray[np.uint64]] = [np.zeros(0, dtype=np.uint64)]
        begins = [" ".join(keys[i].split(" ", n_words)[:n_words]) for i in numbers.tolist()]
        for block in range(0, len(begins), _BLOCK):
            part = begins[block : block + _BLOCK]
            line = np.frombuffer(f" {' '.join(part)} ".encode(), dtype=np.uint8)
            hashes.append(WordHashes(line).of(np.arange(0, len(part) * n_words, n_words), n_words))
        whole = np.concatenate(hashes)
        order = np.argsort(whole, kind="stable")
        self._hashes, self._numbers = whole[order], numbers[order]
        bits = min(_MAX_LOOKUP_BITS, (_CELLS_PER_TITLE * len(whole)).bit_length())
        self._shift = np.uint64(64 - max(1, bits))
        n_cells = 1 << int(64 - self._shift)
        cells = self._hashes >> self._shift
        self._cells = np.zeros(n_cells, dtype=np.bool_)
        self._cells[cells] = True
        self._first = np.zeros(n_cells, dtype=np.int32)  # in the table, of each cell
        self._first[cells[::-1]] = np.arange(len(cells) - 1, -1, -1, dtype=np.int32)
        self._letters = np.frombuffer("".join(begins[i] for i in order).encode(), dtype=np.uint8)
        self._sizes = np.array([len(begins[i].encode()) for i in order], dtype=np.int64)
        self._starts = np.cumsum(self._sizes) - self._sizes

    def hits(self, hashes: WordHashes) -> tuple[_Ints, _Ints]:
        """Return the first words whose hash is in the table, and their rows in the table."""
        place_hashes = hashes.of(
            np.arange(max(0, hashes.n_words - self._n_words + 1)), self._n_words
        )
        cells = place_hashes >> self._shift
        near = np.flatnonzero(self._cells[cells])
        if not len(near):
            return near, near
        at = self._first[cells[near]].astype(np.int64)
        is_other = self._hashes[at] != place_hashes[near]  # few: another title of the same cell
        at[is_other] = np.searchsorted(self._hashes, place_hashes[near[is_other]])
        at[at == len(self._hashes)] = 0
        is_in = self._hashes[at] == place_hashes[near]
        return near[is_in], at[is_in]

    def find(self, data: NDArray[np.uint8], hashes: WordHashes) -> tuple[_Ints, _Ints, _Ints]:
        """Return the titles of `n_words` words: index, offset of the first byte, of the end."""
        firsts, at = self.hits(hashes)
        starts, ends = hashes.spaces[firsts] + 1, hashes.spaces[firsts + self._n_words]
        is_same = ends - starts == self._sizes[at]
        starts, ends, at = starts[is_same], ends[is_same], at[is_same]
        is_same = _equal(data, starts, self._letters, self._starts[at], self._sizes[at])
        return self._numbers[at[is_same]], starts[is_same], ends[is_same]


def _equal(
    one: NDArray[np.uint8], at_one: _Ints, two: NDArray[np.uint8], at_two: _Ints, sizes: _Ints
) -> NDArray[np.bool_]:
    """Return, for each pair of slices of two arrays, whether all bytes are the same."""
    ends = np.cumsum(sizes)
    begins, steps = ends - sizes, np.arange(ends[-1] if len(ends) else 0)
    of_one, of_two = np.repeat(at_one - begins, sizes), np.repeat(at_two - begins, sizes)
    differs = one[of_one + steps] != two[of_two + steps]
    before = np.concatenate([[0], np.cumsum(differs)])
    same: NDArray[np.bool_] = before[ends] == before[begins]
    return same


def _chunks(text: str) -> list[tuple[int, str]]:
    """Return (offset, part) of a text, cut at line ends."""
    parts, start = [], 0
    while len(text) - start > _CHUNK:
        cut = text.find("\n", start + _CHUNK) + 1
        if not cut:
            break
        parts.append((start, text[start:cut]))
        start = cut
    return [*parts, (start, text[start:])]
