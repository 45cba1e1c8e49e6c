"""The lines of a dump that may be wanted, found in the raw bytes before any JSON is read.

Of a whole dump one line in a hundred or fewer is of a wanted community. A line is read where it
holds the community's name in quotes, and where it does not look like a JSON object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

from builder.dialogs.blocks import Block

_Offsets = NDArray[np.int64]

_NEWLINE, _OPEN, _CLOSE, _RETURN = b"\n{}\r"
OTHER_COMMUNITY = "other community"
BLANK = "blank line"


class Sieve:
    """Finds the lines that name one of the communities; all lines where none are given."""

    def __init__(self, communities: Sequence[str] | None) -> None:
        names = None if communities is None else sorted({name.lower() for name in communities})
        self._names = None if names is None else frozenset(names)
        # A community's name is ASCII without signs that JSON escapes, so it stands there as it is.
        quoted = [f'"{name}"'.encode() for name in names or ()]
        self._search = ahocorasick_rs.BytesAhoCorasick(quoted) if names else None

    def takes(self, community: object) -> bool:
        """Return whether a row of this community is wanted."""
        return self._names is None or str(community).lower() in self._names

    def lines(self, block: Block, left_out: Counter[str]) -> Iterator[tuple[int, int, bytes]]:
        """Yield (line number, offset in the content, line) of what must be read as JSON.

        What is left out is counted.
        """
        data = block.data
        ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == _NEWLINE)
        if not data.endswith(b"\n"):
            ends = np.append(ends, len(data))
        starts = np.empty_like(ends)
        starts[0], starts[1:] = 0, ends[:-1] + 1
        taken = self._taken(data, starts, ends)
        left_out[OTHER_COMMUNITY] += len(ends) - len(taken)
        for number in taken:
            start, end = int(starts[number]), int(ends[number])
            if line := data[start:end].strip():
                yield block.begin.line + int(number), block.begin.offset + start, line
            else:
                left_out[BLANK] += 1

    def _taken(self, data: bytes, starts: _Offsets, ends: _Offsets) -> Sequence[int] | _Offsets:
        if self._search is None:
            return range(len(ends))
        raw = np.frombuffer(data + b"\n", dtype=np.uint8)
        last = raw[ends - 1]
        last = np.where(last == _RETURN, raw[ends - 2], last)
        is_odd = (raw[starts] != _OPEN) | (last != _CLOSE)
        hits = [start for _, start, _ in self._search.find_matches_as_indexes(data.lower())]
        named = np.searchsorted(ends, np.array(hits, dtype=ends.dtype))
        return np.union1d(np.flatnonzero(is_odd), named)
