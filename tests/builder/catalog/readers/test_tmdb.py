from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from builder.catalog.readers.tmdb import read_tmdb
from builder.sources import Reject
from tests.factories import make_catalog_source

Rejected = list[tuple[str, str, str]]
INDEX = '{"index":{"_index": "movie_metadata", "_type":"_doc", "_id": "1"}}\n'
FILM: dict[str, Any] = {
    "tmdb_id": 603,
    "imdb_id": "tt0133093",
    "original_title": "The Matrix",
    "genres": [{"id": 28, "name": "Action"}],
    "tagline": "Wake up.",
    "overview": "A hacker wakes.",
    "pg_rating": "R",
}


def test_bulk_lines_give_overview_rating_and_both_ids(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    path = tmp_path / "films.ndjson"
    path.write_text(INDEX + json.dumps(FILM) + "\n" + INDEX + '{"tmdb_id": 1, "a": "b"c"}\n')
    [draft] = read_tmdb(path, make_catalog_source(), reject)
    assert draft.ids == ("imdb:tt0133093", "tmdb:603")
    assert (draft.title, draft.rating, draft.genres) == ("The Matrix", "R", ("Action",))
    assert [(t.kind, t.text) for t in draft.texts] == [
        ("overview", "A hacker wakes."),
        ("tagline", "Wake up."),
    ]
    assert [(place, reason) for place, reason, _ in rejected] == [(f"{path}:4", "not JSON")]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "budget,genres,homepage,id,keywords,original_language,original_title,overview,"
            "release_date,tagline,title",
            '1,"[{""id"": 28, ""name"": ""Action""}]",,603,"[{""id"": 1, ""name"": ""hacker""}, '
            '{""id"": 2, ""name"": ""man\'s fate""}]",en,Matrix,A hacker wakes.,1999-03-30,'
            "Wake up.,The Matrix",
        ),
        (
            "adult,genres,id,imdb_id,original_title,overview,release_date,tagline,title,keywords",
            "False,\"[{'id': 28, 'name': 'Action'}]\",603,tt0133093,Matrix,A hacker wakes.,"
            "1999-03-30,Wake up.,\"Matrix, The\",\"[{'id': 1, 'name': 'hacker'}, "
            "{'id': 2, 'name': \"\"man's fate\"\"}]\"",
        ),
        (
            "id,title,release_date,imdb_id,original_title,overview,tagline,genres,keywords",
            "603,The Matrix,1999-03-30,tt0133093,Matrix,A hacker wakes.,Wake up.,Action,"
            '"hacker, man\'s fate"',
        ),
    ],
    ids=["5000 films", "the movies dataset", "the daily million"],
)
def test_the_usual_csv_layouts_say_the_same(
    tmp_path: Path, reject: Reject, rejected: Rejected, header: str, row: str
) -> None:
    path = tmp_path / "films.csv"
    path.write_text(f"{header}\n{row}\n")
    [draft] = read_tmdb(path, make_catalog_source(), reject)
    assert draft.ids[-1] == "tmdb:603"
    assert (draft.title, draft.year, draft.aliases) == ("The Matrix", 1999, ("Matrix",))
    assert draft.genres == ("Action",)
    assert [(text.kind, text.text) for text in draft.texts] == [
        ("overview", "A hacker wakes."),
        ("tagline", "Wake up."),
        ("keywords", "hacker, man's fate"),
    ]
    assert rejected == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"tmdb_id": "1997-08-20"}, "bad id"),
        ({"tmdb_id": None}, "bad id"),
        ({"tmdb_id": 0}, "bad id"),
        ({"imdb_id": "nm0000206"}, "bad imdb_id"),
        ({"keywords": "[{'id': 1, 'name'"}, "bad keywords"),
        ({"keywords": "[" * 100_000}, "bad keywords"),
        ({"genres": [28, 12]}, "bad genres"),
        ({"genres": "[__import__('os').getcwd()]"}, "bad genres"),
    ],
    ids=str,
)
def test_a_bad_cell_rejects_its_row(
    tmp_path: Path,
    reject: Reject,
    rejected: Rejected,
    change: dict[str, Any],
    reason: str,
) -> None:
    path = tmp_path / "films.jsonl"
    path.write_text(json.dumps({**FILM, **change}) + "\n" + json.dumps(FILM) + "\n")
    assert len(list(read_tmdb(path, make_catalog_source(), reject))) == 1
    assert [(place, why) for place, why, _ in rejected] == [(f"{path}:1", reason)]


def test_a_film_without_year_or_imdb_id_still_has_its_own(tmp_path: Path, reject: Reject) -> None:
    path = tmp_path / "films.csv"
    path.write_text("id,title,release_date,imdb_id\n603,The Matrix,,\n")
    [draft] = read_tmdb(path, make_catalog_source(), reject)
    assert (draft.ids, draft.year, draft.texts) == (("tmdb:603",), None, ())
