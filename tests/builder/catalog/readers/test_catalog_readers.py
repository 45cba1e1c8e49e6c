from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from builder.catalog.catalog_source import CatalogSource
from builder.catalog.draft import Draft, imdb_id
from builder.catalog.readers.catalog_readers import read_source
from builder.catalog.tidy import Limits
from builder.errors import InputError
from builder.sources import Reject
from builder.taxonomy import CATEGORIES
from builder.taxonomy.official import Vocabulary
from tests.factories import make_catalog_source

Rejected = list[tuple[str, str, str]]
FILM = {
    "imdb_id": "tt0387564",
    "title": "Saw",
    "year": 2004,
    "genres": ["Horror"],
    "rating": "R",
    "plot": "Two men wake up chained in a bathroom.",
    "statements": {"is-someone-tortured": True, "does-the-dog-die": False},
}
GAME = {
    "esrb_title": "Portal 2",
    "title": "Portal 2",
    "year": 2011,
    "rating": "E10+",
    "descriptors": ["Fantasy Violence", "Mild Language"],
}
VOCABULARY = Vocabulary.load(Path("data/taxonomy"))


def read(root: Path, spec: CatalogSource, reject: Reject) -> list[Draft]:
    return list(
        read_source(
            root, spec, VOCABULARY, Limits(max_title_chars=100, max_text_chars=1000), reject
        )
    )


def findings(draft: Draft) -> set[tuple[str, str, float]]:
    return {(found.kind, found.subject, found.value) for found in draft.evidence}


def write_lines(path: Path, *rows: Any) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_a_maintained_film_states_its_warnings(tmp_path: Path, reject: Reject) -> None:
    write_lines(tmp_path / "films.jsonl", FILM)
    [draft] = read(tmp_path, make_catalog_source(path="films.jsonl"), reject)
    assert (draft.ids, draft.title, draft.year) == (("imdb:tt0387564",), "Saw", 2004)
    assert findings(draft) == {
        ("statement", "is-someone-tortured", 1.0),
        ("statement", "does-the-dog-die", 0.0),
    }
    assert {(e.source, e.licence, e.retrieved) for e in draft.evidence} == {
        ("ours", "CC0-1.0", "2026-11-21")
    }


def test_a_maintained_game_is_bounded_by_its_rating(tmp_path: Path, reject: Reject) -> None:
    write_lines(tmp_path / "games.jsonl", GAME)
    [draft] = read(tmp_path, make_catalog_source(path="games.jsonl"), reject)
    assert (draft.domain, draft.ids, draft.named_by) == ("game", (), "esrb")
    assert findings(draft) == {
        *(("ceiling", category, 1.0) for category in CATEGORIES),
        ("severity", "violence_gore", 2.0),
        ("severity", "profanity", 1.0),
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"year": "n/a"}, "bad year"),
        ({"year": 0}, "bad year"),
        ({"imdb_id": "0387564"}, "malformed row"),
        ({"title": ""}, "malformed row"),
        ({"runtime": 103}, "malformed row"),
        ({"statements": {"is-someone-tortured": 1}}, "malformed row"),
    ],
    ids=str,
)
def test_a_bad_film_is_rejected_with_its_row(
    tmp_path: Path, reject: Reject, rejected: Rejected, change: Any, reason: str
) -> None:
    write_lines(tmp_path / "films.jsonl", FILM, {**FILM, **change})
    assert len(read(tmp_path, make_catalog_source(path="films.jsonl"), reject)) == 1
    assert [(place, why) for place, why, _ in rejected] == [(f"{tmp_path}/films.jsonl:2", reason)]


