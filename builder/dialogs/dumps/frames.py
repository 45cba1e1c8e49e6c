"""The bytes of a dump file, plain or zstd, in pieces; a damaged stretch is told and passed over.

A zstd file is one frame or several. Nobody can start inside a frame, so each piece names the frame
that it came from: reading can begin again there. The pieces of a plain file are frames themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import zstandard

from builder.errors import InputError

_MAX_WINDOW = 2**31  # what `zstd --long=31` writes; a decoder refuses more than it was told of
_READ_BYTES = 1 << 14  # small: a piece of highly repetitive text is thousands of times as long
_WRITE_BYTES = 1 << 20  # at once; zstandard's own 128 KiB copies a long piece together many times
_MAGIC = b"\x28\xb5\x2f\xfd"  # of a zstd frame, RFC 8878, section 3.1.1


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of the content. `frame_at` is where their frame begins in the file, in bytes."""

    data: bytes
    frame_at: int


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of the file that cannot be read, near a byte of the file."""

    file_offset: int
    found: str


def read_pieces(path: Path, frame_at: int) -> Iterator[Piece | Damage]:
    """Yield the content from the beginning of a frame on, 0 for the whole file.

    Raises:
        InputError: If a file named .zst holds nothing that is zstd.
    """
    with path.open("rb") as handle:
        handle.seek(frame_at)
        if path.suffix == ".zst":
            yield from _Frames(path, handle, frame_at).pieces()
        else:
            while data := handle.read(_READ_BYTES):
                yield Piece(data, handle.tell() - len(data))


class _Frames:
    def __init__(self, path: Path, handle: BinaryIO, at: int) -> None:
        self._path, self._handle = path, handle
        self._data, self._at = b"", at  # what was read and not decompressed, and where it begins
        self._zstd = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)

    def pieces(self) -> Iterator[Piece | Damage]:
        is_readable = self._at > 0
        while self._data or self._read():
            frame_at, frame = self._at, self._zstd.decompressobj(write_size=_WRITE_BYTES)
            try:
                for content in self._contents(frame):
                    is_readable = True
                    yield Piece(content, frame_at)
            except zstandard.ZstdError as exc:
                damage = Damage(self._at, f"frame from byte {frame_at} is damaged")
                self._skip(max(frame_at + 1 - self._at, 0))
                if not self._find_frame() and not is_readable:
                    found = f"not zstd ({exc})"
                    raise InputError(self._path, found, "fetch the dump again") from exc
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
        """Read up to the next multiple of `_READ_BYTES`, so that a restart reads the same parts."""
        self._data += self._handle.read(_READ_BYTES - self._handle.tell() % _READ_BYTES)
        return bool(self._data)

    def _skip(self, n_bytes: int) -> None:
        self._data, self._at = self._data[n_bytes:], self._at + n_bytes

    def _find_frame(self) -> bool:
        """Go to where a frame may begin, or to the end of the file; return whether there is one."""
        while (found := self._data.find(_MAGIC)) < 0:
            self._skip(max(len(self._data) - len(_MAGIC) + 1, 0))
            n_before = len(self._data)
            self._read()
            if len(self._data) == n_before:
                self._skip(n_before)
                return False
        self._skip(found)
        return True
