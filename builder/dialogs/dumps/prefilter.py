"""Finds the lines of a dump that may be wanted, in the raw bytes before any JSON is parsed.

In a whole dump, at most one line in a hundred is from a wanted community. A line is parsed if it
names one as its subreddit, at any depth, or if it does not look like a JSON object.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

from builder.text_files.blocks import Block

_Offsets = NDArray[np.int64]
_OPEN, _CLOSE, _RETURN, _COLON, _QUOTE = b'{}\r:"'
_KEY = b'"subreddit"'
_COLON_AND_QUOTE = 2  # bytes
_SPACED = re.compile(rb"\s*:\s*\"")  # as other JSON libraries write it
OTHER_COMMUNITY = "other community"
BLANK = "blank line"


class Prefilter:
    """Finds the lines that name one of the communities; all lines if none are given.

    The names are ASCII without characters that JSON escapes, so a line contains them as they are,
    in upper or lower case.
    """

    def __init__(self, communities: Sequence[str] | None) -> None:
        self._names = None if communities is None else frozenset(n.lower() for n in communities)
        self._quoted = {f'{name}"'.encode() for name in self._names or ()}
        self._longest = max(map(len, self._quoted), default=0)
        self._may_begin = np.zeros(256, dtype=np.bool_)
        self._may_begin[[ord(c) for n in self._names or () for c in (n[0], n[0].upper())]] = True
        self._key = ahocorasick_rs.BytesAhoCorasick([_KEY])  # one word: SIMD, without the GIL

    def takes(self, community: object) -> bool:
        """Return whether a row of this community is wanted."""
        return self._names is None or str(community).lower() in self._names

    def lines(self, block: Block, left_out: Counter[str]) -> Iterator[tuple[int, int, bytes]]:
        """Yield (line number, offset in the content, line) of lines to parse; count the others."""
        data, ends = block.data, block.ends
        starts = np.append(0, ends[:-1] + 1)
        taken = self._taken(data, starts, ends)
        left_out[OTHER_COMMUNITY] += len(ends) - len(taken)
        for number in taken:
            start, end = int(starts[number]), int(ends[number])
            if line := data[start:end].strip():
                yield block.begin.line + int(number), block.begin.offset + start, line
            else:
                left_out[BLANK] += 1

    def _taken(self, data: bytes, starts: _Offsets, ends: _Offsets) -> Sequence[int]:
        if self._names is None:
            return range(len(ends))
        raw = np.frombuffer(data, dtype=np.uint8)
        last = raw[np.maximum(ends - 1, 0)]
        last = np.where(last == _RETURN, raw[np.maximum(ends - 2, 0)], last)
        is_odd = (raw[starts] != _OPEN) | (last != _CLOSE)
        named = np.searchsorted(ends, self._named(data, raw)).tolist()
        return sorted({*np.flatnonzero(is_odd).tolist(), *named})

    def _named(self, data: bytes, raw: NDArray[np.uint8]) -> list[int]:
        """Return the offsets at which a wanted name begins as the value of "subreddit"."""
        after = np.array([end for _, _, end in self._key.find_matches_as_indexes(data)], dtype=int)
        after = after[after + _COLON_AND_QUOTE < len(raw)]  # the line goes on after it
        is_plain = (raw[after] == _COLON) & (raw[after + 1] == _QUOTE)
        begins = after[is_plain] + _COLON_AND_QUOTE
        maybe = begins[self._may_begin[raw[begins]]].tolist()
        spaced = (_SPACED.match(data, at) for at in after[~is_plain].tolist())
        maybe += [match.end() for match in spaced if match]
        return [at for at in maybe if self._is_wanted(data, at)]

    def _is_wanted(self, data: bytes, at: int) -> bool:
        name, quote, _ = data[at : at + self._longest].partition(b'"')
        return (name + quote).lower() in self._quoted
