"""`saferec fetch`: what publishers offer comes into a folder, the rest is said in a line."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from builder.catalog.fetching.ddd_api import DddApi, Pace, fetch_answers
from builder.catalog.fetching.download import Progress, checksum_of, download, remote_bytes
from builder.catalog.fetching.licences import FileRecord, accept, is_accepted, stamped, unpack
from builder.catalog.fetching.register import REGISTER, Api, Http, Register, Source, read_register
from builder.errors import InputError
from builder.keys import key_from
from builder.records import Item
from builder.tables import iter_table

Ask = Callable[[Source], bool]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What is there now, and the line of params.yaml that reads it."""

    source: str
    folder: str
    files: tuple[dict[str, Any], ...]
    setting: dict[str, Any]


def sources_to_fetch(path: Path = REGISTER) -> list[Source]:
    """Return the register's sources."""
    return read_register(path).sources


def fetch(
    name: str,
    folder: Path,
    ask: Ask,
    progress: Progress,
    *,
    items: Path,
    limit: int | None,
    today: date,
    environment: Mapping[str, str] = os.environ,
    path: Path = REGISTER,
) -> Fetched | str:
    """Return what was fetched into folder/NAME, or the line that says how to obtain it.

    Args:
        name: Of a source in the register.
        folder: Of all fetched data; the licences accepted are recorded there.
        ask: Shows a licence that was not accepted before and returns whether it is now.
        progress: Told how far a file, or the answers of an API, have come.
        items: The catalogue whose films an API is asked for, the most popular first.
        limit: Films to ask for at most, all without.
        today: The retrieval date.
        environment: Holds the key of an API.
        path: The register.

    Raises:
        InputError: For an unknown name, a licence not accepted, a missing key.
        DownloadError: If the publisher does not answer.
    """
    register = read_register(path)
    source = register.find(name)
    if source.obtain is not None:
        return f"{source.name} ({source.licence}, {source.licence_page}): {source.obtain}"
    key = None if source.api is None else key_from(environment, source.api.key_from)
    if source.api is not None and key is None:
        place = f"environment variable {source.api.key_from}"
        raise InputError(place, "is not set", source.api.obtain)
    _agree(source, folder, ask, today, register.http)
    own = folder / source.name
    if source.api is not None and key is not None:
        told = [_answers(source.api, key, own / source.path, register, progress, items, limit)]
    else:
        told = _files(source, own, register, progress)
    files = stamped(own, source, told, today)
    setting = {
        "name": source.name,
        "reader": source.reader,
        "path": os.path.normpath(Path(source.name, source.path)),
        "licence": source.licence,
        "retrieved": min(file["retrieved"] for file in files),
        **({"options": source.options} if source.options else {}),
    }
    return Fetched(source.name, str(own), files, setting)


def _agree(source: Source, folder: Path, ask: Ask, today: date, http: Http) -> None:
    if is_accepted(folder, source):
        return
    if not ask(_with_sizes(source, http)):
        found = f"its licence ({source.licence}) is not accepted"
        raise InputError(source.name, found, f"read {source.licence_page}, then add --accept")
    accept(folder, source, today)


def _with_sizes(source: Source, http: Http) -> Source:
    """Return the source with the sizes that its publisher's server tells, where it tells them."""
    files = source.files and [
        file if file.bytes else file.model_copy(update={"bytes": remote_bytes(file.url, http)})
        for file in source.files
    ]
    return source.model_copy(update={"files": files})


def _files(source: Source, own: Path, register: Register, progress: Progress) -> list[FileRecord]:
    own.mkdir(parents=True, exist_ok=True)
    told = []
    for file in source.files or ():
        place = download(file, own, register.http, progress)
        if file.unpack:
            unpack(place)
        checksum = file.checksum or checksum_of(place)
        size = place.stat().st_size
        told.append({"name": file.name, "url": file.url, "bytes": size, "checksum": checksum})
    return told


def _answers(
    api: Api,
    key: str,
    target: Path,
    register: Register,
    progress: Progress,
    items: Path,
    limit: int | None,
) -> FileRecord:
    films = [item for item in iter_table(items, Item) if item.item_id.startswith("imdb:")]
    films.sort(key=lambda item: (-(item.popularity or 0), item.item_id))
    wanted = [item.item_id.removeprefix("imdb:") for item in films[:limit]]
    with DddApi(api, key, register.http, Pace(api.requests_per_second)) as client:
        asked, known = fetch_answers(client, wanted, target, lambda n: progress(n, len(wanted)))
    return {"name": target.name, "url": api.url, "answers": asked + known}
