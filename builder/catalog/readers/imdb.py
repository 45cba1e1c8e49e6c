"""IMDb's non-commercial TSVs: title.basics, title.akas, title.ratings, each .tsv or .tsv.gz.

    tconst  titleType  primaryTitle  originalTitle  isAdult  startYear  endYear  runtime...  genres
    tt0114709  movie  Toy Story  Toy Story  0  1995  (null)  81  Adventure,Animation,Comedy
akas (titleId, title, region, ...) has other names, ratings (tconst, averageRating, numVotes) the
number of people who rated a title. Only rows of the wanted types leave the scan.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from builder.catalog.catalog_source import Options, read_options
from builder.catalog.draft import Draft, Kind, imdb_id
from builder.catalog.readers.imdb_scan import TsvFiles
from builder.errors import InputError
from builder.records import Domain
from builder.sources import Reject, SourceSpec, read_year

TitleType = Literal[
    "movie",
    "short",
    "tvEpisode",
    "tvMiniSeries",
    "tvMovie",
    "tvPilot",
    "tvSeries",
    "tvShort",
    "tvSpecial",
    "video",
    "videoGame",
]
_SERIES = {"tvSeries", "tvMiniSeries"}


class ImdbOptions(Options):
    """What to take from IMDb.

    Attributes:
        title_types: As IMDb names them.
        adult: Take titles marked isAdult too.
        regions: Of other names ("US", "GB"); without any, no other names are read.
        min_votes: That a title needs; without it, ratings are not read.
    """

    title_types: Annotated[list[TitleType], Field(min_length=1)]
    adult: bool
    regions: list[str] = Field(default_factory=list)
    min_votes: Annotated[int, Field(ge=0)] | None = None


def read_imdb(folder: Path, spec: SourceSpec, reject: Reject) -> Iterator[Draft]:
    """Yield one draft per title of the wanted types, by id.

    For options see `ImdbOptions`. A title may lack a year; one with year 0 is rejected.

    Raises:
        InputError: For a missing file or column.
    """
    options = read_options(spec, ImdbOptions)
    files, place = TsvFiles(), _file(folder, "title.basics")
    query, arguments = _query(files, folder, options)
    for row in files.rows(query, arguments, reject):
        draft = _draft(row, spec, f"{place.name}:{row[0]}", reject)
        if draft is not None:
            yield draft


def _file(folder: Path, name: str) -> Path:
    for path in (folder / f"{name}.tsv.gz", folder / f"{name}.tsv"):
        if path.exists():
            return path
    raise InputError(folder / f"{name}.tsv.gz", "no such file", "run `saferec fetch imdb`")


def _query(files: TsvFiles, folder: Path, options: ImdbOptions) -> tuple[str, list[Any]]:
    basics = files.table(
        _file(folder, "title.basics"),
        ("tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear", "genres"),
    )
    wanted = "titleType IN (SELECT unnest(?))" + ("" if options.adult else " AND isAdult <> '1'")
    parts = [
        "WITH titles AS (SELECT tconst, titleType, primaryTitle, originalTitle, startYear, genres "
        f"FROM {basics} WHERE {wanted})"
    ]
    joins, names, votes = "", "NULL", "NULL"
    arguments: list[Any] = [list(options.title_types)]
    if options.regions:
        akas = files.table(_file(folder, "title.akas"), ("titleId", "title", "region"))
        parts.append(
            f"akas AS (SELECT titleId, list(DISTINCT title ORDER BY title) AS names FROM {akas} "
            "WHERE region IN (SELECT unnest(?)) AND titleId IN (SELECT tconst FROM titles) "
            "GROUP BY titleId)"
        )
        arguments.append(list(options.regions))
        joins, names = " LEFT JOIN akas ON titleId = tconst", "names"
    if options.min_votes is not None:
        ratings = files.table(_file(folder, "title.ratings"), ("tconst", "numVotes"))
        parts.append(
            f"ratings AS (SELECT tconst AS rated, try_cast(numVotes AS BIGINT) AS votes "
            f"FROM {ratings})"
        )
        joins += " JOIN ratings ON rated = tconst AND votes >= ?"
        votes = "votes"
        arguments.append(options.min_votes)
    order = " ORDER BY tconst" if joins else ""  # a plain scan keeps the file's order
    return (
        f"{', '.join(parts)} SELECT tconst, titleType, primaryTitle, originalTitle, startYear, "
        f"genres, {names}, {votes} FROM titles{joins}{order}"
    ), arguments


def _draft(row: tuple[Any, ...], spec: SourceSpec, place: str, reject: Reject) -> Draft | None:
    tconst, kind, title, original, start, genres, names, votes = row
    imdb, year = imdb_id(tconst or ""), read_year(start or "")
    if imdb is None:
        reject(place, "bad id", f"tconst is {tconst!r}")
        return None
    if start is not None and year is None:
        reject(place, "bad year", f"{start!r} is not a year from 1870 to 2100")
        return None
    domain: Domain = "game" if kind == "videoGame" else "film"
    series: Kind = "series" if kind in _SERIES else "film"
    others = dict.fromkeys([original, *(names or ())])
    return Draft(
        spec=spec,
        place=place,
        adds_item=True,
        domain=domain,
        ids=(imdb,),
        title=title,
        year=year,
        aliases=tuple(name for name in others if name and name != title),
        genres=tuple(genres.split(",")) if genres else (),
        popularity=votes,
        kind=series if domain == "film" else None,
    )
