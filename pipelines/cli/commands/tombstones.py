"""Tombstones: what people took back is put on the list, and looked for in everything made since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import ahocorasick_rs
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from builder.dialogs.privacy.protection import KEY_VARIABLE, Privacy, pseudonym_key
from builder.dialogs.privacy.tombstones import Tombstone, read_tombstones
from builder.errors import InputError
from builder.tables import write_bytes
from builder.yaml_files import read_yaml_document
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import read_params
from pipelines.runtime.stage import RunParams
from pipelines.stages.mine_dialogs import Params as MineDialogsParams

MADE = ("data/interim", "data/release", "data/reports")
"""The folders in which nothing taken back may stand."""
_BATCH_ROWS = 2_000
_ARROW_FILE = b"ARROW1"
"""How a file of the Arrow format begins; a stream does not."""
_ID_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


@dataclass(frozen=True, slots=True)
class Looked:
    """One file that was looked through: its rows, and those that name what was taken back."""

    path: str
    rows: int
    found: int


@dataclass(frozen=True, slots=True)
class Absence:
    """Whether what was taken back is gone.

    `replayed`: dialogs were last made from the list as it is now, None where dvc.lock knows of no
    run.
    """

    tombstones: int
    replayed: bool | None
    files: tuple[Looked, ...]

    @property
    def is_proven(self) -> bool:
        """Whether nothing was found, in files made after the list was last changed."""
        return self.replayed is True and not any(looked.found for looked in self.files)


def add_tombstone(
    folder: Path, source: str, post: str | None, author: str | None, environment: Mapping[str, str]
) -> Tombstone:
    """Put a post, or an author by the pseudonym of the name, on the list and return the line.

    Raises:
        InputError: If the list or params.yaml cannot be read, the source is in neither, or its
            pseudonyms need a key and there is none.
    """
    path = read_layout(folder)["tombstones"]
    stones = read_tombstones(path).stones
    settings = read_params(folder)
    sources = settings.section(MineDialogsParams, "mine_dialogs").sources
    if source not in {spec.name for spec in sources}:
        known = ", ".join(dict.fromkeys(spec.name for spec in sources))
        raise InputError(f"source {source}", "no such source of dialogs", f"one of {known}")
    if author is not None:
        seed = settings.section(RunParams, "run").seed
        is_needed = any(spec.names_people for spec in sources)
        key, _ = pseudonym_key(environment.get(KEY_VARIABLE), seed, is_needed=is_needed)
        author = Privacy(key).pseudonym(source, author)
    stone = Tombstone(source=source, post=post, author=author)
    lines = [
        orjson.dumps(one.model_dump(exclude_none=True)) for one in dict.fromkeys((*stones, stone))
    ]
    write_bytes(path, b"".join(line + b"\n" for line in lines))
    return stone


def look_for_tombstones(folder: Path) -> Absence:
    """Look through every file that stages made, row by row, for the ids on the list.

    Raises:
        InputError: If the list is malformed.
    """
    path = read_layout(folder)["tombstones"]
    stones = read_tombstones(path)
    wanted = sorted(one.encode() for one in stones.ids)
    search = ahocorasick_rs.BytesAhoCorasick(wanted) if wanted else None
    files = [f for made in MADE for f in sorted((folder / made).rglob("*")) if f.is_file()]
    looked = tuple(_look(file, file.relative_to(folder), search) for file in files)
    return Absence(len(stones.stones), _is_replayed(folder, path), looked)


def _look(file: Path, shown: Path, search: ahocorasick_rs.BytesAhoCorasick | None) -> Looked:
    n_rows = n_found = 0
    for row in rows_of(file):
        n_rows += 1
        n_found += search is not None and _names_one(row, search)
    return Looked(shown.as_posix(), n_rows, n_found)


def _names_one(row: bytes, search: ahocorasick_rs.BytesAhoCorasick) -> bool:
    return any(
        not _ID_BYTES.intersection(row[max(start - 1, 0) : start] + row[end : end + 1])
        for _, start, end in search.find_matches_as_indexes(row, overlapping=True)
    )


def rows_of(file: Path) -> Iterator[bytes]:
    """Yield a file's rows as bytes: of a table its rows, of anything else its lines."""
    if file.suffix == ".parquet":
        yield from _dumped(pq.ParquetFile(file).iter_batches(batch_size=_BATCH_ROWS))
    elif file.suffix == ".arrow":
        with pa.memory_map(str(file)) as source:
            is_file = source.read(len(_ARROW_FILE)) == _ARROW_FILE
            source.seek(0)
            if is_file:
                yield from _dumped(pa.ipc.open_file(source).read_all().to_batches())
            else:
                yield from _dumped(pa.ipc.open_stream(source))
    else:
        with file.open("rb") as handle:
            yield from handle


def _dumped(batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    for batch in batches:
        for row in batch.to_pylist():
            yield orjson.dumps(row, default=str)


def _is_replayed(folder: Path, path: Path) -> bool | None:
    lock = folder / "dvc.lock"
    if not lock.exists():
        return None
    stages = (read_yaml_document(lock) or {}).get("stages") or {}
    deps = stages.get("mine_dialogs", {}).get("deps", [])
    name = path.relative_to(folder).as_posix()
    said = [dep.get("md5") for dep in deps if dep.get("path") == name]
    if not said or not path.exists():
        return None if not said else False
    return bool(said[0] == hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest())
