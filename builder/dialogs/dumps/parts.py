"""Filters a dump file once into parts on disk; a killed run is resumed from the last whole part.

A part is three tables (submissions, comments, ids of submissions left out), the rejections and,
written last, a JSON document that says how far the file was read. The parts
contain posts as they are, names included: their folder belongs to one run and is deleted after it.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from builder.dialogs.dialog_source import Selection
from builder.dialogs.dumps.prefilter import OTHER_COMMUNITY, Prefilter
from builder.dialogs.reader_context import Scratch
from builder.dialogs.reddit_posts import Comment, Submission, is_too_long, validated
from builder.tables import write_bytes
from builder.text_files.blocks import START, Position, read_blocks
from builder.text_files.json_text import parse_object, read_json

_FORMAT = "3"  # of the parts; after a change, parts of an older version are made again
_LINE_BITS = 40
_MAX_REJECTED_BYTES = 1 << 24  # per part, in memory
_POST = [("seq", pa.int64()), ("id", pa.string()), ("author", pa.string())]
_POST += [("created_utc", pa.int64()), ("score", pa.int64()), ("body", pa.string())]
_SCHEMAS = {
    "submissions": pa.schema(
        [*_POST, ("community", pa.string()), ("title", pa.string()), ("over_18", pa.bool_())]
    ),
    "comments": pa.schema([*_POST, ("link_id", pa.string()), ("parent_id", pa.string())]),
    "outside": pa.schema([("id", pa.string()), ("is_rejected", pa.bool_())]),
}


def sequence(file_number: int, line: int) -> int:
    """Return a number that orders the lines of several files."""
    return file_number << _LINE_BITS | line


def place_of(seq: int, files: list[Path]) -> str:
    """Return "file:line" for a number of `sequence`."""
    return f"{files[seq >> _LINE_BITS]}:{seq & ((1 << _LINE_BITS) - 1)}"


@dataclass
class _Part:
    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in _SCHEMAS}
    )
    left_out: Counter[str] = field(default_factory=Counter)
    rejected: bytearray = field(default_factory=bytearray)
    """Rejections as lines of JSON, which take a fifth of the memory of tuples."""


class DumpParts:
    """The parts of one dump file: made if they are not there yet, then read."""

    def __init__(self, path: Path, number: int, select: Selection | None, scratch: Scratch) -> None:
        self._path, self._number, self._select = path, number, select
        self._prefilter = Prefilter(select.communities if select else None)
        self._part = _Part()
        self._step = scratch.checkpoint_mib * 2**20
        self._folder = scratch.folder / _key(path, number, select)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o700)

    def build(self) -> None:
        """Read the file to its end, from where an earlier run was killed or from its beginning."""
        n_parts, position, is_done = self._progress()
        if is_done:
            return
        last = position
        for block in read_blocks(self._path, position, self._reject):
            for line, offset, content in self._prefilter.lines(block, self._part.left_out):
                self._take(line, offset, content)
            last = block.after
            is_full = len(self._part.rejected) > _MAX_REJECTED_BYTES
            if is_full or last.offset - position.offset >= self._step:
                self._commit(n_parts, last, is_done=False)
                n_parts, position = n_parts + 1, last
        self._commit(n_parts, last, is_done=True)

    def _reject(self, place: str, reason: str, detail: str) -> None:
        self._part.rejected += orjson.dumps((place, reason, detail)) + b"\n"

    def tables(self, name: str) -> list[str]:
        """Return the paths of one table's parts."""
        return [str(self._table(number, name)) for number in range(self._progress()[0])]

    def left_out(self) -> Counter[str]:
        """Return how much was left out, by reason."""
        marks = (read_json(self._mark(number)) for number in range(self._progress()[0]))
        return sum((Counter[str](mark["left_out"]) for mark in marks), Counter[str]())

    def rejected(self) -> Iterator[tuple[str, str, str]]:
        """Yield (place, reason, detail) of each rejection."""
        for number in range(self._progress()[0]):
            with self._rejected(number).open("rb") as lines:
                yield from map(orjson.loads, lines)

    def _mark(self, number: int) -> Path:
        return self._folder / f"{number:06d}.json"

    def _rejected(self, number: int) -> Path:
        return self._folder / f"{number:06d}.rejected.jsonl"

    def _table(self, number: int, name: str) -> Path:
        return self._folder / f"{number:06d}.{name}.parquet"

    def _progress(self) -> tuple[int, Position, bool]:
        n_parts = 0
        while self._mark(n_parts).exists():
            n_parts += 1
        if not n_parts:
            return 0, START, False
        state = read_json(self._mark(n_parts - 1))
        return n_parts, Position(**state["position"]), state["is_done"]

    def _commit(self, number: int, position: Position, *, is_done: bool) -> None:
        part, self._part = self._part, _Part()
        for name, schema in _SCHEMAS.items():
            pq.write_table(
                _as_table(part.rows[name], schema), self._table(number, name), compression="zstd"
            )
        write_bytes(self._rejected(number), bytes(part.rejected))
        state = {
            "position": asdict(position),
            "is_done": is_done,
            "left_out": part.left_out,
        }
        write_bytes(self._mark(number), orjson.dumps(state))  # atomically

    def _take(self, line: int, offset: int, content: bytes) -> None:
        place = f"{self._path}:{line}"
        raw = parse_object(content, place, f"line from byte {offset}", self._reject)
        if raw is None:
            return
        seq = sequence(self._number, line)
        if not self._prefilter.takes(raw.get("subreddit")):
            self._part.left_out[OTHER_COMMUNITY] += 1
        elif "link_id" in raw or "body" in raw:
            row = validated(Comment, raw, place, self._reject)
            if row is not None and not is_too_long(row.body, place, self._reject):
                self._part.rows["comments"].append({"seq": seq, **row.model_dump()})
        elif (submission := validated(Submission, raw, place, self._reject)) is not None:
            self._take_submission(submission, seq, place)
        elif isinstance(post_id := raw.get("id"), str):
            self._part.rows["outside"].append({"id": post_id, "is_rejected": True})

    def _take_submission(self, row: Submission, seq: int, place: str) -> None:
        reason = _outside(row, self._select)
        if reason:
            self._part.left_out[reason] += 1
            self._part.rows["outside"].append({"id": row.id, "is_rejected": False})
        elif is_too_long(row.title + row.selftext, place, self._reject):
            self._part.rows["outside"].append({"id": row.id, "is_rejected": True})
        else:
            fields = row.model_dump()
            fields |= {"seq": seq, "community": row.subreddit, "body": row.selftext}
            self._part.rows["submissions"].append(fields)


