"""In which line each row of a file begins, which DuckDB does not say.

A row begins in the line after the row before it, but for blank lines and rejected rows. Where the
count does not come out at the last line, rows were lost, and the run ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from builder.delimited.database import BadRow
from builder.errors import InputError
from builder.sources import Reject

_CHUNK_BYTES = 2**20
_TOLD_BYTES = 9_990
"""DuckDB tells the first 10,000 bytes of a rejected row."""


class Places:
    """Tells in which line each row begins, and rejects the bad rows on the way."""

    def __init__(
        self, path: Path, file: Path, n_header: int, bad: Sequence[BadRow], reject: Reject
    ) -> None:
        self._path, self._reject = path, reject
        self._line = n_header + 1
        self._gaps = _gaps(file, bad)
        self._gap = next(self._gaps)

    def of_row(self, cells: Sequence[str]) -> str:
        """Return the place of the next row."""
        self._pass_gaps()
        place = f"{self._path}:{self._line}"
        self._line += 1 + sum(cell.count("\n") for cell in cells)
        return place

    def finish(self) -> None:
        """Reject what is left.

        Raises:
            InputError: If lines are left that belong to no row.
        """
        self._pass_gaps()
        if not self._gap.is_end or self._gap.line != self._line:
            found = "not CSV (quotes that are opened here are never closed)"
            mend = "the file may be cut off: fetch it again"
            raise InputError(f"{self._path}:{self._line}", found, mend)

    def _pass_gaps(self) -> None:
        while not self._gap.is_end and self._gap.line <= self._line:
            if self._gap.bad is not None:
                place = f"{self._path}:{self._gap.line}"
                self._reject(place, self._gap.bad.reason, self._gap.bad.detail)
            if self._gap.line == self._line:  # else a blank line within a cell
                self._line += self._gap.n_lines
            self._gap = next(self._gaps)


@dataclass(frozen=True, slots=True)
class _Gap:
    """Lines without a row: a blank one, those of a bad row, or the end of the file."""

    line: int
    n_lines: int
    bad: BadRow | None = None
    is_end: bool = False


def _gaps(file: Path, bad: Sequence[BadRow]) -> Iterator[_Gap]:
    """Yield all gaps by line; the end is the last."""
    left = chain(bad, [None])
    wanted = next(left)
    byte = line = 0
    at_start = True
    with file.open("rb") as handle:
        while raw := handle.readline(_CHUNK_BYTES):  # a line may be longer than the memory
            starts, at_start = at_start, raw.endswith(b"\n")
            byte += len(raw)
            line += starts
            if starts and raw in (b"\n", b"\r\n"):
                yield _Gap(line, 1)
            elif starts and wanted is not None and wanted.byte < byte:  # or a blank line before it
                yield _Gap(line, _n_lines(wanted, file), wanted)
                wanted = next(left)
    yield _Gap(line + 1, 0, is_end=True)


def _n_lines(bad: BadRow, file: Path) -> int:
    if len(bad.words.encode()) < _TOLD_BYTES:
        return 1 + bad.words.strip("\r\n").count("\n")
    n_lines = n_quotes = 0
    with file.open("rb") as handle:
        handle.seek(bad.byte)
        while raw := handle.readline(_CHUNK_BYTES):
            n_lines += raw.endswith(b"\n")
            n_quotes += raw.count(b'"')
            if n_quotes % 2 == 0 and raw.endswith(b"\n"):
                break
    return n_lines
