from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from builder.catalog.draft import Draft
from builder.catalog.readers.catalog_table import read_table_source
from builder.catalog.readers.steam import read_steam
from builder.errors import InputError
from builder.sources import Reject
from builder.taxonomy.official import Vocabulary
from tests.factories import make_catalog_source

Rejected = list[tuple[str, str, str]]
VOCABULARY = Vocabulary.load(Path("data/taxonomy"))
OPTIONS: dict[str, Any] = {
    "domain": "film",
    "columns": {"title": "Name", "year": "Released", "imdb_id": "IMDb", "genres": "Kinds"},
    "texts": {"plot": "Story"},
    "statements": {"does-the-dog-die": "Dog dies?"},
    "severities": {"violence_gore": "Violence"},
}
ROW: dict[str, Any] = {
    "Name": "Thing, The",
    "Released": "1982",
    "IMDb": "84787",
    "Kinds": "Horror|Mystery",
    "Story": "It lands.",
    "Dog dies?": "Yes",
    "Violence": "severe",
}


def write(path: Path, *rows: dict[str, Any]) -> Path:
    if path.suffix == ".parquet":
        pl.DataFrame(rows).write_parquet(path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        pl.DataFrame(rows).write_csv(path, separator="\t" if path.suffix == ".tsv" else ",")
    return path


def read(path: Path, reject: Reject, **options: Any) -> list[Draft]:
    source = make_catalog_source(reader="table", options={**OPTIONS, **options})
    return list(read_table_source(path, source, VOCABULARY, reject))


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_every_kind_of_table_says_the_same(
    tmp_path: Path, reject: Reject, rejected: Rejected, ending: str
) -> None:
    [draft] = read(write(tmp_path / f"films{ending}", ROW), reject)
    assert (draft.ids, draft.title, draft.year) == (("imdb:tt0084787",), "The Thing", 1982)
    assert draft.genres == ("Horror", "Mystery")
    assert [(text.kind, text.text) for text in draft.texts] == [("plot", "It lands.")]
    assert [(e.kind, e.subject, e.value) for e in draft.evidence] == [
        ("statement", "does-the-dog-die", 1.0),
        ("severity", "violence_gore", 3.0),
    ]
    assert rejected == []


def test_parquet_may_hold_lists_and_numbers(tmp_path: Path, reject: Reject) -> None:
    row = {**ROW, "Released": 1982, "Kinds": ["Horror"], "Dog dies?": False, "Violence": 2}
    [draft] = read(write(tmp_path / "films.parquet", row), reject)
    assert (draft.year, draft.genres) == (1982, ("Horror",))
    assert [e.value for e in draft.evidence] == [0.0, 2.0]


@pytest.mark.parametrize(
    ("change", "reason", "n_drafts"),
    [
        ({"Released": "0"}, "bad year", 0),
        ({"IMDb": "nm1"}, "bad id", 0),
        ({"Violence": "gruesome"}, "unknown severity", 1),
        ({"Violence": "-1"}, "unknown severity", 1),
        ({"Dog dies?": "maybe"}, "unknown answer", 1),
    ],
    ids=str,
)
def test_a_bad_cell_is_rejected(
    tmp_path: Path,
    reject: Reject,
    rejected: Rejected,
    change: dict[str, str],
    reason: str,
    n_drafts: int,
) -> None:
    path = write(tmp_path / "films.csv", {**ROW, **change})
    assert len(read(path, reject)) == n_drafts
    assert [(place, why) for place, why, _ in rejected] == [(f"{path}:2", reason)]


def test_an_unsaid_cell_says_nothing(tmp_path: Path, reject: Reject, rejected: Rejected) -> None:
    row = {**ROW, "Released": "", "IMDb": "", "Dog dies?": "unknown", "Violence": ""}
    [draft] = read(write(tmp_path / "films.csv", row), reject)
    assert (draft.ids, draft.year, draft.evidence, rejected) == ((), None, (), [])


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("films.csv", {"columns": {"title": "Title"}}, "has no column 'Title'"),
        ("films.parquet", {"texts": {"plot": "story"}}, "has no column 'story'; it has Name,"),
        (
            "films.csv",
            {"statements": {"does-the-dgo-die": "Dog dies?"}},
            "options.statements: has no 'does-the-dgo-die'; did you mean 'does-the-dog-die'",
        ),
        ("films.csv", {"severities": {"gore": "Violence"}}, "options.severities.gore"),
        ("films.csv", {"texts": {"story": "Story"}}, "options.texts.story"),
    ],
    ids=["column", "parquet column", "warning", "category", "kind of text"],
)
def test_a_wrong_mapping_is_refused(
    tmp_path: Path,
    reject: Reject,
    name: str,
    options: dict[str, Any],
    message: str,
) -> None:
    with pytest.raises(InputError, match=message):
        read(write(tmp_path / name, ROW), reject, **options)


def test_another_kind_of_file_is_refused(tmp_path: Path, reject: Reject) -> None:
    (tmp_path / "films.xlsx").write_bytes(b"")
    with pytest.raises(InputError, match=r"films.xlsx: ends in '.xlsx'; save it as .csv, .tsv"):
        read(tmp_path / "films.xlsx", reject)
    (tmp_path / "films.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"films.parquet: is not a readable Parquet file"):
        read(tmp_path / "films.parquet", reject)


def test_steam_tags_in_latin_1_become_a_text(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    path = tmp_path / "steam.csv"
    path.write_bytes(
        "appid,name,release_date,genres,steamspy_tags\n"
        "620,Pokémon Café,2011-04-18,Action;Adventure,Puzzle;Co-op\n"
        "x,Broken,,,\n".encode("latin-1")
    )
    options = {"separator": ";", "encoding": "latin-1"}
    [draft] = read_steam(path, make_catalog_source(reader="steam", options=options), reject)
    assert (draft.ids, draft.title, draft.year) == (("steam:620",), "Pokémon Café", 2011)
    assert (draft.genres, draft.texts[0].text) == (("Action", "Adventure"), "Puzzle, Co-op")
    assert [reason for _, reason, _ in rejected] == ["bad id"]


def test_steam_names_in_utf_8_among_latin_1_are_mended(tmp_path: Path, reject: Reject) -> None:
    path = tmp_path / "steam.csv"
    path.write_bytes(b"name,steamspy_tags\n" + "三国,A\n".encode() + b"Caf\xe9,A\n")
    options = {"separator": " ", "encoding": "latin-1"}
    drafts = read_steam(path, make_catalog_source(reader="steam", options=options), reject)
    assert [draft.title for draft in drafts] == ["三国", "Café"]


def test_a_game_in_another_encoding_is_rejected(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    path = tmp_path / "steam.csv"
    path.write_bytes("name,steamspy_tags\nCafé,Puzzle\nDoom,FPS\n".encode("latin-1"))
    options = {"separator": " ", "encoding": "utf-8"}
    [draft] = read_steam(path, make_catalog_source(reader="steam", options=options), reject)
    assert draft.title == "Doom"
    assert [(place, reason) for place, reason, _ in rejected] == [(f"{path}:2", "not UTF-8")]
