"""Rows of Pushshift dumps: JSON Lines, plain or compressed by zstd with windows up to 2 GiB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard

from builder.errors import InputError
from builder.sources import Reject, parse_json_lines, read_json_lines, require

_MAX_WINDOW = 2**31
_CHUNK_BYTES = 1 << 20
_ENDINGS = (".ndjson", ".jsonl", ".zst")


def dump_files(path: Path) -> list[Path]:
    """Return the file, or the dump files of a folder: RS_* (submissions) first, then RC_*.

    Raises:
        InputError: If the folder holds none of them.
    """
    if not require(path).is_dir():
        return [path]
    named = [f for kind in ("RS_*", "RC_*") for f in sorted(path.glob(kind))]
    files = [file for file in named if file.name.endswith(_ENDINGS)]
    if not files:
        wanted = "put RS_*.ndjson and RC_*.ndjson there, or the same ending in .zst"
        raise InputError(path, "holds no dump files", wanted)
    return files


def read_dump(path: Path, reject: Reject) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (place "file:line", object), reading line by line.

    A line that is no JSON object, such as one cut off, is rejected.

    Raises:
        InputError: If the file is damaged, ends within its compressed frame, or is not UTF-8.
    """
    if path.suffix == ".zst":
        yield from parse_json_lines(path, _zstd_lines(path), reject)
    else:
        yield from read_json_lines(path, reject)


def _zstd_lines(path: Path) -> Iterator[tuple[int, str]]:
    rest, number = b"", 0
    for chunk in _decompressed(path):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            number += 1
            yield number, _decoded(path, number, line)
    if rest:
        yield number + 1, _decoded(path, number + 1, rest)


def _decoded(path: Path, number: int, line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as exc:
        found = f"byte {exc.start + 1} is not utf-8"
        raise InputError(f"{path}:{number}", found, "fetch the dump again") from exc


def _decompressed(path: Path) -> Iterator[bytes]:
    """Yield the content of one frame or several; a plain stream reader hides a missing end."""
    new = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW).decompressobj
    frame, is_open = new(), False
    with path.open("rb") as handle:
        while data := handle.read(_CHUNK_BYTES):
            while data:
                if frame.eof:
                    frame = new()
                try:
                    yield frame.decompress(data)
                except zstandard.ZstdError as exc:
                    raise InputError(path, f"not zstd ({exc})", "fetch the dump again") from exc
                is_open, data = not frame.eof, frame.unused_data
    if is_open:
        raise InputError(path, "ends within its compressed frame", "fetch the dump again")