def _as_table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Return the rows as a table; `pa.Table.from_pylist` would import pandas, half a second."""
    columns = [_column([row[f.name] for row in rows], f.type) for f in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        encoded = [value.encode() for value in values]
        offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
        buffers = [pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    elif pa.types.is_boolean(kind):
        bits = np.packbits(np.array(values, dtype=np.bool_), bitorder="little")
        buffers = [pa.py_buffer(bits)]
    else:
        is_valid = np.array([value is not None for value in values], dtype=np.bool_)
        numbers = np.array([value or 0 for value in values], dtype=np.int64)
        validity = pa.py_buffer(np.packbits(is_valid, bitorder="little"))
        return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(numbers)])
    return pa.Array.from_buffers(kind, len(values), [None, *buffers])


def _outside(row: Submission, select: Selection | None) -> str | None:
    if select is None:
        return None
    if select.first_utc is not None and row.created_utc < select.first_utc:
        return "before the first day"
    if select.end_utc is not None and row.created_utc >= select.end_utc:
        return "after the last day"
    if select.min_score is not None and row.score is not None and row.score < select.min_score:
        return "score below the selection's"
    return None


def _key(path: Path, number: int, select: Selection | None) -> str:
    stat = os.stat(path)
    selection = "" if select is None else select.model_dump_json()
    parts = (_FORMAT, number, path.resolve(), path, stat.st_size, stat.st_mtime_ns, selection)
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:24]
