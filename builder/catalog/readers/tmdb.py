"""TMDB films: overviews, taglines, keywords and genres, in the formats that are in circulation.

Bulk JSON Lines, with an index line before each film:
    {"index": {"_index": "movie_metadata", "_id": "1"}}
    {"tmdb_id": 630, "imdb_id": "tt0032138", "original_title": "The Wizard of Oz",
     "genres": [{"id": 12, "name": "Adventure"}], "overview": "...", "pg_rating": ""}
CSV with id and title, and optionally imdb_id, original_title, release_date, overview, tagline,
keywords and genres. Lists are JSON, [{"id": 1463, "name": "clash"}], the same with single quotes,
or "clash, future".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from builder.catalog.draft import Draft, imdb_id, text_of
from builder.records import Text
from builder.sources import Reject, SourceSpec, read_count, read_year
from builder.text_files.csv_rows import read_csv
from builder.text_files.json_text import JsonError, parse_json, read_json_lines
from builder.titles import parse_title

_MAX_LITERAL_CHARS = 1_000_000
"""Of a list in Python's syntax: its parser takes much memory, and real lists have 5,000."""


def read_tmdb(path: Path, spec: SourceSpec, reject: Reject) -> Iterator[Draft]:
    """Yield one draft per film; joined by TMDB or IMDb id, else by title and year.

    A row with a malformed id or list is rejected as a whole.
    """
    rows = _csv_rows if path.suffix == ".csv" else _json_rows
    for place, row in rows(path, reject):
        try:
            yield _draft(row, spec, place)
        except ValueError as exc:
            reject(place, f"bad {exc.args[0]}", repr(row.get(exc.args[0])))


def _csv_rows(path: Path, reject: Reject) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from read_csv(path, ("id", "title"), reject)


def _json_rows(path: Path, reject: Reject) -> Iterator[tuple[str, dict[str, Any]]]:
    for place, row in read_json_lines(path, reject):
        if list(row) != ["index"]:
            yield place, {"id": row.get("tmdb_id"), **row}


def _draft(row: dict[str, Any], spec: SourceSpec, place: str) -> Draft:
    names = [
        parse_title(str(row[key])).title for key in ("title", "original_title") if row.get(key)
    ]
    return Draft(
        spec=spec,
        place=place,
        adds_item=False,
        domain="film",
        ids=_ids(row),
        title=names[0] if names else None,
        year=read_year(str(row.get("release_date") or "")[:4]),
        aliases=tuple(name for name in names[1:] if name != names[0]),
        genres=tuple(_names(row, "genres")),
        rating=str(row.get("pg_rating") or "") or None,
        texts=_texts(row, spec),
    )


def _ids(row: dict[str, Any]) -> tuple[str, ...]:
    number = read_count(str(row["id"]).strip())
    if not number:
        raise ValueError("id")
    stated = row.get("imdb_id")
    imdb = imdb_id(str(stated)) if stated else None
    if stated and imdb is None:
        raise ValueError("imdb_id")
    return (*filter(None, [imdb]), f"tmdb:{number}")


def _texts(row: dict[str, Any], spec: SourceSpec) -> tuple[Text, ...]:
    overview, tagline = (str(row.get(key) or "").strip() for key in ("overview", "tagline"))
    keywords = ", ".join(_names(row, "keywords"))
    return (
        text_of(spec, "overview", overview)
        + text_of(spec, "tagline", tagline)
        + text_of(spec, "keywords", keywords)
    )


def _names(row: dict[str, Any], key: str) -> list[str]:
    """Return the names of a list, however it is written.

    Raises:
        ValueError: With the key, if the value begins like a list and is not one.
    """
    value = row.get(key)
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = _parsed(value, key)
    if isinstance(value, str) or value is None:
        return [name for part in (value or "").split(",") if (name := part.strip())]
    try:
        return [str(entry["name"]) for entry in value]
    except (KeyError, TypeError) as exc:
        raise ValueError(key) from exc


def _parsed(text: str, key: str) -> Any:
    try:
        return parse_json(text.encode())
    except JsonError:
        if len(text) > _MAX_LITERAL_CHARS:
            raise ValueError(key) from None
    try:  # a list in Python's syntax; only literals are read, nothing is executed
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError) as exc:
        raise ValueError(key) from exc
