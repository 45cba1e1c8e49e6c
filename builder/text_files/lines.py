"""The lines of any text file, plain or zstd, one bad line at a time."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path

from builder.errors import Reject
from builder.text_files.blocks import START, read_blocks


def byte_lines(path: Path, reject: Reject) -> Iterator[tuple[int, int, bytes]]:
    """Yield (line number from 1, offset in the content, line without its end).

    A byte order mark before the first line is left out.

    Raises:
        InputError: If the file cannot be read, is UTF-16, or is named .zst and holds no zstd.
    """
    for block in read_blocks(path, START, reject):
        offset = block.begin.offset
        for number, line in enumerate(block.data.split(b"\n"), start=block.begin.line):
            if number == block.after.line and not line:
                break  # what follows the last line end
            content = line.removeprefix(BOM_UTF8) if number == 1 else line
            yield number, offset, content.rstrip(b"\r")
            offset += len(line) + 1


def read_lines(path: Path, reject: Reject) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end); a line that is not UTF-8 is rejected.

    Raises:
        InputError: As `byte_lines`.
    """
    for number, offset, line in byte_lines(path, reject):
        try:
            yield number, line.decode("utf-8")
        except UnicodeDecodeError as exc:
            detail = f"byte {exc.start + 1} of the line, line from byte {offset}"
            reject(f"{path}:{number}", "not UTF-8", detail)
