"""The rows of a Parquet file that somebody else made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from builder.errors import InputError
from builder.text_files.open_files import CHECK_PATH, refuse_special

_BATCH_ROWS = 2_000
"""Texts may be long, and a batch is in memory as Python objects."""


def read_parquet_rows(
    path: Path, columns: Sequence[str] | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (place "file:number", row), rows numbered from 1.

    Args:
        path: The file.
        columns: Those to read; all, if None.

    Raises:
        InputError: If the file is missing or no Parquet, or lacks a column.
    """
    refuse_special(path)
    number = 0
    try:
        with pq.ParquetFile(path) as parquet:
            names = parquet.schema_arrow.names
            wanted = names if columns is None else list(dict.fromkeys(columns))
            if missing := [name for name in wanted if name not in names]:
                problem = f"has no column {missing[0]!r}"
                raise InputError(path, problem, f"it has {', '.join(names)}")
            for batch in parquet.iter_batches(batch_size=_BATCH_ROWS, columns=wanted):
                for row in batch.to_pylist():
                    number += 1
                    yield f"{path}:{number}", row
    except FileNotFoundError as exc:
        raise InputError(path, "no such file", CHECK_PATH) from exc
    except (pa.ArrowException, OSError) as exc:
        raise InputError(path, "is not a readable Parquet file", "fetch or write it again") from exc
