"""The disk: Parquet, JSONL and JSON, validated on reading, replaced whole on writing.

A writer fills a file or folder beside the target and renames it into place, so that a killed
run leaves the last good one. Folders take two renames; `recover` fixes a kill between them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from builder.errors import InputError
from builder.rows import from_row, schema_of, to_row
from builder.text_files.open_files import refuse_special

T = TypeVar("T")

_BATCH_ROWS = 10_000


def recover(target: Path) -> None:
    """Put the last good folder back if a kill fell between the two renames of `replacing`."""
    old = target.with_name(f".{target.name}.old")
    if old.exists() and not target.exists():
        os.rename(old, target)
    _remove(old)
    _remove(target.with_name(f".{target.name}.new"))


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a path beside the target to write to; on success it becomes the target.

    The path may be made a file or a folder. On an error the target stays as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    recover(target)
    new, old = (target.with_name(f".{target.name}.{end}") for end in ("new", "old"))
    try:
        yield new
        if target.is_dir():
            os.rename(target, old)
            os.rename(new, target)
            _remove(old)
        else:
            os.replace(new, target)
    finally:
        _remove(new)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write_table(path: Path, record: type[T], rows: Iterable[T]) -> int:
    """Write records as Parquet and return how many, holding one batch in memory."""
    # Empty metadata and none are other bytes in the file; published releases have the empty ones.
    schema, n_rows = schema_of(record).with_metadata({}), 0
    with replacing(path) as new, pq.ParquetWriter(new, schema, compression="zstd") as writer:
        batch: list[Any] = []
        for row in rows:
            batch.append(to_row(row))
            if len(batch) == _BATCH_ROWS:
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))
                n_rows, batch = n_rows + len(batch), []
        writer.write_table(pa.Table.from_pylist(batch, schema=schema))
        return n_rows + len(batch)


def iter_table(path: Path, record: type[T]) -> Iterator[T]:
    """Yield the records of a Parquet file in order, a batch at a time.

    Raises:
        InputError: If the file is missing, damaged, or of another schema.
    """
    parquet = _opened(path)
    _check_schema(path, parquet.schema_arrow, schema_of(record))
    for batch in parquet.iter_batches(batch_size=_BATCH_ROWS):
        for row in batch.to_pylist():
            yield from_row(record, row)


def _check_schema(path: Path, found: pa.Schema, expected: pa.Schema) -> None:
    fix = "delete it and run `dvc repro`"
    if found.names != expected.names:
        raise InputError(path, f"has columns {', '.join(found.names)}", fix)
    for own, other in zip(found, expected, strict=True):
        if own.type != other.type:
            raise InputError(path, f"column {own.name} has the format of another version", fix)


def _opened(path: Path) -> pq.ParquetFile:
    refuse_special(path)
    try:
        return pq.ParquetFile(path)
    except FileNotFoundError as exc:
        raise InputError(path, "no such file", "run `dvc repro` to make it") from exc
    except (pa.ArrowInvalid, OSError) as exc:
        raise InputError(
            path, "is not a readable Parquet file", "delete it and run `dvc repro`"
        ) from exc


def read_table(path: Path, record: type[T]) -> list[T]:
    """Return all records of a Parquet file, see `iter_table`."""
    return list(iter_table(path, record))


def read_where(path: Path, record: type[T], wanted: Mapping[str, Collection[Any]]) -> list[T]:
    """Return the records of a Parquet file that hold one of the wanted values in every column.

    Args:
        path: The file; its order is kept.
        record: Its record type.
        wanted: Values by column.

    Raises:
        InputError: If the file is missing, damaged, or of another schema.
    """
    _check_schema(path, _opened(path).schema_arrow, schema_of(record))
    if not all(wanted.values()):
        return []
    filters = [(column, "in", list(values)) for column, values in wanted.items()]
    return [from_row(record, row) for row in pq.read_table(path, filters=filters).to_pylist()]


def to_json(value: Any) -> bytes:
    """Return the one spelling of a value as JSON: two-space indent, keys in the given order."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY) + b"\n"


def write_json(path: Path, value: Any) -> None:
    """Write one JSON document."""
    write_bytes(path, to_json(value))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole."""
    with replacing(path) as new:
        new.write_bytes(content)


def write_jsonl(path: Path, rows: Iterable[Any]) -> int:
    """Write one record or JSON value a line and return how many."""
    n_rows = 0
    with replacing(path) as new, new.open("wb") as handle:
        for row in rows:
            handle.write(orjson.dumps(to_row(row), option=orjson.OPT_APPEND_NEWLINE))
            n_rows += 1
    return n_rows
