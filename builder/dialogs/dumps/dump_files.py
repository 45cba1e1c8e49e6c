"""The files of a dump, and the lines of any text file, plain or zstd; bad lines are rejected."""

from __future__ import annotations

from pathlib import Path

from builder.errors import InputError
from builder.sources import require

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
        raise InputError(path, "contains no dump files", wanted)
    return files
