"""The files of a dump, and the lines of any text file, plain or zstd; bad lines are rejected."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path

from builder.dialogs.dumps.blocks import START, read_blocks
from builder.errors import InputError
from builder.sources import Reject, require

_ENDINGS = (".ndjson", ".jsonl", ".zst")


def dump_files(path: Path) -> list[Path]:
    """Return the file, or the dump files of a folder: RS_* (submissions) first, then RC_*.

    Dumps of one community, NAME_submissions and NAME_comments, count too.

    Raises:
        InputError: If the folder contains none of them.
    """
    if not require(path).is_dir():
        return [path]
    kinds = (("RS_*", "*_submissions*"), ("RC_*", "*_comments*"))
    named = [f for kind in kinds for f in sorted({f for name in kind for f in path.glob(name)})]
    files = [file for file in dict.fromkeys(named) if file.name.endswith(_ENDINGS)]
    if not files:
        wanted = "put RS_*.ndjson and RC_*.ndjson there, or the same ending in .zst"
        raise InputError(path, "holds no dump files", wanted)
    return files


def read_good_lines(path: Path, reject: Reject) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end); a line that is not UTF-8 is rejected.

    A byte order mark before the first line, as spreadsheets write it, is skipped.

    Raises:
        InputError: If the file is missing, or is named .zst and contains no zstd.
    """
    for block in read_blocks(require(path), START, reject):
        offset = block.begin.offset
        for number, line in enumerate(block.data.split(b"\n"), start=block.begin.line):
            if number == block.after.line and not line:
                break  # nothing follows the last line end
            if number == 1:
                line = line.removeprefix(BOM_UTF8)
            try:
                yield number, line.decode("utf-8").rstrip("\r")
            except UnicodeDecodeError as exc:
                detail = f"byte {exc.start + 1} of the line, line from byte {offset}"
                reject(f"{path}:{number}", "not UTF-8", detail)
            offset += len(line) + 1
