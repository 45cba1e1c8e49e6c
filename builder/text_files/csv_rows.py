"""Rows of CSV and TSV files of any size; a bad quote costs its own line and not the rest.

thread,user,text
17,ann,"Films
like Up?"
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from builder.errors import InputError, Reject, refuse
from builder.text_files.open_files import open_file, refuse_utf16

MAX_LINE_CHARS = 1 << 24
"""A longer line is rejected."""
MAX_FOLLOWED_CHARS = 1 << 22
"""Of a row behind its first line; so far a quote that is never closed is followed."""

_FIX = "put the source there or correct its path in params.yaml"
_CHUNK_CHARS = 1 << 20
_UNDECODED = re.compile("[\udc80-\udcff]")  # what "surrogateescape" makes of bad bytes
_Row = tuple[int, list[str]]


def read_csv(
    path: Path,
    columns: Sequence[str],
    reject: Reject,
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    has_header: bool = True,
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (place "file:line", cell by column) of every row with as many cells as the header.

    The line, from 1, is the one in which the row begins. Blank lines are passed over, and so are
    empty cells too many at the end of a row. All line ends are alike, within cells too. If a quote
    is never closed, or is closed within a cell, its line is read by itself and the next ones again.

    Args:
        path: The file, with or without a byte order mark.
        columns: Names that must be in the header, or the names of all cells without one.
        reject: Called with each row that has another number of cells or a byte that is not in the
            encoding, and with each line of more than `MAX_LINE_CHARS`.
        encoding: Of the file.
        delimiter: Between cells.
        has_header: Whether the first row names the columns.

    Raises:
        InputError: If the file cannot be read, is empty or lacks a column.
    """
    with _opened(path, encoding) as handle:
        lines = _Lines(handle, path, reject)
        rows = _rows(lines, delimiter)
        header = _header(rows, path, columns) if has_header else list(columns)
        for line, cells in rows:
            if len(cells) > len(header) and not any(cells[len(header) :]):
                cells = cells[: len(header)]
            if lines.is_damaged and _UNDECODED.search("".join(cells)):
                reject(f"{path}:{line}", f"not {_shown(encoding)}", "another encoding?")
            elif len(cells) == len(header):
                yield f"{path}:{line}", dict(zip(header, cells, strict=True))
            elif cells:
                detail = f"{len(cells):,}, expected {len(header)}"
                reject(f"{path}:{line}", "wrong number of cells", detail)


def read_columns(path: Path, *, fix: str = _FIX) -> list[str]:
    """Return the names in the header of a CSV file in UTF-8.

    Raises:
        InputError: If the file cannot be read or is empty.
    """
    with _opened(path, "utf-8", fix) as handle:
        return _header(_rows(_Lines(handle, path, refuse), ","), path, ())


def _shown(encoding: str) -> str:
    return "UTF-8" if codecs.lookup(encoding).name == "utf-8" else encoding


def _opened(path: Path, encoding: str, fix: str = _FIX) -> TextIO:
    try:
        codec = codecs.lookup(encoding).name
    except LookupError as exc:
        raise InputError(
            path, f"unknown encoding {encoding!r}", "use a name such as utf-8 or latin-1"
        ) from exc
    if codec == "utf-8":
        codec = "utf-8-sig"
        with open_file(path, fix=fix) as start:
            refuse_utf16(path, start.read(2))
    binary = open_file(path, fix=fix)
    return TextIOWrapper(binary, encoding=codec, errors="surrogateescape")


def _header(rows: Iterator[_Row], path: Path, columns: Sequence[str]) -> list[str]:
    line, names = next(rows, (1, []))
    if not names:
        raise InputError(path, "is empty", "its first line must name the columns")
    if _UNDECODED.search("".join(names)):
        raise InputError(
            f"{path}:{line}", "is not in the stated encoding", "state the encoding of the file"
        )
    for name in columns:
        if names.count(name) != 1:
            found = f"has {'two columns' if name in names else 'no column'} {name!r}"
            raise InputError(path, found, f"expected {', '.join(columns)}")
    return names


class _Lines:
    """The lines of a file, some of which may be put back to be read again."""

    def __init__(self, handle: TextIO, path: Path, reject: Reject) -> None:
        self._handle, self._path, self._reject = handle, path, reject
        self._again: deque[tuple[int, str]] = deque()
        self._source = self._read()
        self.taken: list[tuple[int, str]] = []
        """(number, line) of the row that is being read."""
        self.is_damaged = False
        """Whether a byte so far was not in the encoding."""

    def texts(self) -> Iterator[str]:
        """Yield lines, one row after the other; none when a row has become too long."""
        n_chars = 0
        while True:
            line = self._again.popleft() if self._again else next(self._source, None)
            if line is None:
                return
            n_chars = n_chars + len(line[1]) if self.taken else 0
            self.taken.append(line)
            if n_chars > MAX_FOLLOWED_CHARS:
                return
            yield f"{line[1]}\n"

    def put_back(self) -> str:
        """Give back all lines of the row but the first, which is returned."""
        self._again.extendleft(reversed(self.taken[1:]))
        return self.taken[0][1]

    def _read(self) -> Iterator[tuple[int, str]]:
        number, rest, is_skipping = 0, "", False
        while chunk := self._chunk():
            *lines, rest = (rest + chunk).split("\n")
            for line in lines:
                number += 1
                if not is_skipping:
                    yield number, line
                is_skipping = False
            if len(rest) > MAX_LINE_CHARS:
                if not is_skipping:
                    place, detail = f"{self._path}:{number + 1}", f"more than {MAX_LINE_CHARS:,}"
                    self._reject(place, "line too long", f"{detail} characters")
                rest, is_skipping = "", True
        if rest and not is_skipping:
            yield number + 1, rest

    def _chunk(self) -> str:
        try:
            chunk = self._handle.read(_CHUNK_CHARS)
        except UnicodeError as exc:
            fix = "name its encoding, or save it as utf-8"
            raise InputError(self._path, f"not in the encoding ({exc})", fix) from exc
        except OSError as exc:
            raise InputError(self._path, f"cannot be read ({exc.strerror})", _FIX) from exc
        if not self.is_damaged and not chunk.isascii():
            self.is_damaged = _UNDECODED.search(chunk) is not None
        return chunk


def _rows(lines: _Lines, delimiter: str) -> Iterator[_Row]:
    """Yield (line in which it begins, cells) of each row."""
    csv.field_size_limit(2 * MAX_LINE_CHARS)  # no cell is longer: it is not for csv to bound
    table = csv.reader(lines.texts(), delimiter=delimiter, strict=True)
    while True:
        lines.taken.clear()
        try:
            cells = next(table, None)
        except csv.Error:
            yield lines.taken[0][0], _alone(lines.put_back(), delimiter)
            table = csv.reader(lines.texts(), delimiter=delimiter, strict=True)
            continue
        if cells is None:
            return
        yield lines.taken[0][0], cells


def _alone(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line, whatever its quotes."""
    return next(csv.reader([line], delimiter=delimiter), [])
