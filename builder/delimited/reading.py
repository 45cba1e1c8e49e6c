"""Rows of CSV and TSV files with the places at which they stand.

DuckDB reads a file twice: first for the rows that it cannot read, which it tells only at the end,
then for the others. Neither time is more of it in memory than a few blocks.
"""

from __future__ import annotations

import codecs
import csv
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from builder.delimited.database import Database, scan_of
from builder.delimited.places import Places
from builder.errors import InputError
from builder.sources import Reject, require

_BATCH_ROWS = 2_048
_CHUNK = 2**20
"""Bytes, or characters, that are looked at together."""


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
    too many at the end of a row are none.

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
    with _readable(require(path), encoding) as file:
        header, n_lines = _header(file, delimiter) if has_header else (list(columns), 0)
        if missing := [name for name in columns if name not in header]:
            found = f"has no column {missing[0]!r}"
            raise InputError(path, found, f"expected {', '.join(columns)}")
        names = [f"cell {number}" for number in range(len(header))]
        scan = scan_of(file, names, delimiter=delimiter, quote='"', header=has_header)
        database = Database()
        list(database.rows(f"SELECT count(COLUMNS(*)) FROM {scan}", (), str(path), 1))
        places = Places(path, file, n_lines, [bad for _, bad in database.bad_rows()], reject)
        for cells in database.rows(f"FROM {scan}", (), str(path), _BATCH_ROWS):
            yield places.of_row(cells), dict(zip(header, cells, strict=True))
        places.finish()


def _header(file: Path, delimiter: str) -> tuple[list[str], int]:
    """Return the names in the first row, and over how many lines it goes."""
    with file.open(encoding="utf-8", errors="replace", newline="") as handle:
        rows = csv.reader(handle, delimiter=delimiter)
        return next(rows, []), rows.line_num


@contextmanager
def _readable(path: Path, encoding: str) -> Iterator[Path]:
    """Give the file itself, or a copy in UTF-8 with ends of lines that DuckDB reads."""
    try:
        codec = codecs.lookup(encoding).name
    except LookupError as exc:
        raise InputError(path, f"unknown encoding {encoding!r}", "such as utf-8, latin-1") from exc
    if codec == "utf-8" and _is_plain(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "table")
        _copy(path, copy, encoding)
        yield copy


def _is_plain(path: Path) -> bool:
    """Return whether a file has no byte order mark and one kind of line end, the last included.

    Of a last row without one DuckDB does not say that it lacks cells.
    """
    n_feeds = n_returns = n_both = 0
    last = b""
    with path.open("rb") as handle:
        if handle.peek(3).startswith(codecs.BOM_UTF8):
            return False
        while chunk := handle.read(_CHUNK):
            n_feeds += chunk.count(b"\n")
            n_returns += chunk.count(b"\r")
            n_both += (last + chunk).count(b"\r\n")
            last = chunk[-1:]
    return n_returns in (0, n_feeds) and n_both == n_returns and last in (b"", b"\n")


def _copy(path: Path, copy: Path, encoding: str) -> None:
    escaped = "surrogateescape"  # what is not in the encoding is rejected with its row
    with (
        path.open(encoding=encoding, errors=escaped) as source,
        copy.open("w", encoding="utf-8", errors=escaped, newline="\n") as target,
    ):
        last = chunk = source.read(_CHUNK).removeprefix("\ufeff")
        while chunk:
            target.write(chunk)
            last, chunk = chunk, source.read(_CHUNK)
        if not last.endswith("\n"):
            target.write("\n")
