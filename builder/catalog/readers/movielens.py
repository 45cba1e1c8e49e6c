"""MovieLens: movies.csv "1,Toy Story (1995),Adventure|Animation", links.csv, tags.csv, ratings.csv.

links.csv has imdbId without "tt", and tmdbId; tags.csv has one user's tag per row. Tags that more
users gave a film come first in its text. ratings.csv, if there is one, says how many people rated a
film.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from builder.catalog.draft import Draft, imdb_id, text_of
from builder.catalog.rating_counts import count_rows
from builder.sources import Reject, SourceSpec, read_count
from builder.text_files.csv_rows import read_csv
from builder.titles import parse_title

_ALIAS = re.compile(r"\s*\((?:a\.k\.a\. )?([^()]+)\)")


def read_movielens(folder: Path, spec: SourceSpec, reject: Reject) -> Iterator[Draft]:
    """Yield one draft per film; a film without a year in its title is rejected."""
    ids_by_movie = _ids(folder / "links.csv", reject)
    tags_by_movie = _tags(folder / "tags.csv", reject)
    ratings_by_movie = _ratings(folder / "ratings.csv", reject)
    columns = ("movieId", "title", "genres")
    for place, row in read_csv(folder / "movies.csv", columns, reject):
        parsed = parse_title(row["title"].strip())
        if parsed.year is None:
            reject(place, "bad year", f"no (year) at the end of {row['title']!r}")
            continue
        ids = ids_by_movie.get(row["movieId"], ())
        if not ids:
            reject(place, "no id", f"movie {row['movieId']} is not in links.csv")
            continue
        genres = tuple(g for g in row["genres"].split("|") if not g.startswith("("))
        yield Draft(
            spec=spec,
            place=place,
            adds_item=True,
            domain="film",
            ids=ids,
            title=parse_title(_ALIAS.sub("", parsed.title)).title or parsed.title,
            year=parsed.year,
            aliases=tuple(parse_title(alias).title for alias in _ALIAS.findall(parsed.title)),
            genres=genres,
            texts=text_of(spec, "tags", ", ".join(tags_by_movie.get(row["movieId"], []))),
            popularity=ratings_by_movie[row["movieId"]] if ratings_by_movie else None,
        )


def _ids(path: Path, reject: Reject) -> dict[str, tuple[str, ...]]:
    ids: dict[str, tuple[str, ...]] = {}
    for place, row in read_csv(path, ("movieId", "imdbId", "tmdbId"), reject):
        imdb = imdb_id(row["imdbId"])
        if imdb is None:
            reject(place, "bad id", f"imdbId is {row['imdbId']!r}")
            continue
        stated = row["tmdbId"].strip()
        tmdb = read_count(stated)
        if stated and not tmdb:
            reject(place, "bad id", f"tmdbId is {stated!r}; the film goes by its other id")
        ids[row["movieId"]] = (imdb, f"tmdb:{tmdb}") if tmdb else (imdb,)
    return ids


def _tags(path: Path, reject: Reject) -> dict[str, list[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (movie, tag), n_rows in count_rows(path, ("movieId", "tag"), reject).items():
        counts[movie][tag.strip().casefold()] += n_rows
    return {
        movie: [tag for tag, _ in sorted(tags.items(), key=lambda pair: (-pair[1], pair[0]))]
        for movie, tags in counts.items()
    }


def _ratings(path: Path, reject: Reject) -> Counter[str]:
    """Return how often each film was rated; nothing if the file is missing."""
    if not path.exists():
        return Counter()
    counts = count_rows(path, ("movieId",), reject)
    return Counter({movie: n_rows for (movie,), n_rows in counts.items()})
