"""Which licences were accepted, and what was fetched when: two JSON files in the folder of data."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from builder.catalog.fetching.register import Source
from builder.errors import InputError
from builder.tables import read_json, write_json

Told = dict[str, Any]
"""What is said of one fetched file: name, url, and bytes and checksum or the number of answers."""

_ACCEPTED = "licences.json"
_FETCHED = "fetched.json"


def is_accepted(folder: Path, source: Source) -> bool:
    """Return whether this licence of the source was accepted before; another one was not."""
    return bool(_accepted(folder).get(source.name, {}).get("licence") == source.licence)


def accept(folder: Path, source: Source, day: date) -> None:
    """Record that the licence was accepted."""
    entry = {
        "licence": source.licence,
        "page": source.licence_page,
        "accepted": day.isoformat(),
    }
    write_json(folder / _ACCEPTED, {**_accepted(folder), source.name: entry})


def _accepted(folder: Path) -> dict[str, Any]:
    place = folder / _ACCEPTED
    return dict(read_json(place)) if place.exists() else {}


def stamped(own: Path, source: Source, files: Iterable[Told], day: date) -> tuple[Told, ...]:
    """Return what is said of each file with the day of its retrieval, and record it.

    A file that is as it was keeps its day: running the command again retrieves nothing.
    """
    place = own / _FETCHED
    before = dict(read_json(place)).get("files", []) if place.exists() else []
    day_by_file = {_same(told): told["retrieved"] for told in before}
    told = tuple(
        {**file, "retrieved": day_by_file.get(_same(file), day.isoformat())} for file in files
    )
    receipt = {"source": source.name, "licence": source.licence, "page": source.licence_page}
    write_json(place, {**receipt, "files": told})
    return told


def _same(file: Told) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted((key, value) for key, value in file.items() if key != "retrieved"))


def unpack(archive: Path) -> None:
    """Unpack a zip beside itself.

    Raises:
        InputError: If it is no zip, is damaged, or would write outside its folder.
    """
    folder = archive.parent.resolve()
    try:
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                if not (folder / name).resolve().is_relative_to(folder):
                    raise InputError(archive, f"holds {name!r}", "it is not safe to unpack")
            opened.extractall(folder)
    except zipfile.BadZipFile as exc:
        raise InputError(archive, f"not a zip ({exc})", "delete it and fetch again") from exc
