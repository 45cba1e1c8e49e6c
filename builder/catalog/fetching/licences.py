"""Which licences were accepted, and what was fetched when: two JSON files in the data folder."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from builder.catalog.fetching.register import Source
from builder.errors import InputError
from builder.tables import write_json
from builder.text_files.json_text import read_json

FileRecord = dict[str, Any]
"""What is recorded of a fetched file: name, url, and size and checksum or the number of answers."""

_ACCEPTED = "licences.json"
_FETCHED = "fetched.json"


def is_accepted(folder: Path, source: Source) -> bool:
    """Return whether the source's licence, as it is now, was accepted before."""
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


def stamped(
    folder: Path, source: Source, files: Iterable[FileRecord], day: date
) -> tuple[FileRecord, ...]:
    """Add the day of retrieval to each file's record, write the records and return them.

    An unchanged file keeps its day: running the command again retrieves nothing.
    """
    place = folder / _FETCHED
    before = dict(read_json(place)).get("files", []) if place.exists() else []
    day_by_file = {_same(record): record["retrieved"] for record in before}
    records = tuple(
        {**file, "retrieved": day_by_file.get(_same(file), day.isoformat())} for file in files
    )
    receipt = {"source": source.name, "licence": source.licence, "page": source.licence_page}
    write_json(place, {**receipt, "files": records})
    return records


def _same(file: FileRecord) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted((key, value) for key, value in file.items() if key != "retrieved"))


def unpack(archive: Path) -> None:
    """Unpack a zip file into its folder.

    Raises:
        InputError: If it is not a zip, is damaged, or would write outside its folder.
    """
    folder = archive.parent.resolve()
    try:
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                if not (folder / name).resolve().is_relative_to(folder):
                    raise InputError(
                        archive, f"contains {name!r}, outside its folder", "do not unpack it"
                    )
            opened.extractall(folder)
    except zipfile.BadZipFile as exc:
        raise InputError(
            archive, f"is not a zip archive ({exc})", "delete it and fetch again"
        ) from exc
