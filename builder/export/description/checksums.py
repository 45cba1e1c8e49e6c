"""The file SHA256SUMS of a release folder, as `sha256sum -c SHA256SUMS` reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ReleasedFile:
    """A file of a release.

    Attributes:
        path: Relative to the release folder, with forward slashes.
        n_bytes: Size of the file.
        sha256: Hash of its content, in hexadecimal.
    """

    path: str
    n_bytes: int
    sha256: str


def release_files(folder: Path) -> list[Path]:
    """Return every file below a folder, sorted by path.

    Names that begin with a dot are not part of a release: half-written files, and the .gitignore
    that DVC keeps in the folders of its outputs.
    """
    files = (path for path in folder.rglob("*") if path.is_file())
    shown = (path for path in files if not _is_hidden(path.relative_to(folder)))
    return sorted(shown, key=lambda path: path.relative_to(folder).as_posix())


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def read_released(folder: Path, path: Path) -> ReleasedFile:
    """Return a file of the release folder with its hash, without reading it whole into memory."""
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return ReleasedFile(path.relative_to(folder).as_posix(), path.stat().st_size, digest)


def as_released(path: str, content: bytes) -> ReleasedFile:
    """Return a file that is yet to be written with this content."""
    return ReleasedFile(path, len(content), hashlib.sha256(content).hexdigest())


def checksum_lines(files: Iterable[ReleasedFile]) -> str:
    """Return the text of SHA256SUMS, one "hash  path" per line, sorted by path."""
    return "".join(f"{f.sha256}  {f.path}\n" for f in sorted(files, key=lambda f: f.path))
