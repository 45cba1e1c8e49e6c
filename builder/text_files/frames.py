"""The bytes of a file, plain, zstd or gzip, in chunks; damaged stretches are reported and skipped.

A zstd file consists of frames. Reading cannot start within a frame, so each chunk names the frame
that it came from: reading can be resumed there. The chunks of a plain file are frames themselves.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import zstandard

from builder.errors import InputError
from builder.text_files.open_files import open_file

_MAX_WINDOW = 2**31  # what `zstd --long=31` writes; by default a decoder refuses it
_READ_BYTES = 1 << 14  # small, since highly repetitive text is thousands of times as long
_WRITE_BYTES = 1 << 20  # zstandard's default of 128 KiB copies a long chunk together many times
_FIX = "put the source there or correct its path in params.yaml"
_MAGIC = b"\x28\xb5\x2f\xfd"  # of a zstd frame, RFC 8878, section 3.1.1


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some bytes of the content, and the byte of the file at which their frame begins."""

    data: bytes
    frame_at: int


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of the file that cannot be read, near a byte of the file."""

    file_offset: int
    problem: str


def read_chunks(path: Path, frame_at: int) -> Iterator[Chunk | Damage]:
    """Yield the content from the beginning of a frame on; 0 for the whole file.

    Raises:
        InputError: If a file named .zst contains no zstd.
    """
    with open_file(path, fix=_FIX) as handle:
        handle.seek(frame_at)
        if path.suffix == ".zst":
            yield from _Frames(path, handle, frame_at).chunks()
        elif path.suffix == ".gz":
            yield from _gzip_chunks(handle)
        else:
            while data := handle.read(_READ_BYTES):
                yield Chunk(data, handle.tell() - len(data))


def _gzip_chunks(handle: BinaryIO) -> Iterator[Chunk | Damage]:
    """Yield the content of a gzip file as one frame."""
    try:
        with gzip.open(handle) as content:
            while data := content.read1(_WRITE_BYTES):
                yield Chunk(data, 0)
    except (gzip.BadGzipFile, EOFError, zlib.error) as exc:
        yield Damage(handle.tell(), f"not whole gzip ({exc})")


class _Frames:
    def __init__(self, path: Path, handle: BinaryIO, at: int) -> None:
        self._path, self._handle = path, handle
        self._data, self._at = b"", at  # read and not yet decompressed, and where it begins
        self._zstd = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)

    def chunks(self) -> Iterator[Chunk | Damage]:
        is_readable = self._at > 0
        while self._data or self._read():
            frame_at, frame = self._at, self._zstd.decompressobj(write_size=_WRITE_BYTES)
            try:
                for content in self._contents(frame):
                    is_readable = True
                    yield Chunk(content, frame_at)
            except zstandard.ZstdError as exc:
                damage = Damage(self._at, f"frame from byte {frame_at} is damaged")
                self._skip(max(frame_at + 1 - self._at, 0))
                if not self._find_frame() and not is_readable:
                    problem = f"not zstd ({exc})"
                    raise InputError(self._path, problem, "fetch the dump again") from exc
                yield damage
                continue
            is_readable = True
            if not frame.eof:
                yield Damage(self._at, f"file ends within the frame from byte {frame_at}")

    def _contents(self, frame: zstandard.ZstdDecompressionObj) -> Iterator[bytes]:
        while not frame.eof and (self._data or self._read()):
            if content := frame.decompress(self._data):
                yield content
            self._skip(len(self._data) - len(frame.unused_data))

    def _read(self) -> bool:
        """Read up to a multiple of `_READ_BYTES`, so that a resumed run sees the same chunks."""
        self._data += self._handle.read(_READ_BYTES - self._handle.tell() % _READ_BYTES)
        return bool(self._data)

    def _skip(self, n_bytes: int) -> None:
        self._data, self._at = self._data[n_bytes:], self._at + n_bytes

    def _find_frame(self) -> bool:
        """Skip to the next possible frame or the end of the file; return whether there is one."""
        while (at := self._data.find(_MAGIC)) < 0:
            self._skip(max(len(self._data) - len(_MAGIC) + 1, 0))
            n_before = len(self._data)
            self._read()
            if len(self._data) == n_before:
                self._skip(n_before)
                return False
        self._skip(at)
        return True
