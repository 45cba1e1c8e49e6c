"""DuckDB over text files: rows come out as they are read, what cannot be read is put aside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from builder.errors import InputError

MAX_ROW_BYTES = 32 * 2**20
"""Of one row; a longer one is rejected."""

_REASON_BY_ERROR = {
    "MISSING COLUMNS": "wrong number of cells",
    "TOO MANY COLUMNS": "wrong number of cells",
    "INVALID ENCODING": "not in the encoding",
    "LINE SIZE OVER MAXIMUM": "row too long",
    "UNQUOTED VALUE": "not CSV",
}
Cells = tuple[str, ...]

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
    ) -> Iterator[Cells]:
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
