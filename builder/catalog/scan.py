"""Large tab-separated files without quotes, plain or .gz, read by DuckDB in batches.

DuckDB streams and filters while it reads; rows with too many or too few cells, or with bytes that
are not UTF-8, come out as rejections with their line.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from builder.errors import InputError
from builder.sources import Reject, require

_BATCH_ROWS = 50_000
_MAX_LINE_BYTES = 64 * 2**20


class TsvFiles:
    """A database in memory over files that stand for tables."""

    def __init__(self) -> None:
        self._database = duckdb.connect()
        self._database.execute("SET enable_progress_bar = false")
        self._paths: list[Path] = []

    def table(self, path: Path, columns: Sequence[str]) -> str:
        """Return the SQL that stands for a file.

        Args:
            path: A file with a header; backslash N is null, as IMDb writes it.
            columns: Names that must be among the header's.

        Raises:
            InputError: If the file is missing, is not the gzip it is called, or lacks a column.
        """
        header = _header(require(path))
        missing = [name for name in columns if name not in header]
        if missing:
            found = f"has no column {missing[0]!r}"
            raise InputError(path, found, f"expected {', '.join(columns)}")
        self._paths.append(path)
        types = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in header)
        return (
            f"read_csv({_quoted(str(path))}, auto_detect=false, header=true, delim='\t', quote='', "
            f"escape='', nullstr='\\N', columns={{{types}}}, store_rejects=true, rejects_limit=0, "
            f"max_line_size={_MAX_LINE_BYTES}, null_padding=false)"
        )

    def rows(
        self, query: str, arguments: Sequence[Any], reject: Reject
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query, then reject the lines that could not be read.

        Raises:
            InputError: If a file is damaged or cut off.
        """
        named = ", ".join(str(path) for path in self._paths)
        try:
            found = self._database.execute(query, arguments)
            while batch := found.fetchmany(_BATCH_ROWS):
                yield from batch
        except duckdb.Error as exc:
            told = str(exc).splitlines()[0]
            raise InputError(named, f"not readable ({told})", "fetch it again") from exc
        self._reject_lines(reject)

    def _reject_lines(self, reject: Reject) -> None:
        lines = self._database.execute(
            "SELECT s.file_path, e.line, min(e.error_type), max(e.error_message) "
            "FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id) "
            "GROUP BY ALL ORDER BY 1, 2"
        ).fetchall()
        for path, line, kind, message in lines:
            reason = "not UTF-8" if "ENCODING" in kind else "wrong number of cells"
            reject(f"{path}:{line}", reason, str(message).splitlines()[0])


def _header(path: Path) -> list[str]:
    open_file = gzip.open if path.suffix == ".gz" else open
    try:
        with open_file(path, "rb") as handle:
            return handle.readline().decode("utf-8").rstrip("\r\n").split("\t")
    except (OSError, EOFError, UnicodeDecodeError) as exc:
        raise InputError(path, f"not readable ({exc})", "fetch it again") from exc


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
