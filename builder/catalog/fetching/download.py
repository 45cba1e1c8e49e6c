"""Downloads that are resumed where they were cut, and checked by size and checksum before use.

What has arrived is kept next to the target as NAME.part, and the version that the server stated
(ETag or Last-Modified) as NAME.part.version: for another version the download starts again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import httpx2

from builder.catalog.fetching.http_client import AttemptError, attempt, open_client, retrying
from builder.catalog.fetching.register import Http, RemoteFile
from builder.errors import InputError, SaferecError

Progress = Callable[[int, int | None], None]
"""Called with (bytes that have arrived, total bytes or None)."""


class DownloadError(SaferecError):
    """A download that did not succeed; what has arrived is kept for the next try."""


def download(file: RemoteFile, folder: Path, settings: Http, progress: Progress) -> Path:
    """Return the file in the folder, fetched unless it is there with its checksum.

    Raises:
        DownloadError: If the server refuses, or the connection is cut too often.
        InputError: If the whole file is not the one that the register describes.
    """
    target = folder / file.name
    if target.exists():
        if file.bytes not in (None, target.stat().st_size):
            raise InputError(
                target, "has another size than the file to fetch", "move it away and fetch again"
            )
        if _has_checksum(target, file):
            return target
    part = target.with_name(f"{target.name}.part")
    _fetch(file.url, part, settings, progress)
    try:
        _require(part, file)
        part.replace(target)
    finally:
        _forget(part)
    return target


def checksum_of(path: Path, algorithm: str = "sha256") -> str:
    """Return a file's checksum as the register writes it: "sha256:..." or "md5:..."."""
    with path.open("rb") as handle:
        return f"{algorithm}:{hashlib.file_digest(handle, algorithm).hexdigest()}"


def remote_bytes(url: str, settings: Http) -> int | None:
    """Return the size that a server states for a file; None if it states none."""
    try:
        with open_client(settings) as client:
            reply = client.head(url)
    except httpx2.HTTPError:
        return None  # the download will report what is wrong
    return _length(reply) if reply.is_success else None


def _has_checksum(path: Path, file: RemoteFile) -> bool:
    if file.checksum is None:
        return True
    return checksum_of(path, file.checksum.partition(":")[0]) == file.checksum


def _require(part: Path, file: RemoteFile) -> None:
    n_bytes = part.stat().st_size
    if file.bytes not in (None, n_bytes):
        problem = f"has {n_bytes:,} bytes, the register says {file.bytes:,}"
        raise InputError(
            file.url, problem, "the publisher may have changed it: update the register"
        )
    if not _has_checksum(part, file):
        problem = "is not the file that the register describes (checksum)"
        raise InputError(
            file.url, problem, "fetch it again; if that does not help, update the register"
        )


def _fetch(url: str, part: Path, settings: Http, progress: Progress) -> None:
    try:
        with open_client(settings) as client:
            retrying(settings)(_receive, client, url, part, progress)
    except (AttemptError, OSError) as exc:
        n_bytes = part.stat().st_size if part.exists() else 0
        raise DownloadError(
            f"{url}: {exc}; {n_bytes:,} bytes are kept; run the command again to resume"
        ) from exc


def _receive(client: httpx2.Client, url: str, part: Path, progress: Progress) -> None:
    """Append what is missing of a file, or all of it where its version is another.

    Raises:
        AttemptError: If the server refuses or the connection is cut.
    """
    version = _version_file(part)
    n_bytes = part.stat().st_size if part.exists() and version.exists() else 0
    headers = {"Range": f"bytes={n_bytes}-", "If-Range": version.read_text()} if n_bytes else {}
    with attempt(), client.stream("GET", url, headers=headers) as reply:
        if reply.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            _forget(part)
            raise AttemptError(
                "the partial file is longer than the file on the server", is_transient=True
            )
        reply.raise_for_status()
        is_rest = reply.status_code == HTTPStatus.PARTIAL_CONTENT
        if not is_rest:
            n_bytes = 0
            version.unlink(missing_ok=True)
        version_tag = reply.headers.get("ETag") or reply.headers.get("Last-Modified")
        if version_tag and not version_tag.startswith("W/"):
            version.write_text(version_tag)
        length = _length(reply)
        total = None if length is None else n_bytes + length
        with part.open("ab" if is_rest else "wb") as handle:
            for chunk in reply.iter_raw():
                handle.write(chunk)
                n_bytes += len(chunk)
                progress(n_bytes, total)


def _length(reply: httpx2.Response) -> int | None:
    stated = reply.headers.get("Content-Length", "")
    return int(stated) if stated.isdecimal() else None


def _version_file(part: Path) -> Path:
    return part.with_name(f"{part.name}.version")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _version_file(part).unlink(missing_ok=True)
