"""Rows of CSV and TSV files with the places at which they stand.

A file goes through DuckDB in pieces of whole lines, so that a file of any size takes the memory of
one. The last row of a piece may go on in the next, and begins it.
"""

from __future__ import annotations

import codecs
import csv
import tempfile
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from builder.delimited.database import MAX_ROW_BYTES, Database, scan_of
from builder.delimited.places import Piece, Placed
from builder.errors import InputError
from builder.sources import Reject, require
from builder.text_files.open_files import open_file

_PIECE_CHARS = 2**23
_LONGEST_BYTES = 2 * MAX_ROW_BYTES
"""Of a piece that has no whole row: quotes that are open for so long are never closed."""

_BATCH_ROWS = 2**16
_UNDECODED = "surrogateescape"
"""Bytes that are not in the encoding stay what they are, and DuckDB rejects their row."""


def read_csv(
    path: Path,
    columns: Sequence[str],
    reject: Reject,
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    has_header: bool = True,
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (place "file:line", row) for every row with as many cells as the header.

    The line, from 1, is the one in which the row begins. A blank line is no row, and empty cells
    too many at the end of a row are none. All ends of lines within cells are
    alike.

    Args:
        path: The file, with a byte order mark or without, its lines ended in any way.
        columns: Names that must be in the header, or the names of all cells without one.
        reject: Told of every row with too many or too few cells, that is not in the encoding, that
            has something behind a closing quote, or that is longer than `MAX_ROW_BYTES`.
        encoding: Of the file.
        delimiter: Between cells.
        has_header: Whether the first row names the columns.

    Raises:
        InputError: If the file is missing, lacks a column, or ends within quotes.
    """
    with _opened(require(path), encoding) as handle:
        header, n_lines = _header(handle, path, delimiter) if has_header else (list(columns), 0)
        if missing := [name for name in columns if name not in header]:
            found = f"has no column {missing[0]!r}"
            raise InputError(path, found, f"expected {', '.join(columns)}")
        for line, placed in _pieces(handle, path, n_lines + 1, len(header), delimiter):
            for number, bad in placed.bad:
                reject(f"{path}:{line + number}", bad.reason, bad.detail)
            for number, cells in placed.rows:
                yield f"{path}:{line + number}", dict(zip(header, cells, strict=True))


def _opened(path: Path, encoding: str) -> TextIO:
    try:
        codec = codecs.lookup(encoding).name
    except LookupError as exc:
        raise InputError(path, f"unknown encoding {encoding!r}", "such as utf-8, latin-1") from exc
    without_mark = "utf-8-sig" if codec == "utf-8" else codec
    return TextIOWrapper(open_file(path), encoding=without_mark, errors=_UNDECODED)


def _header(handle: TextIO, path: Path, delimiter: str) -> tuple[list[str], int]:
    """Return the names in the first row, and over how many lines it goes."""
    rows = csv.reader(handle, delimiter=delimiter)
    try:
        names = next(rows, [])
    except csv.Error as exc:
        raise InputError(f"{path}:1", f"not CSV ({exc})", "expected names of columns") from exc
    return names, rows.line_num


def _pieces(
    handle: TextIO, path: Path, line: int, n_cells: int, delimiter: str
) -> Iterator[tuple[int, Placed]]:
    """Yield (first line, rows) of each piece of what is left of a file; it begins at `line`."""
    left, at_end = b"", False
    with tempfile.TemporaryDirectory() as scratch:
        while not at_end:
            text = _read(handle, path)
            at_end = not text
            left += text.encode("utf-8", _UNDECODED)
            if at_end and left and not left.endswith(b"\n"):
                left += b"\n"  # of a last row without one DuckDB does not say that it lacks cells
            piece = Piece(left[: left.rfind(b"\n") + 1])
            placed = _parsed(piece, Path(scratch, "piece"), n_cells, delimiter)
            if (at_end and placed.after < piece.n_lines) or len(left) > _LONGEST_BYTES:
                place = f"{path}:{line + placed.after}"
                what = "not CSV (quotes that are opened here are never closed)"
                raise InputError(place, what, "the file may be cut off: fetch it again")
            if at_end:
                yield line, placed
            elif placed.last:
                yield line, placed.before(placed.last)
                left, line = left[piece.byte_of(placed.last) :], line + placed.last


def _read(handle: TextIO, path: Path) -> str:
    try:
        return handle.read(_PIECE_CHARS)
    except UnicodeError as exc:
        told = f"not in the encoding ({exc})"
        raise InputError(path, told, "name its encoding, or save it as utf-8") from exc


def _parsed(piece: Piece, file: Path, n_cells: int, delimiter: str) -> Placed:
    file.write_bytes(piece.data)
    names = [f"cell {number}" for number in range(n_cells)]
    scan = scan_of(file, names, delimiter=delimiter, quote='"', header=False)
    database = Database()
    rows = list(database.rows(f"FROM {scan}", (), "CSV", _BATCH_ROWS))
    return piece.place(rows, [bad for _, bad in database.bad_rows()])
