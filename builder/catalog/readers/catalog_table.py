"""Any table of titles (CSV, TSV, JSON Lines or Parquet) whose columns params.yaml names.

- name: mine
reader: table
path: films.csv
licence: CC-BY-4.0
retrieved: '2026-11-21'
options:
domain: film
columns: {title: Name, year: Released, imdb_id: IMDb, genres: Kinds}
texts: {plot: Story}
statements: {does-the-dog-die: "Dog dies?"}
severities: {violence_gore: Violence}
separator: "|"
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import Field

from builder.catalog.catalog_source import Options, read_options
from builder.catalog.draft import Draft, Finding, imdb_id, text_of, with_findings
from builder.errors import InputError
from builder.parquet_rows import read_parquet_rows
from builder.records import Domain, Text, TextKind
from builder.sources import Reject, SourceSpec, read_count, read_year
from builder.taxonomy import Category
from builder.taxonomy.official import Vocabulary
from builder.text_files.csv_rows import read_csv
from builder.text_files.json_text import read_json_lines
from builder.titles import parse_title

_Rows = Iterator[tuple[str, dict[str, Any]]]
_ANSWERS = {"yes": 1.0, "true": 1.0, "1": 1.0, "no": 0.0, "false": 0.0, "0": 0.0}
_SEVERITIES = {"none": 0.0, "mild": 1.0, "moderate": 2.0, "severe": 3.0} | {
    str(level): float(level) for level in range(4)
}
_MISSING = {"", "unknown", "null", "none given", "\\n"}


class Columns(Options):
    """The columns of an item's fields; only the title's is required."""

    title: str
    year: str | None = None
    imdb_id: str | None = None
    tmdb_id: str | None = None
    aliases: str | None = None
    genres: str | None = None
    rating: str | None = None


class TableOptions(Options):
    """What each column contains. A blank or "unknown" cell says nothing.

    Attributes:
        domain: Film or game.
        columns: Of the item's fields.
        texts: Column by kind of text.
        statements: Column by warning; its cells are yes or no, true or false, 1 or 0.
        severities: Column by category; its cells are none, mild, moderate or severe, or 0 to 3.
        separator: Between the names in a cell of aliases or genres.
        encoding: Of CSV and TSV.
    """

    domain: Domain
    columns: Columns
    texts: dict[TextKind, str] = Field(default_factory=dict)
    statements: dict[str, str] = Field(default_factory=dict)
    severities: dict[Category, str] = Field(default_factory=dict)
    separator: str = "|"
    encoding: str = "utf-8"


def read_table_source(
    path: Path, spec: SourceSpec, vocabulary: Vocabulary, reject: Reject
) -> Iterator[Draft]:
    """Yield one draft per row. A bad year or id rejects the row, an unknown word only its cell.

    Raises:
        InputError: For an unknown file type, a missing column, or statements on a warning that the
            taxonomy does not have.
    """
    options = read_options(spec, TableOptions)
    for warning in options.statements:
        _require(warning, vocabulary.taxonomy.warnings, f"source {spec.name}: options.statements")
    for place, row in _rows(path, options, reject):
        draft = _draft(row, spec, options, place, reject)
        if draft is not None:
            yield with_findings(draft, _findings(row, options, place, reject))


def _rows(path: Path, options: TableOptions, reject: Reject) -> _Rows:
    fields = [name for name in options.columns.model_dump().values() if name]
    wanted = [
        *fields,
        *options.texts.values(),
        *options.statements.values(),
        *options.severities.values(),
    ]
    if path.suffix in {".csv", ".tsv"}:
        mark = "\t" if path.suffix == ".tsv" else ","
        yield from read_csv(path, wanted, reject, encoding=options.encoding, delimiter=mark)
    elif path.suffix in {".jsonl", ".ndjson"}:
        yield from read_json_lines(path, reject)
    elif path.suffix == ".parquet":
        yield from read_parquet_rows(path, wanted)
    else:
        kinds = ".csv, .tsv, .jsonl, .ndjson or .parquet"
        raise InputError(path, f"ends in {path.suffix!r}", f"save it as {kinds}")


def _require(name: str, names: Any, place: str) -> None:
    if name not in names:
        near = get_close_matches(name, list(names), n=1)
        fix = f"did you mean {near[0]!r}?" if near else "correct the name"
        raise InputError(place, f"has no {name!r}", fix)


def _draft(
    row: Mapping[str, Any], spec: SourceSpec, options: TableOptions, place: str, reject: Reject
) -> Draft | None:
    columns = options.columns
    parsed = parse_title(_text(row, columns.title))
    stated = _text(row, columns.year)
    year = read_year(stated.removesuffix(".0")) if stated else parsed.year
    if stated and year is None:
        reject(place, "bad year", f"{stated!r} is not a year from 1870 to 2100")
        return None
    ids = []
    for scheme, column, read in (
        ("imdb", columns.imdb_id, imdb_id),
        ("tmdb", columns.tmdb_id, _tmdb_id),
    ):
        if words := _text(row, column):
            item_id = read(words)
            if item_id is None:
                reject(place, "bad id", f"{scheme} id is {words!r}")
                return None
            ids.append(item_id)
    return Draft(
        spec=spec,
        place=place,
        adds_item=True,
        domain=options.domain,
        ids=tuple(ids),
        title=parsed.title,
        year=year,
        aliases=tuple(parse_title(a).title for a in _list(row, columns.aliases, options)),
        genres=tuple(_list(row, columns.genres, options)),
        rating=_text(row, columns.rating) or None,
        texts=tuple(_texts(row, spec, options)),
    )


def _tmdb_id(text: str) -> str | None:
    number = read_count(text.removesuffix(".0"))
    return f"tmdb:{number}" if number else None


def _text(row: Mapping[str, Any], column: str | None) -> str:
    value = row.get(column) if column else None
    return "" if value is None else str(value).strip()


def _list(row: Mapping[str, Any], column: str | None, options: TableOptions) -> list[str]:
    value = row.get(column) if column else None
    parts = value if isinstance(value, list) else str(value or "").split(options.separator)
    return [part for entry in parts if (part := str(entry).strip())]


def _texts(row: Mapping[str, Any], spec: SourceSpec, options: TableOptions) -> Iterator[Text]:
    for kind, column in options.texts.items():
        value = row.get(column)
        words = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
        yield from text_of(spec, kind, words)


def _findings(
    row: Mapping[str, Any], options: TableOptions, place: str, reject: Reject
) -> Iterator[Finding]:
    for warning, column in options.statements.items():
        word = _text(row, column).casefold()
        if word in _ANSWERS:
            yield Finding("statement", warning, _ANSWERS[word])
        elif word not in _MISSING:
            reject(place, "unknown answer", f"{column} is {word!r}, not yes or no")
    for category, column in options.severities.items():
        word = _text(row, column).casefold()
        if word in _SEVERITIES:
            yield Finding("severity", category, _SEVERITIES[word])
        elif word not in _MISSING:
            reject(place, "unknown severity", f"{column} is {word!r}, not none to severe")
