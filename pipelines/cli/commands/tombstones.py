"""Tombstones: what people took back is put on the list, and looked for in everything made since."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import ahocorasick_rs
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from safetensors import SafetensorError, safe_open

from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.privacy.protection import KEY_VARIABLE, Privacy, pseudonym_key
from builder.dialogs.privacy.tombstones import Tombstone, Tombstones, read_tombstones
from builder.dialogs.reader_context import DumpSettings, ReaderContext
from builder.dialogs.readers.dialog_readers import read_source
from builder.errors import InputError
from builder.tables import write_bytes
from builder.yaml_files import read_yaml_document
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import read_params
from pipelines.runtime.stage import RunParams
from pipelines.stages.mine_dialogs import Params as MineDialogsParams

MADE = ("data/interim", "data/release", "data/reports")
"""The folders in which nothing taken back may stand."""
_USER_PREFIX = re.compile(r"^(?:/?[uU]/|@)")
_MAX_NEAR, _MIN_SIMILARITY = 3, 0.75
_BATCH_ROWS = 2_000
_MAX_PROBLEM_CHARS = 200
_SQLITE = b"SQLite format 3\0"
_ARROW_FILE = b"ARROW1"
"""How a file of the Arrow format begins; a stream does not."""
_ID_BYTES = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


@dataclass(frozen=True, slots=True)
class Looked:
    """One file that was looked through: its rows, and those that name what was taken back.

    `problem`: why it could not be read to its end.
    """

    path: str
    rows: int
    found: int
    problem: str | None = None


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
        """Whether every file was read, made after the list was last changed, and has nothing."""
        return self.replayed is True and not any(one.found or one.problem for one in self.files)


def add_tombstone(
    folder: Path,
    source: str,
    post: str | None,
    author: str | None,
    environment: Mapping[str, str],
    *,
    absent: bool = False,
) -> Tombstone:
    """Put a post, or an author by the pseudonym of the name, on the list and return the line.

    Args:
        folder: Of the project.
        source: Its name in params.yaml.
        post: An id.
        author: A name, "u/" before it or not.
        environment: May have the key of pseudonyms.
        absent: The source is not read to see whether it has the post or author.

    Raises:
        InputError: If the list or params.yaml cannot be read, the source is in neither or has no
            such post or author, or its pseudonyms need a key and there is none.
    """
    path = read_layout(folder)["tombstones"]
    stones = read_tombstones(path).stones
    settings = read_params(folder)
    params = settings.section(MineDialogsParams, "mine_dialogs")
    named = [spec for spec in params.sources if spec.name == source]
    if not named:
        sources = ", ".join(dict.fromkeys(spec.name for spec in params.sources))
        raise InputError(f"source {source}", "no such source of dialogs", f"one of {sources}")
    if author is not None:
        author = _USER_PREFIX.sub("", author.strip())
    if not absent:
        _require_presence(folder / params.root, named, params.dump, post, author)
    stone = Tombstone(source=source, post=post, absent=absent) if author is None else None
    if stone is None:
        seed = settings.section(RunParams, "run").seed
        is_needed = any(spec.names_people for spec in params.sources)
        key, _ = pseudonym_key(environment.get(KEY_VARIABLE), seed, is_needed=is_needed)
        privacy = Privacy(key)
        pseudonym = privacy.pseudonym(source, str(author))
        stone = Tombstone(source=source, author=pseudonym, key=privacy.fingerprint, absent=absent)
    lines = [
        orjson.dumps(one.model_dump(exclude_none=True, exclude_defaults=True))
        for one in dict.fromkeys((*stones, stone))
    ]
    write_bytes(path, b"".join(line + b"\n" for line in lines))
    return stone


def _require_presence(
    root: Path,
    sources: Sequence[DialogSource],
    dump: DumpSettings,
    post: str | None,
    author: str | None,
) -> None:
    """Make sure that the sources have the post or author; a misspelt one would remove nothing."""
    names: set[str] = set()
    with tempfile.TemporaryDirectory() as scratch:
        context = ReaderContext(_ignore, dump.scratch(Path(scratch)))
        for spec in sources:
            for thread in read_source(root, spec, context):
                for one in thread.posts:
                    name = one.author if author is not None else one.post_id
                    if name is not None:
                        names.add(name)
    wanted = author if author is not None else str(post)
    if wanted in names:
        return
    similar: dict[str, str] = {}
    for name in sorted(names):
        similar.setdefault(name.casefold(), name)
    near = get_close_matches(wanted.casefold(), similar, n=_MAX_NEAR, cutoff=_MIN_SIMILARITY)
    if post is not None:
        near += [f"{letter}{post}" for letter in ("t3_", "t1_") if f"{letter}{post}" in names]
    kind = "author" if author is not None else "post"
    like = f"similar: {', '.join(dict.fromkeys(similar.get(n, n) for n in near))}; " if near else ""
    fix = f"{like}--absent lists it although the source no longer has it"
    raise InputError(f"source {sources[0].name}", f"has no {kind} {wanted!r}", fix)


def _ignore(place: str, reason: str, detail: str) -> None:
    """Pass over what cannot be read: mine_dialogs reports it."""


def look_for_tombstones(folder: Path, environment: Mapping[str, str]) -> Absence:
    """Look through every file that stages made, row by row, for the ids on the list.

    Raises:
        InputError: If the list is malformed, or was made with another key than that of the
            environment.
    """
    path = read_layout(folder)["tombstones"]
    stones = read_tombstones(path)
    wanted = sorted(one.encode() for one in stones.ids | _keyed_ids(folder, stones, environment))
    search = ahocorasick_rs.BytesAhoCorasick(wanted) if wanted else None
    files = [f for made in MADE for f in sorted((folder / made).rglob("*")) if f.is_file()]
    looked = tuple(_look(file, file.relative_to(folder), search) for file in files)
    return Absence(len(stones.stones), _is_replayed(folder, path), looked)


def _keyed_ids(folder: Path, stones: Tombstones, environment: Mapping[str, str]) -> frozenset[str]:
    """Return what the listed posts of real people are called in the files that stages made."""
    if not stones.stones:
        return frozenset()
    settings = read_params(folder)
    sources = settings.section(MineDialogsParams, "mine_dialogs").sources
    seed = settings.section(RunParams, "run").seed
    is_needed = any(spec.names_people for spec in sources)
    key, _ = pseudonym_key(environment.get(KEY_VARIABLE), seed, is_needed=is_needed)
    privacy = Privacy(key)
    stones.require_key(privacy.fingerprint)
    spec_by_name = {spec.name: spec for spec in sources}
    return frozenset(
        privacy.public_id(spec_by_name[stone.source], stone.post)
        for stone in stones.stones
        if stone.post is not None and stone.source in spec_by_name
    )


def _look(file: Path, shown: Path, search: ahocorasick_rs.BytesAhoCorasick | None) -> Looked:
    n_rows = n_found = 0
    try:
        for row in rows_of(file):
            n_rows += 1
            n_found += search is not None and _names_one(row, search)
    except (OSError, ValueError, pa.ArrowException, sqlite3.Error, SafetensorError) as exc:
        problem = " ".join(str(exc).split())[:_MAX_PROBLEM_CHARS] or type(exc).__name__
        return Looked(shown.as_posix(), n_rows, n_found, problem)
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
    elif _begins(file, _SQLITE):
        yield from _sqlite_rows(file)
    elif file.suffix == ".safetensors":
        with safe_open(file, framework="numpy") as tensors:  # numbers name nobody, names may
            yield from map(str.encode, tensors.keys())
            yield orjson.dumps(tensors.metadata() or {})
    else:
        with file.open("rb") as handle:
            yield from handle


def _begins(file: Path, magic: bytes) -> bool:
    with file.open("rb") as handle:
        return handle.read(len(magic)) == magic


def _sqlite_rows(file: Path) -> Iterator[bytes]:
    uri = f"{file.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        connection.text_factory = bytes
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in tables.fetchall():
            quoted = name.decode().replace('"', '""')
            for row in connection.execute(f'SELECT * FROM "{quoted}"'):
                yield b"\x1f".join(
                    cell if isinstance(cell, bytes) else str(cell).encode() for cell in row
                )


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
    name = (path.relative_to(folder) if path.is_relative_to(folder) else path).as_posix()
    said = [dep.get("md5") for dep in deps if dep.get("path") == name]
    if not said or not path.exists():
        return None if not said else False
    return bool(said[0] == hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest())
