"""In which line each row of a piece of a file begins, which DuckDB does not say.

A row begins in the line after the row before it, but for blank lines and rejected rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.delimited.database import BadRow, Cells

_TOLD_BYTES = 9_990
"""DuckDB tells the first 10,000 bytes of a rejected row."""

_FEED = ord("\n")


@dataclass(frozen=True, slots=True)
class Placed:
    """The rows and the bad rows of a piece, each with the line in which it begins, from 0.

    `after` is the line after the last of them: that after the piece, unless it ends within quotes.
    """

    rows: list[tuple[int, Cells]]
    bad: list[tuple[int, BadRow]]
    after: int

    @property
    def last(self) -> int:
        """The line in which the last of them begins, 0 where there are none."""
        return max([line for line, _ in (*self.rows[-1:], *self.bad[-1:])], default=0)

    def before(self, line: int) -> Placed:
        """Return those that begin before a line."""
        rows = [placed for placed in self.rows if placed[0] < line]
        return Placed(rows, [placed for placed in self.bad if placed[0] < line], line)


class Piece:
    """Whole lines of a file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._ends: NDArray[np.intp] = np.flatnonzero(np.frombuffer(data, np.uint8) == _FEED)

    @property
    def n_lines(self) -> int:
        """How many lines there are."""
        return len(self._ends)

    def byte_of(self, line: int) -> int:
        """Return where a line begins."""
        return int(self._ends[line - 1]) + 1 if line else 0

    def place(self, rows: Sequence[Cells], bad: Sequence[BadRow]) -> Placed:
        """Return the rows that DuckDB found in the piece, and those that it rejected."""
        blank = np.flatnonzero(np.diff(self._ends, prepend=-1) == 1).tolist()
        n_lines_at = dict.fromkeys(blank, 1)  # of what is no row, by the line where it begins
        placed_bad = [(self._line_of(row, n_lines_at), row) for row in bad]
        n_lines_at |= {line: self._n_lines_of(row, line) for line, row in placed_bad}
        placed, line = [], _next_row(0, n_lines_at)
        for cells in rows:
            placed.append((line, cells))
            line = _next_row(line + 1 + "".join(cells).count("\n"), n_lines_at)
        return Placed(placed, placed_bad, line)

    def _line_of(self, bad: BadRow, blank: dict[int, int]) -> int:
        line = int(np.searchsorted(self._ends, bad.byte))
        while line in blank:  # DuckDB counts blank lines before a row in
            line += 1
        return line

    def _n_lines_of(self, bad: BadRow, line: int) -> int:
        """Return over how many lines a bad row goes."""
        if len(bad.words.encode()) < _TOLD_BYTES:
            return 1 + bad.words.strip("\r\n").count("\n")
        n_quotes = 0
        for after in range(line + 1, self.n_lines + 1):
            n_quotes += self.data.count(b'"', self.byte_of(after - 1), self.byte_of(after))
            if n_quotes % 2 == 0:
                return after - line
        return self.n_lines - line


def _next_row(line: int, n_lines_at: dict[int, int]) -> int:
    while line in n_lines_at:  # a blank line within a cell is passed by
        line += n_lines_at[line]
    return line
