"""Steam tables in latin-1: name, genres, categories, steamspy_tags, and appid or release_date.

    index,name,publisher,categories,genres,steamspy_tags
    1,Counter-Strike,Valve,Multi-player ,Action,Action FPS Multiplayer
Publishers of such tables separate lists by ";" or by spaces: `options: {separator: ";"}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.catalog.catalog_source import Options, read_options
from builder.catalog.draft import Draft, text_of
from builder.sources import Reject, SourceSpec, read_count, read_year
from builder.text_files.csv_rows import read_csv


class SteamOptions(Options):
    """How the table separates lists, and its encoding."""

    separator: Annotated[str, Field(min_length=1)]
    encoding: str


def read_steam(path: Path, spec: SourceSpec, reject: Reject) -> Iterator[Draft]:
    """Yield one draft per game, with its tags as a text; a game without a name is rejected."""
    options = read_options(spec, SteamOptions)
    rows = read_csv(path, ("name", "steamspy_tags"), reject, encoding=options.encoding)
    for place, row in rows:
        stated = row.get("appid", "").strip()
        appid = read_count(stated)
        if stated and not appid:
            reject(place, "bad id", f"appid is {stated!r}")
            continue
        tags = _parts(row["steamspy_tags"], options.separator)
        yield Draft(
            spec=spec,
            place=place,
            adds_item=True,
            domain="game",
            ids=(f"steam:{appid}",) if appid else (),
            named_by="steam",
            title=_redecoded(row["name"]),
            year=read_year(row.get("release_date", "")[:4]),
            genres=tuple(_parts(row.get("genres", ""), options.separator)),
            texts=text_of(spec, "tags", ", ".join(tags)),
        )


def _redecoded(name: str) -> str:
    """Return a name as UTF-8 if it was that: these tables mix UTF-8 and latin-1."""
    try:
        return name.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return name.strip()


def _parts(cell: str, separator: str) -> list[str]:
    return [part.strip() for part in cell.split(separator) if part.strip()]
