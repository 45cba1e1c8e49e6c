"""SHA256SUMS of a release folder, as `sha256sum -c SHA256SUMS` reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path


def sha256_of(path: Path) -> str:
    """Return the hash of a file, read in pieces."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def release_files(folder: Path) -> list[Path]:
    """Return every file below a folder, in the order of their paths.

    What begins with a dot is not part of a release: half-written files, and the .gitignore that
    DVC keeps in the folders of its outputs.
    """
    files = (path for path in folder.rglob("*") if path.is_file())
    shown = (path for path in files if not _is_hidden(path.relative_to(folder)))
    return sorted(shown, key=lambda path: path.relative_to(folder).as_posix())


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def checksum_lines(sha256_by_path: Mapping[str, str]) -> str:
    """Return the file's text, one "hash  path" a line in the order of the paths."""
    return "".join(f"{sha256_by_path[path]}  {path}\n" for path in sorted(sha256_by_path))
