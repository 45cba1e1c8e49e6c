from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from builder.catalog.draft import Draft
from builder.catalog.readers.imdb import read_imdb
from builder.errors import InputError
from builder.sources import Reject
from tests.factories import make_catalog_source

Rejected = list[tuple[str, str, str]]
BASICS = (
    "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\t"
    "runtimeMinutes\tgenres\n"
    'tt0245429\tmovie\tSpirited "Away\tSen to Chihiro\t0\t2001\t\\N\t125\tAnimation,Family\n'
    "tt2802850\ttvSeries\tFargo\tFargo\t0\t2014\t\\N\t53\tCrime\n"
    "tt0000001\tshort\tCarmencita\tCarmencita\t0\t1894\t\\N\t1\tDocumentary,Short\n"
    "tt0000009\tmovie\tAdult Film\tAdult Film\t1\t1999\t\\N\t1\t\\N\n"
    "tt9999999\tmovie\tAnnounced\tAnnounced\t0\t\\N\t\\N\t\\N\t\\N\n"
)


def read(folder: Path, reject: Reject, **options: Any) -> list[Draft]:
    wanted = {"title_types": ["movie", "tvSeries"], "adult": False, **options}
    return list(
        read_imdb(folder, make_catalog_source(reader="imdb", path=".", options=wanted), reject)
    )


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gz"])
def test_wanted_types_become_items(
    tmp_path: Path, reject: Reject, rejected: Rejected, zipped: bool
) -> None:
    if zipped:
        (tmp_path / "title.basics.tsv.gz").write_bytes(gzip.compress(BASICS.encode()))
    else:
        (tmp_path / "title.basics.tsv").write_text(BASICS)
    film, series, announced = read(tmp_path, reject)
    assert (film.ids, film.title, film.year) == (("imdb:tt0245429",), 'Spirited "Away', 2001)
    assert (film.aliases, film.genres) == (("Sen to Chihiro",), ("Animation", "Family"))
    assert (film.kind, series.kind) == ("film", "series")
    assert (announced.year, announced.genres) == (None, ())
    assert rejected == []


def test_akas_and_ratings_join_their_titles(tmp_path: Path, reject: Reject) -> None:
    (tmp_path / "title.basics.tsv").write_text(BASICS)
    (tmp_path / "title.akas.tsv").write_text(
        "titleId\tordering\ttitle\tregion\tlanguage\ttypes\tattributes\tisOriginalTitle\n"
        "tt0245429\t1\tChihiros Reise\tDE\t\\N\t\\N\t\\N\t0\n"
        "tt0245429\t2\tMiyazaki's Spirited Away\tUS\t\\N\t\\N\t\\N\t0\n"
        "tt0000001\t1\tCarmencita US\tUS\t\\N\t\\N\t\\N\t0\n"
    )
    (tmp_path / "title.ratings.tsv").write_text(
        "tconst\taverageRating\tnumVotes\ntt0245429\t8.6\t900000\ntt2802850\t8.9\t90\n"
    )
    [film] = read(tmp_path, reject, regions=["US", "GB"], min_votes=100)
    assert film.aliases == ("Sen to Chihiro", "Miyazaki's Spirited Away")
    assert film.popularity == 900000


@pytest.mark.parametrize(
    ("line", "place", "reason"),
    [
        (b"tt1\tmovie\tX", "title.basics.tsv:7", "wrong number of cells"),
        (b"tt1\tmovie\tX\tX\t0\t2000\t\\N\t1\tDrama\tmore", ":7", "wrong number of cells"),
        (b"tt1\tmovie\t\xff\tX\t0\t2000\t\\N\t1\tDrama", ":7", "not UTF-8"),
        (b"tt1\tmovie\tX\tX\t0\t0\t\\N\t1\tDrama", "title.basics.tsv:tt1", "bad year"),
        (b"nm1\tmovie\tX\tX\t0\t2000\t\\N\t1\tDrama", "title.basics.tsv:nm1", "bad id"),
    ],
    ids=["cells missing", "cells too many", "not UTF-8", "year 0", "other id"],
)
def test_a_bad_line_is_rejected_and_the_rest_stays(
    tmp_path: Path,
    reject: Reject,
    rejected: Rejected,
    line: bytes,
    place: str,
    reason: str,
) -> None:
    good = b"tt0387564\tmovie\tSaw\tSaw\t0\t2004\t\\N\t103\tHorror\n"
    (tmp_path / "title.basics.tsv").write_bytes(BASICS.encode() + line + b"\n" + good)
    assert read(tmp_path, reject)[-1].title == "Saw"
    [(where, why, _)] = rejected
    assert (where.endswith(place), why) == (True, reason)


def test_a_line_of_many_cells_is_one_rejection(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    line = b"\t".join([b"x"] * 100_000) + b"\n"
    content = BASICS.encode() + line + b"tt0387564\tmovie\tSaw\tSaw\t0\t2004\t\\N\t103\tHorror\n"
    (tmp_path / "title.basics.tsv.gz").write_bytes(gzip.compress(content, mtime=0))
    assert read(tmp_path, reject)[-1].title == "Saw"
    [(place, reason, detail)] = rejected
    assert (Path(place).name, reason) == ("title.basics.tsv.gz:7", "wrong number of cells")
    assert detail == "100,000, expected 9"


def test_a_title_of_ten_megabytes_is_read(tmp_path: Path, reject: Reject) -> None:
    line = f"tt0000005\tmovie\t{'x' * 10_000_000}\tX\t0\t2000\t\\N\t1\tDrama\n"
    (tmp_path / "title.basics.tsv").write_text(BASICS + line)
    assert len(read(tmp_path, reject)[-1].title or "") == 10_000_000


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        ("title.basics.tsv", b"tconst\ttitle\n", {}, "has no column 'titleType'; expected tconst"),
        ("title.basics.tsv.gz", b"no gzip", {}, "title.basics.tsv.gz: cannot be read"),
        (
            "title.basics.tsv.gz",
            gzip.compress(BASICS.encode() * 2000, mtime=0)[:-400],
            {},
            "cannot be read .*; fetch it again",
        ),
        ("other.tsv", b"", {}, "title.basics.tsv.gz: no such file; run `saferec fetch imdb`"),
        (
            "title.basics.tsv",
            BASICS.encode(),
            {"min_votes": 5},
            "title.ratings.tsv.gz: no such file",
        ),
        (
            "title.basics.tsv",
            BASICS.encode(),
            {"title_types": ["film"]},
            "options.title_types.0: Input should be 'movie'.*; the imdb reader knows title_types",
        ),
        ("title.basics.tsv", BASICS.encode(), {"votes": 5}, "options.votes: Extra inputs"),
    ],
    ids=["columns", "no gzip", "cut off", "no basics", "no ratings", "type", "option"],
)
def test_a_bad_file_or_option_ends_the_run(
    tmp_path: Path,
    reject: Reject,
    name: str,
    content: bytes,
    options: dict[str, Any],
    message: str,
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        read(tmp_path, reject, **options)
