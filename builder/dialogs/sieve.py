"""The lines of a dump that may be wanted, found in the raw bytes before any JSON is read.

Of a whole dump one line in a hundred or fewer is of a wanted community. A line is read where it
names one as its subreddit, at any depth, and where it does not look like a JSON object.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

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
        self._names = None if communities is None else frozenset(n.lower() for n in communities)
        self._named = _pattern(self._names or ())

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
        last = raw[ends - 1]
        last = np.where(last == _RETURN, raw[ends - 2], last)
        is_odd = (raw[starts] != _OPEN) | (last != _CLOSE)
        found = [match.start() for match in self._named.finditer(data)]
        named = np.searchsorted(ends, found).tolist() if found else []
        return sorted({*np.flatnonzero(is_odd).tolist(), *named})


def _pattern(names: Iterable[str]) -> re.Pattern[bytes]:
    """Return where one of the names, of small letters, is a row's community, in any case.

    Names are ASCII without signs that JSON escapes, so they stand there as they are. The flag that
    ignores case would make the search half as fast.
    """
    spelled = ("".join(f"[{c}{c.upper()}]" if c.isalpha() else c for c in n) for n in sorted(names))
    return re.compile(rf'"subreddit": ?"(?:{"|".join(spelled)})"'.encode())
