"""TMDB 5000 layout: CSV with id, title and keywords as JSON, [{"id": 1463, "name": "clash"}]."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from builder.catalog.draft import Draft, text_of
from builder.sources import Reject, SourceSpec, read_csv


def read_tmdb(path: Path, spec: SourceSpec, reject: Reject) -> Iterator[Draft]:
    """Yield one draft a film with its keywords as a text; joined by TMDB id."""
    for place, row in read_csv(path, ("id", "title", "keywords"), reject):
        try:
            keywords = [entry["name"] for entry in orjson.loads(row["keywords"])]
        except (orjson.JSONDecodeError, KeyError, TypeError) as exc:
            reject(place, "bad keywords", str(exc))
            continue
        yield Draft(
            spec=spec,
            place=place,
            adds_item=False,
            domain="film",
            ids=(f"tmdb:{row['id']}",),
            title=row["title"],
            texts=text_of(spec, "keywords", ", ".join(keywords)),
        )
