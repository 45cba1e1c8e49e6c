"""IMDb's tab-separated files without quotes, plain or .gz, as tables of one SQL query."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from builder.errors import InputError
from builder.sources import Reject, require
from builder.text_files.blocks import MAX_LINE_BYTES, START, Block, read_blocks

_BATCH_ROWS = 50_000
_TAB, _FEED = b"\t\n"


class TsvFiles:
    """A DuckDB database whose tables are files."""

    def __init__(self) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("SET enable_progress_bar = false")
        self._n_columns_by_path: dict[Path, int] = {}

    def table(self, path: Path, columns: Sequence[str]) -> str:
        """Return the SQL expression for a file.

        Args:
            path: A file with a header; backslash N is null, as IMDb writes it.
            columns: Names that the header must have.

        Raises:
            InputError: If the file is missing, is named .gz and is not gzip, or lacks a column.
        """
        header = _header(require(path))
        missing = [name for name in columns if name not in header]
        if missing:
            problem = f"has no column {missing[0]!r}"
            raise InputError(path, problem, f"expected {', '.join(columns)}")
        self._n_columns_by_path[path] = len(header)
        types = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in header)
        return (
            f"read_csv({_quoted(str(path))}, auto_detect=false, header=true, delim='\t', "
            f"quote='', escape='', nullstr='\\N', columns={{{types}}}, null_padding=false, "
            f"parallel=true, max_line_size={MAX_LINE_BYTES}, buffer_size={2 * MAX_LINE_BYTES}, "
            "ignore_errors=true)"
        )

    def rows(
        self, query: str, arguments: Sequence[Any], reject: Reject
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query, then reject the lines that could not be read.

        DuckDB passes bad lines over: it would keep a rejection for each cell too many, some 30 kB.

        Raises:
            InputError: If a file is damaged or cut off.
        """
        try:
            result = self._connection.execute(query, arguments)
            while batch := result.fetchmany(_BATCH_ROWS):
                yield from batch
        except duckdb.Error as exc:
            named = ", ".join(map(str, self._n_columns_by_path))
            message = str(exc).splitlines()[0]
            raise InputError(named, f"cannot be read ({message})", "fetch it again") from exc
        for path, n_columns in self._n_columns_by_path.items():
            _reject_bad_lines(path, n_columns, reject)


def _reject_bad_lines(path: Path, n_columns: int, reject: Reject) -> None:
    for block in read_blocks(path, START, reject):
        for number, n_cells in _other_lengths(block, n_columns):
            detail = f"{n_cells:,}, expected {n_columns}"
            reject(f"{path}:{number}", "wrong number of cells", detail)
        if not _is_utf8(block.data):
            for number, line in enumerate(block.data.split(b"\n"), start=block.begin.line):
                if not _is_utf8(line):
                    reject(f"{path}:{number}", "not UTF-8", "its row is left out")


def _other_lengths(block: Block, n_columns: int) -> Iterator[tuple[int, int]]:
    """Yield (line number, cells) of each line that is neither blank nor as long as the header."""
    raw = np.frombuffer(block.data, np.uint8)
    n_cells = 1 + np.diff(np.searchsorted(np.flatnonzero(raw == _TAB), block.ends), prepend=0)
    is_blank = np.diff(block.ends, prepend=-1) == 1
    for index in np.flatnonzero((n_cells != n_columns) & ~is_blank):
        yield block.begin.line + int(index), int(n_cells[index])


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _header(path: Path) -> list[str]:
    open_file = gzip.open if path.suffix == ".gz" else open
    try:
        with open_file(path, "rb") as handle:
            return handle.readline(MAX_LINE_BYTES).decode("utf-8").rstrip("\r\n").split("\t")
    except (OSError, EOFError, UnicodeDecodeError) as exc:
        raise InputError(path, f"cannot be read ({exc})", "fetch it again") from exc


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