def test_an_unknown_warning_is_rejected_and_the_film_stays(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    statements = {"does-the-dgo-die": True, "does-the-dog-die": True}
    write_lines(tmp_path / "films.jsonl", {**FILM, "statements": statements})
    [draft] = read(tmp_path, make_catalog_source(path="films.jsonl"), reject)
    assert findings(draft) == {("statement", "does-the-dog-die", 1.0)}
    assert [reason for _, reason, _ in rejected] == ["unknown warning"]


def test_movielens_joins_its_three_files(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    (tmp_path / "movies.csv").write_text(
        "movieId,title,genres\n"
        '1,"City of Lost Children, The (Cité des enfants perdus, La) (1995)",Drama|Fantasy\n'
        "2,Untitled,(no genres listed)\n"
        "3,Nowhere (1997),Drama\n"
    )
    (tmp_path / "links.csv").write_text("movieId,imdbId,tmdbId\n1,0112682,902\n2,0000002,\n")
    (tmp_path / "tags.csv").write_text(
        "userId,movieId,tag,timestamp\n7,1,surreal,1\n8,1,dark,1\n9,1,Dark,1\n"
    )
    [draft] = read(tmp_path, make_catalog_source(reader="movielens", path="."), reject)
    assert draft.ids == ("imdb:tt0112682", "tmdb:902")
    assert (draft.title, draft.year) == ("The City of Lost Children", 1995)
    assert draft.aliases == ("La Cité des enfants perdus",)
    assert draft.genres == ("Drama", "Fantasy")
    assert [text.text for text in draft.texts] == ["dark, surreal"]
    assert [reason for _, reason, _ in rejected] == ["bad year", "no id"]
    assert draft.popularity is None
    ratings = "userId,movieId,rating,timestamp\n7,1,4.0,1\n8,1,3.5,1\n8,2,3.0,1\n"
    (tmp_path / "ratings.csv").write_text(ratings)
    [draft] = read(tmp_path, make_catalog_source(reader="movielens", path="."), reject)
    assert draft.popularity == 2


def test_parents_guide_takes_the_level_with_most_votes(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    (tmp_path / "votes.csv").write_text(
        "tt0032138,G,nudity,93,3,0,8\n"
        "tt0032138,G,violence,20,20,8,8\n"
        "tt0032138,G,profanity,0,0,0,0\n"
        "tt0032138,G,alcohol,4,-1,0,0\n"
        "tt0032138,G,frightening,4,,0,0\n"
        "tt0032138,G,frightening,4,\u00b2,0,0\n"
        "tt0032138,G,music,4,1,0,0\n"
        "tt0032138,G,nudity,1,0,0,0\n"
    )
    [draft] = read(tmp_path, make_catalog_source(reader="parents_guide", path="votes.csv"), reject)
    assert findings(draft) == {("severity", "sex_nudity", 0.0), ("severity", "violence_gore", 1.0)}
    assert draft.evidence[0].votes == (93, 3, 0, 8)
    assert [reason for _, reason, _ in rejected] == [
        "no votes",
        "bad votes",
        "bad votes",
        "bad votes",
        "unknown category",
        "duplicate id",
    ]


def test_an_mpaa_reason_states_severities(tmp_path: Path, reject: Reject) -> None:
    (tmp_path / "reasons.csv").write_text(
        "title,rating,reason,year\n"
        'Saw,R,"Rated R for strong grisly violence, brief language and some drug use",2004\n'
    )
    [draft] = read(tmp_path, make_catalog_source(reader="mpaa", path="reasons.csv"), reject)
    assert findings(draft) == {
        ("severity", "violence_gore", 3.0),
        ("severity", "frightening_intense", 3.0),
        ("severity", "profanity", 1.0),
        ("severity", "alcohol_drugs_smoking", 1.0),
        ("statement", "is-there-blood-gore", 1.0),
        ("statement", "does-someone-use-drugs", 1.0),
        ("ceiling", "sex_nudity", 1.0),
    }


@pytest.mark.parametrize(
    ("rating", "year", "bounded"),
    [("PG", 1982, False), ("PG", 1999, True), ("G", 1965, True), ("PG-13", 1999, False)],
)
def test_pg_bounds_only_films_made_since_pg_13(
    tmp_path: Path, reject: Reject, rating: str, year: int, bounded: bool
) -> None:
    (tmp_path / "reasons.csv").write_text(
        f"title,rating,reason,year\nPoltergeist,{rating},,{year}\n"
    )
    [draft] = read(tmp_path, make_catalog_source(reader="mpaa", path="reasons.csv"), reject)
    assert (("ceiling", "violence_gore", 1.0) in findings(draft)) is bounded


def test_tmdb_keywords_become_a_text(tmp_path: Path, reject: Reject, rejected: Rejected) -> None:
    (tmp_path / "movies.csv").write_text(
        "id,title,keywords\n"
        '862,Toy Story,"[{""id"": 1, ""name"": ""jealousy""}, {""id"": 2, ""name"": ""toy""}]"\n'
        "863,Broken,[{\n"
    )
    [draft] = read(tmp_path, make_catalog_source(reader="tmdb", path="movies.csv"), reject)
    assert (draft.ids, draft.texts[0].text) == (("tmdb:862",), "jealousy, toy")
    assert [reason for _, reason, _ in rejected] == ["bad keywords"]


def test_wikipedia_plots_lose_their_footnotes(tmp_path: Path, reject: Reject) -> None:
    (tmp_path / "plots.csv").write_text(
        'Release Year,Title,Plot\n1951,"Thing, The","It lands.[1]\nIt wakes."\n'
    )
    [draft] = read(tmp_path, make_catalog_source(reader="wikipedia", path="plots.csv"), reject)
    assert (draft.title, draft.texts[0].text) == ("The Thing", "It lands. It wakes.")


BIG = "<p>A dog{} dies.</p> " * 400_000
"""Ten megabytes of markup, with a control character in each sentence."""

CONTROL = "\x01"
STEAM = {"separator": ";", "encoding": "utf-8"}
TABLE = {"domain": "film", "columns": {"title": "Name"}, "texts": {"plot": "Story"}}


@pytest.mark.parametrize(
    ("reader", "name", "content", "options"),
    [
        ("wikipedia", "a.csv", 'Release Year,Title,Plot\n2004,Saw,"{}"\n', {}),
        ("tmdb", "a.csv", 'id,title,overview\n176,Saw,"{}"\n', {}),
        ("tmdb", "a.jsonl", '{{"tmdb_id": 176, "title": "Saw", "overview": "{}"}}\n', {}),
        ("tmdb", "a.csv", 'id,title,keywords\n176,Saw,"{}"\n', {}),
        ("mpaa", "a.csv", 'title,rating,reason,year\nSaw,R,"{}",2004\n', {}),
        (
            "steam",
            "a.csv",
            'name,steamspy_tags\nSaw,"{}"\n',
            STEAM,
        ),
        ("table", "a.csv", 'Name,Story\nSaw,"{}"\n', TABLE),
        ("table", "a.jsonl", '{{"Name": "Saw", "Story": "{}"}}\n', TABLE),
        (
            "maintained",
            "a.jsonl",
            '{{"imdb_id": "tt0387564", "title": "Saw", "year": 2004, "genres": [], "rating": "R", '
            '"statements": {{}}, "plot": "{}"}}\n',
            {},
        ),
    ],
    ids=lambda told: told if isinstance(told, str) and len(told) < 20 else "",
)
def test_ten_megabytes_of_html_and_control_characters_are_cut_clean(
    tmp_path: Path,
    reject: Reject,
    rejected: Rejected,
    reader: str,
    name: str,
    content: str,
    options: dict[str, Any],
) -> None:
    control = "\\u0001" if name.endswith("jsonl") else CONTROL
    (tmp_path / name).write_text(content.format(BIG.replace("{}", control)))
    [draft] = read(tmp_path, make_catalog_source(reader=reader, path=name, options=options), reject)
    assert draft.texts[0].text == "A dog dies. " * 83 + "A"
    reasons = [reason for _, reason, _ in rejected]
    assert reasons == ["markup removed", "control characters removed", "text truncated"]


def test_what_a_reason_of_ten_megabytes_states_is_in_what_is_kept(
    tmp_path: Path, reject: Reject
) -> None:
    reason = "Rated R for <b>brief</b> nudity, " + "and dialogue " * 800_000 + "and strong violence"
    (tmp_path / "a.csv").write_text(f'title,rating,reason,year\nSaw,R,"{reason}",2004\n')
    [draft] = read(tmp_path, make_catalog_source(reader="mpaa", path="a.csv"), reject)
    assert findings(draft) == {("severity", "sex_nudity", 1.0)}


@pytest.mark.parametrize(
    ("reader", "content", "options", "reason"),
    [
        ("parents_guide", "tt0032138,G,nudity,{},3,0,8\n", {}, "bad votes"),
        ("tmdb", "id,title\n{},Saw\n", {}, "bad id"),
        (
            "steam",
            "appid,name,steamspy_tags\n{},Doom,FPS\n",
            STEAM,
            "bad id",
        ),
        (
            "table",
            "Name,Id\nSaw,{}\n",
            {"domain": "film", "columns": {"title": "Name", "tmdb_id": "Id"}},
            "bad id",
        ),
        ("wikipedia", "Release Year,Title,Plot\n{},Saw,x\n", {}, "bad year"),
        ("wikipedia", "Release Year,Title,Plot\n2004,{},x\n", {}, "title too long"),
    ],
    ids=["votes", "tmdb id", "steam id", "id in a table", "year", "title"],
)
def test_numbers_and_titles_of_megabytes_are_rejected(
    tmp_path: Path,
    reject: Reject,
    rejected: Rejected,
    reader: str,
    content: str,
    options: dict[str, Any],
    reason: str,
) -> None:
    (tmp_path / "a.csv").write_text(content.format("9" * 1_000_000))
    assert (
        read(tmp_path, make_catalog_source(reader=reader, path="a.csv", options=options), reject)
        == []
    )
    assert [why for _, why, _ in rejected] == [reason]


def test_an_unknown_reader_and_a_missing_path_end_the_run(tmp_path: Path, reject: Reject) -> None:
    with pytest.raises(InputError, match="unknown reader 'imbd'; use one of "):
        read(tmp_path, make_catalog_source(reader="imbd", path="."), reject)
    with pytest.raises(InputError, match=r"films.jsonl: no such file; put the source there"):
        read(tmp_path, make_catalog_source(path="films.jsonl"), reject)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tt0114709", "imdb:tt0114709"),
        ("114709", "imdb:tt0114709"),
        ("0114709", "imdb:tt0114709"),
        ("tt10650424", "imdb:tt10650424"),
        ("tt0000000", None),
        ("nm0000001", None),
        ("", None),
    ],
)
def test_imdb_ids_with_and_without_tt_are_one(text: str, expected: str | None) -> None:
    assert imdb_id(text) == expected


DDD = {
    "item": {"id": 1, "name": "Saw", "itemType": {"name": "Movie"}, "releaseYear": "2004"},
    "topicItemStats": [],
}
TABLE = {"domain": "film", "columns": {"title": "title", "year": "year", "imdb_id": "imdb_id"}}


@pytest.mark.parametrize(
    ("reader", "row", "options"),
    [
        ("maintained", FILM, {}),
        ("table", FILM, TABLE),
        ("ddd", DDD, {}),
        ("tmdb", {"id": 176, "title": "Saw", "release_date": "2004-10-29"}, {}),
    ],
    ids=["maintained", "table", "ddd", "tmdb"],
)
def test_bom_catalog_jsonl(
    tmp_path: Path,
    reject: Reject,
    rejected: Rejected,
    reader: str,
    row: dict[str, Any],
    options: dict[str, Any],
) -> None:
    line = json.dumps(row).encode()
    (tmp_path / "b.jsonl").write_bytes(b"\xef\xbb\xbf" + line + b"\r\n" + line + b"\n")
    spec = make_catalog_source(reader=reader, path="b.jsonl", options=options)
    assert [draft.title for draft in read(tmp_path, spec, reject)] == ["Saw", "Saw"]
    assert rejected == []


def test_bad_lines_of_a_catalogue_cost_themselves(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    nan, half = json.dumps({**FILM, "rating": math.nan}), json.dumps({**FILM, "plot": "x\ud83d"})
    deep = b'{"title": ' + b"[" * 2_000 + b"]" * 2_000 + b"}"
    lines = [nan.encode(), b'{"title": "\xff"}', b'{"year": 1e999}', deep, half.encode()]
    path = tmp_path / "films.jsonl"
    path.write_bytes(b"\n".join(lines))
    nameless, replaced = read(tmp_path, make_catalog_source(path="films.jsonl"), reject)
    assert (nameless.rating, replaced.texts[0].text) == (None, "x\ufffd")
    assert [(place, reason) for place, reason, _ in rejected] == [
        (f"{path}:2", "not UTF-8"),
        (f"{path}:3", "not JSON"),
        (f"{path}:4", "nested too deeply"),
    ]
