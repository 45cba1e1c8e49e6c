"""Counts over large CSV files: Polars streams them, and only the counts stay in memory.

MovieLens has files of 33 million ratings; nothing is kept of a row, so none needs its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from builder.errors import InputError
from builder.sources import Reject, require


def count_rows(path: Path, columns: Sequence[str], reject: Reject) -> dict[tuple[str, ...], int]:
    """Return how many rows of a CSV file with a header have each combination of cells.

    Rows that lack one of the cells are rejected together, with their number; other cells are not
    looked at.

    Raises:
        InputError: If the file is missing, lacks a column, or is not CSV in UTF-8.
    """
    try:
        frame = pl.scan_csv(require(path), infer_schema=False)
        header = frame.collect_schema().names()
        if missing := [name for name in columns if name not in header]:
            problem = f"has no column {missing[0]!r}"
            raise InputError(path, problem, f"expected {', '.join(columns)}")
        counts = frame.group_by(*columns).len().collect(engine="streaming")
    except pl.exceptions.PolarsError as exc:
        message = str(exc).splitlines()[0]
        raise InputError(
            path, f"not CSV ({message})", "the file may be cut off: fetch it again"
        ) from exc
    whole = counts.drop_nulls()
    n_broken = int(counts["len"].sum()) - int(whole["len"].sum())
    if n_broken:
        detail = f"{n_broken:,} rows lack {' or '.join(columns)}"
        reject(str(path), "wrong number of cells", detail)
    return {tuple(cells): n_rows for *cells, n_rows in whole.iter_rows()}
