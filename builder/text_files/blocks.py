"""Whole lines of a dump file in blocks of about a megabyte, with their numbers and offsets.

Decompression runs in its own thread: zstd releases the interpreter while it works.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from builder.errors import InputError, Reject, SaferecError
from builder.text_files.frames import Damage, read_chunks
from builder.text_files.open_files import refuse_utf16

BLOCK_BYTES = 1 << 20  # fits a core's cache: twice as fast as 4 MiB
MAX_LINE_BYTES = 1 << 24
"""A longer line is no post: Reddit's longest has 40,000 characters, its JSON some 300 kB."""
_NEWLINE = ord("\n")
_BLOCKS_AHEAD = 3  # more only take memory


@dataclass(frozen=True, slots=True)
class Position:
    """A place from which reading can be resumed: the beginning of a line.

    Attributes:
        offset: Bytes of content before it.
        line: Number of the line, from 1.
        frame_at: Byte of the file at which its frame begins.
        frame_offset: Bytes of content before that frame.
    """

    offset: int
    line: int
    frame_at: int
    frame_offset: int


START = Position(0, 1, 0, 0)
_Frame = tuple[int, int]  # (where it begins in the file, bytes of content before it)


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines; the last line of a file may lack its line end.

    Attributes:
        data: The lines.
        ends: (n_lines,) int64, offset in `data` of each line end, or of where it would be.
        begin: Position of the block.
        after: Position of the next block.
    """

    data: bytes
    ends: NDArray[np.int64] = field(compare=False)
    begin: Position
    after: Position


@dataclass(frozen=True, slots=True)
class _Cut:
    """Whole lines, with the frames in which they and what follows them begin."""

    data: bytes
    offset: int
    frame: _Frame
    next_frame: _Frame


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """What could not be read: a line at an offset of the content, or bytes at a place."""

    reason: str
    detail: str
    offset: int = 0
    place: str | None = None


_Result = _Cut | _Unreadable | Exception | None


def read_blocks(path: Path, start: Position, reject: Reject) -> Iterator[Block]:
    """Yield the lines from a position on, read ahead by a thread.

    Damaged stretches, lines cut off by one, and lines longer than `MAX_LINE_BYTES` are rejected
    before the block that follows them.

    Raises:
        InputError: If the file cannot be read, or is named .zst and contains no zstd.
    """
    ahead: queue.Queue[_Result] = queue.Queue(_BLOCKS_AHEAD)
    stopped, line = threading.Event(), start.line
    thread = threading.Thread(target=_fill, args=(path, start, ahead, stopped), daemon=True)
    thread.start()
    try:
        while (result := ahead.get()) is not None:
            if isinstance(result, Exception):
                raise result
            if isinstance(result, _Cut):
                block = _block(result, line)
                line = block.after.line
                yield block
            elif result.place is not None:
                reject(result.place, result.reason, result.detail)
            else:
                at = f"from byte {result.offset} of the content"
                reject(f"{path}:{line}", result.reason, f"{result.detail}, {at}")
                line += 1
    finally:
        stopped.set()
        thread.join()


def _block(cut: _Cut, line: int) -> Block:
    ends = np.flatnonzero(np.frombuffer(cut.data, dtype=np.uint8) == _NEWLINE)
    if not cut.data.endswith(b"\n"):
        ends = np.append(ends, len(cut.data))
    begin = Position(cut.offset, line, *cut.frame)
    after = Position(cut.offset + len(cut.data), line + len(ends), *cut.next_frame)
    return Block(cut.data, ends, begin, after)


def _fill(
    path: Path, start: Position, ahead: queue.Queue[_Result], stopped: threading.Event
) -> None:
    def offer(result: _Result) -> None:
        while not stopped.is_set():
            try:
                return ahead.put(result, timeout=0.1)
            except queue.Full:
                continue
        return None

    try:
        for result in _Cutter(path, start).cuts():
            offer(result)
            if stopped.is_set():
                return
        offer(None)
    except OSError as exc:
        offer(InputError(path, f"cannot be read ({exc.strerror})", "expected a file to read"))
    except (SaferecError, MemoryError) as exc:
        offer(exc)


class _Cutter:
    """Cuts the content of a file at line ends."""

    def __init__(self, path: Path, start: Position) -> None:
        self._path, self._start = path, start
        self._at = start.offset  # of the first byte in `_waiting`
        self._frames: list[_Frame] = [(start.frame_at, start.frame_offset)]
        self._waiting: list[bytes] = []
        self._n_waiting = 0
        self._is_skipping = False  # within a line that is too long

    def cuts(self) -> Iterator[_Cut | _Unreadable]:
        content, start = self._start.frame_offset, self._start.offset
        for chunk in read_chunks(self._path, self._start.frame_at):
            if isinstance(chunk, Damage):
                yield from self._flush(is_cut=True)
                place = f"{self._path}:byte {chunk.file_offset}"
                yield _Unreadable("damaged compression", chunk.problem, place=place)
                continue
            if not content:
                refuse_utf16(self._path, chunk.data)
            if chunk.frame_at != self._frames[-1][0]:
                self._frames.append((chunk.frame_at, content))
            content += len(chunk.data)
            if content <= start:
                continue
            data = chunk.data[max(len(chunk.data) - (content - start), 0) :]
            self._waiting.append(data)
            self._n_waiting += len(data)
            if self._n_waiting >= BLOCK_BYTES:
                yield from self._cut()
        yield from self._flush(is_cut=False)

    def _cut(self) -> Iterator[_Cut | _Unreadable]:
        *whole, last = self._waiting
        end = last.rfind(b"\n") + 1
        if end == 0 and any(b"\n" in part for part in whole):  # a line longer than a chunk
            whole, last = [], b"".join(self._waiting)
            end = last.rfind(b"\n") + 1
        if end:
            yield from self._lines(b"".join([*whole, last[:end]]))
            self._waiting, self._n_waiting = [last[end:]], len(last) - end
        if self._n_waiting > MAX_LINE_BYTES or (self._is_skipping and self._n_waiting):
            if not self._is_skipping:
                yield _Unreadable("line too long", f"more than {MAX_LINE_BYTES:,} bytes", self._at)
            self._is_skipping = True
            self._advance(self._n_waiting)
            self._waiting, self._n_waiting = [], 0

    def _flush(self, *, is_cut: bool) -> Iterator[_Cut | _Unreadable]:
        joined = b"".join(self._waiting)
        self._waiting, self._n_waiting = [], 0
        end = joined.rfind(b"\n") + 1
        yield from self._lines(joined[:end])
        rest = joined[end:]
        if self._is_skipping:
            self._advance(len(rest))
            self._is_skipping = False
        elif rest and is_cut:
            yield _Unreadable("line cut off", f"{len(rest)} bytes before the damage", self._at)
            self._advance(len(rest))
        else:
            yield from self._lines(rest)

    def _lines(self, data: bytes) -> Iterator[_Cut]:
        if self._is_skipping and (end := data.find(b"\n") + 1):
            self._advance(end)
            data, self._is_skipping = data[end:], False
        if data and not self._is_skipping:
            offset, frame = self._at, self._frames[0]
            self._advance(len(data))
            yield _Cut(data, offset, frame, self._frames[0])

    def _advance(self, n_bytes: int) -> None:
        self._at += n_bytes
        while len(self._frames) > 1 and self._frames[1][1] <= self._at:
            self._frames.pop(0)
