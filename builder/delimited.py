"""Rows of CSV and TSV files of any size: the one door to them, streamed through DuckDB.

DuckDB reads a CSV file twice, in blocks: first for the rows that it cannot read, which it tells
only at the end of a file, then for the others. It does not say in which line a row begins, so the
lines are counted beside it: a row begins in the line after the row before, but for blank lines and
rejected rows. Where the count does not come out at the last line, rows were lost, and the run ends.
"""

from __future__ import annotations

import codecs
import csv
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import duckdb

from builder.errors import InputError
from builder.sources import Reject, require

MAX_ROW_BYTES = 32 * 2**20
"""Of one row; a longer one is rejected."""

_BATCH_ROWS = 2_048
_CHUNK = 2**20
"""Bytes, or characters, that are looked at together."""
_TOLD_BYTES = 9_990
"""DuckDB tells the first 10,000 bytes of a rejected row."""
_REASON_BY_ERROR = {
    "MISSING COLUMNS": "wrong number of cells",
    "TOO MANY COLUMNS": "wrong number of cells",
    "INVALID ENCODING": "not in the encoding",
    "LINE SIZE OVER MAXIMUM": "row too long",
    "UNQUOTED VALUE": "not CSV",
}
_DETAIL = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was rejected: its number among all, where it begins, why, its first words."""

    number: int
    byte: int
    reason: str
    detail: str
    words: str


class Database:
    """DuckDB in memory, over files that stand for tables."""

    def __init__(self) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("SET enable_progress_bar = false")

    def rows(
        self, query: str, arguments: Sequence[object], files: str, batch_rows: int
    ) -> Iterator[tuple[str, ...]]:
        """Yield the rows of a query as they are read, `batch_rows` in memory at a time.

        Raises:
            InputError: If one of the files is damaged or cut off.
        """
        try:
            found = self._connection.execute(query, arguments)
            while batch := found.fetchmany(batch_rows):
                yield from batch
        except duckdb.Error as exc:
            told = str(exc).splitlines()[0]
            raise InputError(files, f"not readable ({told})", "fetch it again") from exc

    def bad_rows(self) -> Iterator[tuple[str, BadRow]]:
        """Yield (path, bad row) of all queries so far, in the files' order."""
        found = self._connection.execute(
            "SELECT s.file_path, min(e.line), e.line_byte_position, "
            "arg_min(e.error_type, coalesce(e.column_idx, 0)), "
            "arg_min(e.error_message, coalesce(e.column_idx, 0)), any_value(e.csv_line) "
            "FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) "
            "GROUP BY 1, 3 ORDER BY 1, 3"
        ).fetchall()
        for path, number, byte, error, message, words in found:
            detail = _DETAIL.sub(r"\2, expected \1", str(message).splitlines()[0])
            yield path, BadRow(number, byte, _REASON_BY_ERROR[error], detail, words)


def scan_of(path: Path, columns: Sequence[str], *, delimiter: str, quote: str, header: bool) -> str:
    r"""Return the SQL that stands for the rows of a file; all cells are texts.

    Args:
        path: Of UTF-8, plain or .gz.
        columns: What SQL calls the cells.
        delimiter: Between cells.
        quote: Around cells that hold delimiters or ends of lines; no cell is null then. With ""
            for none, backslash N is null, as IMDb writes it.
        header: Whether the first row is left out.
    """
    types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in columns)
    names = ", ".join(map(quoted, columns))
    nulls = f"force_not_null=[{names}]" if quote else r"nullstr='\N'"
    return (
        f"read_csv({quoted(str(path))}, auto_detect=false, header={str(header).lower()}, "
        f"delim={quoted(delimiter)}, quote={quoted(quote)}, escape={quoted(quote)}, "
        f"{nulls}, columns={{{types}}}, null_padding=false, "
        f"parallel={str(not quote).lower()}, max_line_size={MAX_ROW_BYTES}, "
        f"buffer_size={MAX_ROW_BYTES}, store_rejects=true, rejects_limit=0)"
    )


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


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
        places = _Places(path, file, n_lines, [bad for _, bad in database.bad_rows()], reject)
        for cells in database.rows(f"FROM {scan}", (), str(path), _BATCH_ROWS):
            yield places.of_row(cells), dict(zip(header, cells, strict=True))
        places.finish()


class _Places:
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
        while raw := handle.readline(_CHUNK):  # a line may be longer than the memory
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
        while raw := handle.readline(_CHUNK):
            n_lines += raw.endswith(b"\n")
            n_quotes += raw.count(b'"')
            if n_quotes % 2 == 0 and raw.endswith(b"\n"):
                break
    return n_lines


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
