from __future__ import annotations

import json
from pathlib import Path

import pytest

from builder.records import Dialog, Item, Mention
from builder.tables import write_table
from pipelines.runtime.layout import read_layout
from tests.factories import make_dialog, make_item, make_mention, make_turn
from tests.support.projects import copy_settings, saferec

TURN = {
    "dialog_id": "d1", "turn_id": 3, "context": ["Anything like Ronin (1998)?"], "is_user": 0,
    "resp": "Heat (1995), of course", "rec": [4], "entity_name": ["Heat (1995)"],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy_settings(tmp_path)
    titles = [("Heat", 1995), ("Ronin", 1998)]
    items = [make_item(f"imdb:{t}", t, y) for t, y in titles]
    write_table(tmp_path / "mine.parquet", Item, items)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_eval_prints_figures_as_json(folder: Path) -> None:
    lost = {**TURN, "rec": [4, 5]}
    (folder / "turns.jsonl").write_text(f"{json.dumps(TURN)}\n{json.dumps(lost)}\n")
    done = saferec("link", "eval", "turns.jsonl", "--catalog", "mine.parquet")
    told = json.loads(done.stdout)
    assert (told["annotation"], told["left_aside"]) == ("entity_name", {"incomplete annotation": 1})
    assert (told["catalogue_items"], told["turns"], told["titles"]) == (2, 1, 1)
    assert told["f1"] == {"value": 1.0, "low": 1.0, "high": 1.0}


def test_eval_reads_the_names_of_rec_beside_the_turns(folder: Path) -> None:
    (folder / "turns.jsonl").write_text(json.dumps({**TURN, "rec": [4, 5]}))
    names = {"<http://dbpedia.org/resource/Heat_(1995_film)>": 4, "<x/resource/Alien>": 5}
    (folder / "entity2id.json").write_text(json.dumps(names))
    told = json.loads(saferec("link", "eval", "turns.jsonl", "--catalog", "mine.parquet").stdout)
    assert told["annotation"] == "rec, named by entity2id.json"
    assert (told["titles"], told["titles_in_catalogue"]) == (2, 1)
    assert (told["recall"]["value"], told["recall_of_known"]["value"]) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("turns", "catalogue", "line"),
    [
        ("absent.jsonl", "mine.parquet", "absent.jsonl: no such file"),
        ("empty.jsonl", "mine.parquet", "empty.jsonl: no turn can be scored (no rows)"),
        ("empty.jsonl", "none.parquet", "none.parquet: no such catalogue"),
    ],
)
def test_bad_input_is_one_line(folder: Path, turns: str, catalogue: str, line: str) -> None:
    (folder / "empty.jsonl").write_text("\n")
    done = saferec("link", "eval", turns, "--catalog", catalogue)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"saferec: {line}")
    assert done.stderr.count("\n") == 1


def open_mention(folder: Path) -> None:
    """Leave one mention open, as stage link does."""
    layout = read_layout(folder)
    items = [make_item(f"film:{y}", "The Thing", y) for y in (1982, 2011)]
    write_table(layout["items"], Item, items)
    turn = make_turn("Loved The Thing, it is cold", turn_id="t", author="p-1", created_utc=5)
    dialog = make_dialog(turn, dialog_id="d", community="", created_utc=5)
    write_table(layout["dialogs"], Dialog, [dialog])
    ids = ("film:1982", "film:2011")
    found = make_mention(
        "The Thing",
        dialog_id="d",
        turn_id="t",
        start=6,
        end=15,
        role="liked",
        score=0.0,
        candidates=ids,
        abstained="ambiguous year",
    )
    write_table(layout["mentions"], Mention, [found, found])


@pytest.mark.parametrize(
    ("typed", "decided"),
    [
        ("1\n", [{"words": "the thing", "item_id": "film:1982"}]),
        ("The Thing (2011)\n", [{"words": "the thing", "item_id": "film:2011"}]),
        ("n\n", [{"words": "the thing", "item_id": None}]),
        ("s\n", []),
        ("q\n", []),
        ("The Thing\n1\n", [{"words": "the thing", "item_id": "film:1982"}]),
        ("9\n\n", []),
    ],
    ids=["number", "title", "none", "skip", "stop", "two items: again", "no such number: again"],
)
def test_review_keeps_what_is_decided(
    folder: Path, typed: str, decided: list[dict[str, str | None]]
) -> None:
    open_mention(folder)
    done = saferec("link", "review", typed=typed)
    assert done.exit_code == 0
    assert "the thing  2 times: ambiguous year" in done.stdout
    assert "… Loved The Thing, it is cold …" in done.stdout
    path = folder / "data/link_decisions.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    assert [json.loads(line) for line in lines] == decided


def test_tasks_for_label_studio_come_back_as_decisions(folder: Path) -> None:
    open_mention(folder)
    assert saferec("link", "tasks", "tasks.json").exit_code == 0
    [task] = json.loads((folder / "tasks.json").read_text())
    assert task["data"]["words"] == "the thing"
    first = task["data"]["choices"][0]["value"]
    assert first == "The Thing (1982) [film:1982]"
    given = {"result": [{"value": {"choices": [first]}}]}
    (folder / "export.json").write_text(json.dumps([{**task, "annotations": [given]}]))
    assert "1 decisions" in saferec("link", "learn", "export.json").stdout
    kept = (folder / "data/link_decisions.jsonl").read_text()
    assert json.loads(kept) == {"words": "the thing", "item_id": "film:1982"}


def test_another_file_is_no_export(folder: Path) -> None:
    open_mention(folder)
    (folder / "export.json").write_text('{"a": 1}')
    done = saferec("link", "learn", "export.json")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)


def test_review_needs_a_run(folder: Path) -> None:
    done = saferec("link", "review")
    assert done.exit_code == 2
    assert "does not exist yet; run `make repro` first" in done.stderr
