"""IMDb's tab-separated files without quotes, plain or .gz, as tables of one SQL query."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from builder.delimited.database import Database, scan_of
from builder.errors import InputError
from builder.sources import Reject, require

_BATCH_ROWS = 50_000


class TsvFiles:
    """A database whose tables are files."""

    def __init__(self) -> None:
        self._database = Database()
        self._paths: list[Path] = []

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
        self._paths.append(path)
        return scan_of(path, header, delimiter="\t", quote="", header=True)

    def rows(
        self, query: str, arguments: Sequence[Any], reject: Reject
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query, then reject the lines that could not be read.

        Raises:
            InputError: If a file is damaged or cut off.
        """
        named = ", ".join(str(path) for path in self._paths)
        yield from self._database.rows(query, arguments, named, _BATCH_ROWS)
        for path, bad in self._database.bad_rows():
            reject(f"{path}:{bad.number}", bad.reason, bad.detail)


def _header(path: Path) -> list[str]:
    open_file = gzip.open if path.suffix == ".gz" else open
    try:
        with open_file(path, "rb") as handle:
            return handle.readline().decode("utf-8").rstrip("\r\n").split("\t")
    except (OSError, EOFError, UnicodeDecodeError) as exc:
        raise InputError(path, f"not readable ({exc})", "fetch it again") from exc
