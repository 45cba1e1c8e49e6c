from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.mentions.linker import link_dialog
from builder.linking.review.accuracy import Scorer, TurnScore, accuracy_figures
from builder.linking.review.annotated import AnnotatedTurn, read_entities, read_turns
from builder.records import Item
from builder.titles import TitleYear
from tests.support.linking import RULES

ENTITIES = {
    "<http://dbpedia.org/resource/Heat_(1995_film)>": 1,
    "<http://dbpedia.org/resource/Ronin_(film)>": 2,
    "<http://dbpedia.org/resource/What_About_Bob%3F>": 3,
}


def turn_row(resp: str, rec: list[int], names: list[str], **other: Any) -> dict[str, Any]:
    row = {"dialog_id": "d", "turn_id": 7, "context": ["", "Any films?"], "resp": resp, "rec": rec}
    return {**row, "is_user": 0, "entity_name": names, **other}


def read(
    path: Path, rows: list[Any], entities: dict[str, Any] | None = None
) -> tuple[list[AnnotatedTurn], list[tuple[str, str, str]]]:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    rejected: list[tuple[str, str, str]] = []
    named = None if entities is None else read_entities(entities)
    turns = list(read_turns(path, named, lambda *told: rejected.append(told)))
    return turns, rejected


def test_entities_are_titles_with_the_year_of_their_address() -> None:
    assert read_entities(ENTITIES) == {
        1: TitleYear("Heat", 1995),
        2: TitleYear("Ronin", None),
        3: TitleYear("What About Bob?", None),
    }


def test_rec_names_the_titles_and_the_text_their_years(tmp_path: Path) -> None:
    rows = [turn_row("Heat (1996) or Ronin (1998)", [1, 2], ["You", "Ronin (1998)"])]
    [turn], rejected = read(tmp_path / "turns.jsonl", rows, ENTITIES)
    assert turn.titles == (TitleYear("Heat", 1995), TitleYear("Ronin", 1998))
    said = [(spoken.role, spoken.text) for spoken in turn.dialog.turns]
    assert said == [("seeker", "Any films?"), ("recommender", "Heat (1996) or Ronin (1998)")]
    assert rejected == []


@pytest.mark.parametrize(
    ("rec", "names", "titles"),
    [
        ([1], ["You", "Heat (1995)"], (TitleYear("Heat", 1995),)),
        ([1], ["Heat"], (TitleYear("Heat", None),)),
        ([], ["comedy"], ()),
        ([1, 2], ["Heat (1995)"], None),
        ([1], [], None),
    ],
    ids=["dated", "as many as films", "no film", "one is lost", "all are lost"],
)
def test_without_entities_the_names_count_where_none_is_lost(
    tmp_path: Path, rec: list[int], names: list[str], titles: tuple[TitleYear, ...] | None
) -> None:
    turns, rejected = read(tmp_path / "turns.jsonl", [turn_row("Heat!", rec, names)])
    assert [turn.titles for turn in turns] == ([] if titles is None else [titles])
    assert [reason for _, reason, _ in rejected] == (
        ["incomplete annotation"] if titles is None else []
    )


def test_bad_rows_are_left_aside_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "turns.jsonl"
    rows = ["{not json", {"dialog_id": "d"}, turn_row(" ", [], []), turn_row("Up", ["x"], [])]
    turns, rejected = read(path, [*rows, turn_row("Hi", [], [])])
    assert len(turns) == 1
    assert [(place.rpartition(":")[2], reason) for place, reason, _ in rejected] == [
        ("1", "not JSON"), ("2", "missing field"), ("3", "empty response"), ("4", "bad field"),
    ]  # fmt: skip


def test_counts_of_one_turn(tmp_path: Path, items: list[Item], lexicon: Lexicon) -> None:
    said = "Heat (1995), The Thing, Zodiac (2007), Speed (1994) and Heat (1995) again"
    names = ["Heat (1995)", "The Thing (1982)", "Speed (1994)"]
    [turn], _ = read(tmp_path / "turns.jsonl", [turn_row(said, [1, 2, 3], names)])
    found = link_dialog(turn.dialog, lexicon, RULES)
    assert Scorer(items).score(turn, found) == TurnScore("d", 3, 2, 2, 1, 5, 2)


@pytest.mark.parametrize(
    ("title", "meant"),
    [
        (TitleYear("the thing", 1983), {"film:The Thing:1982"}),
        (TitleYear("Thing", None), {"film:The Thing:1982", "film:The Thing:2011"}),
        (TitleYear("Heat", 1999), set()),
        (TitleYear("Speed", 1994), set()),
    ],
    ids=["a year off", "no year", "another year", "unknown"],
)
def test_items_that_an_annotation_may_mean(
    items: list[Item], title: TitleYear, meant: set[str]
) -> None:
    assert Scorer(items).meant_by(title) == meant


def test_figures_are_of_sums_with_intervals_by_dialog() -> None:
    scores = [TurnScore("a", 4, 3, 3, 3, 5, 2), TurnScore("b", 2, 1, 2, 0, 3, 1)]
    told = accuracy_figures(scores, n_resamples=200, level=0.95, seed=1)
    assert {name: told[name]["value"] for name in ("precision", "recall", "f1")} == {
        "precision": 0.6,
        "recall": 0.5,
        "f1": 0.5455,
    }
    assert told["recall_of_known"]["value"] == 0.75
    assert told["abstention_rate"] == {"value": 0.375, "low": 0.3333, "high": 0.4}
    assert told["precision"] == {"value": 0.6, "low": 0.0, "high": 1.0}
    assert (told["dialogs"], told["turns"], told["right"]) == (2, 2, 3)


def test_a_rate_without_a_bottom_is_none() -> None:
    told = accuracy_figures([TurnScore("a", 0, 0, 0, 0, 0, 0)], n_resamples=9, level=0.9, seed=1)
    assert [told[name] for name in ("precision", "recall", "abstention_rate")] == [None, None, None]
