"""The format of the bundled catalogue, also the simplest one for a user's own items: JSON Lines.

A film:
    {"imdb_id": "tt0114709", "title": "Toy Story", "year": 1995, "aliases": [], "rating": "G",
     "genres": ["Animation"], "plot": "...", "statements": {"does-the-dog-die": false}}
A game has `esrb_title` and `descriptors` instead of `imdb_id`. A statement answers the question of
a warning in data/taxonomy/warnings.yaml with yes or no; unknown answers are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from builder.catalog.descriptors import OfficialWords, rating_ceilings
from builder.catalog.draft import Draft, Finding, imdb_id, text_of, with_findings
from builder.sources import Reject, SourceSpec, read_year
from builder.taxonomy.official import Vocabulary
from builder.text_files.json_text import read_json_lines


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    title: Annotated[str, Field(min_length=1)]
    year: int
    aliases: list[str] = []
    genres: list[str] = []
    rating: str | None = None
    plot: str = ""
    statements: dict[str, bool] = {}


class _Film(_Row):
    imdb_id: Annotated[str, Field(pattern=r"^tt\d{7,8}$")]


class _Game(_Row):
    esrb_title: Annotated[str, Field(min_length=1)]
    descriptors: list[str] = []


def read_maintained(
    path: Path, spec: SourceSpec, vocabulary: Vocabulary, reject: Reject
) -> Iterator[Draft]:
    """Yield one draft per row, with its statements as evidence.

    A statement on a warning that is not in the taxonomy is rejected; the row is kept.
    """
    words, warnings = OfficialWords(vocabulary), vocabulary.taxonomy.warnings
    for place, raw in read_json_lines(path, reject):
        row = _validated(raw, place, reject)
        if row is None:
            continue
        findings: list[Finding] = []
        for warning, answer in row.statements.items():
            if warning in warnings:
                findings.append(Finding("statement", warning, float(answer)))
            else:
                reject(place, "unknown warning", f"{warning!r} is not in warnings.yaml")
        findings += rating_ceilings(row.rating, row.year)
        if isinstance(row, _Game):
            findings += words.descriptor_findings(row.descriptors, place, reject)
        yield with_findings(_draft(row, spec, place), findings)


def _validated(raw: dict[str, Any], place: str, reject: Reject) -> _Film | _Game | None:
    kind = _Game if "esrb_title" in raw else _Film
    if read_year(str(raw.get("year"))) is None:
        reject(place, "bad year", f"{raw.get('year')!r} is not a year from 1870 to 2100")
        return None
    try:
        return kind.model_validate(raw)
    except ValidationError as exc:
        error = exc.errors()[0]
        reject(place, "malformed row", f"{'.'.join(map(str, error['loc']))}: {error['msg']}")
        return None


def _draft(row: _Film | _Game, spec: SourceSpec, place: str) -> Draft:
    texts = text_of(spec, "plot", row.plot)
    if isinstance(row, _Game):
        texts += text_of(spec, "descriptors", ", ".join(row.descriptors))
    return Draft(
        spec=spec,
        place=place,
        adds_item=True,
        domain="game" if isinstance(row, _Game) else "film",
        ids=(imdb_id(row.imdb_id) or "",) if isinstance(row, _Film) else (),
        named_by="esrb" if isinstance(row, _Game) else "title",
        title=row.title,
        year=row.year,
        aliases=tuple(row.aliases),
        genres=tuple(row.genres),
        rating=row.rating,
        texts=texts,
    )
