from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from builder.records import Item
from builder.tables import write_table
from pipelines.cli import app

TURN = {
    "dialog_id": "d1", "turn_id": 3, "context": ["Anything like Ronin (1998)?"], "is_user": 0,
    "resp": "Heat (1995), of course", "rec": [4], "entity_name": ["Heat (1995)"],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("params.yaml", "dvc.yaml"):
        shutil.copyfile(name, tmp_path / name)
    titles = [("Heat", 1995), ("Ronin", 1998)]
    items = [Item(f"imdb:{t}", "film", t, y, (), (), None, (), ()) for t, y in titles]
    write_table(tmp_path / "mine.parquet", Item, items)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def link(*words: str) -> Result:
    return CliRunner().invoke(app, ["link", *words])


def test_eval_prints_figures_as_json(folder: Path) -> None:
    lost = {**TURN, "rec": [4, 5]}
    (folder / "turns.jsonl").write_text(f"{json.dumps(TURN)}\n{json.dumps(lost)}\n")
    done = link("eval", "turns.jsonl", "--catalog", "mine.parquet")
    told = json.loads(done.stdout)
    assert (told["annotation"], told["left_aside"]) == ("entity_name", {"incomplete annotation": 1})
    assert (told["catalogue_items"], told["turns"], told["titles"]) == (2, 1, 1)
    assert told["f1"] == {"value": 1.0, "low": 1.0, "high": 1.0}


def test_eval_reads_the_names_of_rec_beside_the_turns(folder: Path) -> None:
    (folder / "turns.jsonl").write_text(json.dumps({**TURN, "rec": [4, 5]}))
    names = {"<http://dbpedia.org/resource/Heat_(1995_film)>": 4, "<x/resource/Alien>": 5}
    (folder / "entity2id.json").write_text(json.dumps(names))
    told = json.loads(link("eval", "turns.jsonl", "--catalog", "mine.parquet").stdout)
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
    done = link("eval", turns, "--catalog", catalogue)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"saferec: {line}")
    assert done.stderr.count("\n") == 1
