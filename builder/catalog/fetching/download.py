"""Downloads that are resumed where they were cut, and checked by size and checksum before use.

What has arrived is kept next to the target as NAME.part, and the version that the server stated
(ETag or Last-Modified) as NAME.part.version: for another version the download starts again. Pooch
verifies the checksum and moves the whole file into place.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pooch

from builder.catalog.fetching.register import Http, RemoteFile
from builder.errors import InputError, SaferecError

_CHUNK_BYTES = 2**20
_AGENT = "saferec-builder"

Progress = Callable[[int, int | None], None]
"""Called with (bytes that have arrived, total bytes or None)."""


class DownloadError(SaferecError):
    """A download that did not succeed; what has arrived is kept for the next try."""


class _CutError(Exception):
    """The connection ended before the file did."""


def download(file: RemoteFile, folder: Path, settings: Http, progress: Progress) -> Path:
    """Return the file in the folder, fetched unless it is there with its checksum.

    Raises:
        DownloadError: If the server refuses, or the connection is cut too often.
        InputError: If the whole file is not the one that the register describes.
    """
    pooch.get_logger().setLevel("WARNING")
    target = folder / file.name
    if target.exists() and file.bytes not in (None, target.stat().st_size):
        raise InputError(target, "is another file", "move it away and fetch again")

    def fetch(url: str, output: str, _pooch: Any) -> None:
        part = _arrive(url, target, settings, progress)
        if file.bytes not in (None, part.stat().st_size):
            size = part.stat().st_size
            _forget(part)
            problem = f"has {size:,} bytes, the register says {file.bytes:,}"
            raise InputError(url, problem, "its publisher changed it: update the register")
        part.replace(output)
        _forget(part)

    try:
        pooch.retrieve(
            url=file.url, known_hash=file.checksum, fname=file.name, path=folder, downloader=fetch
        )
    except ValueError as exc:
        problem = "is not the file that the register describes (checksum)"
        raise InputError(
            file.url, problem, "fetch again; if it stays, update the register"
        ) from exc
    return target


def remote_bytes(url: str, settings: Http) -> int | None:
    """Return the size that a server states for a file; None if it states none."""
    request = urllib.request.Request(url, headers={"User-Agent": _AGENT}, method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=settings.timeout_s) as reply:
            stated = reply.headers.get("Content-Length")
    except (OSError, http.client.HTTPException):
        return None  # the download will report what is wrong
    return int(stated) if stated and stated.isdecimal() else None


def _arrive(url: str, target: Path, settings: Http, progress: Progress) -> Path:
    part = target.with_name(f"{target.name}.part")
    problem = ""
    for attempt in range(settings.attempts):
        if attempt:
            time.sleep(settings.retry_wait_s * 2 ** (attempt - 1))
        try:
            _receive(url, part, settings, progress)
            return part
        except urllib.error.HTTPError as exc:
            exc.close()
            problem = f"the server answered {exc.code}"
            if exc.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                _forget(part)  # what has arrived is longer than the file: start again
            elif exc.code < http.HTTPStatus.INTERNAL_SERVER_ERROR:
                break
        except (OSError, http.client.HTTPException, _CutError) as exc:
            problem = str(exc) or type(exc).__name__
    have = part.stat().st_size if part.exists() else 0
    raise DownloadError(
        f"{url}: {problem}; {have:,} bytes are kept, run the command again to go on"
    )


def _receive(url: str, part: Path, settings: Http, progress: Progress) -> None:
    version = part.with_name(f"{part.name}.version")
    have = part.stat().st_size if part.exists() and version.exists() else 0
    request = urllib.request.Request(url, headers={"User-Agent": _AGENT})
    if have:
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", version.read_text())
    with urllib.request.urlopen(request, timeout=settings.timeout_s) as reply:
        goes_on = reply.status == http.HTTPStatus.PARTIAL_CONTENT
        have = have if goes_on else 0
        length = reply.headers.get("Content-Length")
        total = have + int(length) if length and length.isdecimal() else None
        version_tag = reply.headers.get("ETag") or reply.headers.get("Last-Modified")
        if not goes_on:
            version.unlink(missing_ok=True)
        if version_tag and not version_tag.startswith("W/"):
            version.write_text(version_tag)
        with part.open("ab" if goes_on else "wb") as handle:
            while chunk := reply.read1(_CHUNK_BYTES):
                handle.write(chunk)
                have += len(chunk)
                progress(have, total)
    if total is not None and have < total:
        raise _CutError(f"the connection was cut at {have:,} of {total:,} bytes")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    part.with_name(f"{part.name}.version").unlink(missing_ok=True)
