from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.records import Evidence, Item
from builder.tables import read_table
from pipelines.runtime.stage import Job

ROOT = Path.cwd()
FILM = {"imdb_id": "tt0387564", "title": "Saw", "year": 2004}
LIMITS = {"max_title_chars": 50, "max_text_chars": 100}
COMMAND = (
    *(sys.executable, "-m", "pipelines.stages.mine_catalog"),
    *("items=items.parquet", "counts=counts.json"),
)
SOURCE = {
    "name": "ours",
    "reader": "maintained",
    "path": "films.jsonl",
    "licence": "CC0-1.0",
    "retrieved": "2026-11-21",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder in which the stage mine_catalog runs over one film."""
    shutil.copyfile("dvc.yaml", tmp_path / "dvc.yaml")
    (tmp_path / "films.jsonl").write_text(json.dumps(FILM) + "\n")
    write_params(tmp_path, {"root": ".", "sources": [SOURCE], **LIMITS})
    return tmp_path


def write_params(folder: Path, mine_catalog: Any, **sections: Any) -> None:
    run = {"seed": 1, "workers": 1}
    inputs = {"tombstones": "t", "link_decisions": "d", "taxonomy": f"{ROOT / 'data/taxonomy'}"}
    document = {"run": run, "inputs": inputs, "mine_catalog": mine_catalog, **sections}
    (folder / "params.yaml").write_text(yaml.safe_dump(document))
    (folder / "calibration.yaml").write_text("{}")


def mine(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_stage_writes_its_rows_and_counts(folder: Path) -> None:
    done = mine(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert [item.title for item in read_table(folder / "items.parquet", Item)] == ["Saw"]
    assert list(read_table(folder / "data/interim/evidence.parquet", Evidence)) == []
    counts = json.loads((folder / "counts.json").read_text())
    assert counts["in"] == {"ours/films.jsonl": 1}
    assert counts["out"] == {"items": 1, "evidence": 0}
    assert counts["rejected"] == {}
    assert "seconds" not in counts
    log = json.loads((folder / "data/reports/logs/mine_catalog.json").read_text())
    assert log["stage"] == "mine_catalog"
    assert log["seconds"] > 0


def test_rejections_are_counted_and_kept(folder: Path) -> None:
    (folder / "films.jsonl").write_text(
        "\n".join([json.dumps(FILM), json.dumps({**FILM, "year": 0}), '{"cut": '])
    )
    assert mine(folder).returncode == 0
    assert json.loads((folder / "counts.json").read_text())["rejected"] == {
        "bad year": 1,
        "not JSON": 1,
    }
    rows = [
        json.loads(line)
        for line in (folder / "data/interim/rejections/mine_catalog.jsonl").read_text().splitlines()
    ]
    assert [(row["stage"], row["place"]) for row in rows] == [
        ("mine_catalog", "films.jsonl:2"),
        ("mine_catalog", "films.jsonl:3"),
    ]


@pytest.mark.parametrize(
    ("mine_catalog", "more", "message"),
    [
        (
            {
                "root": ".",
                "sources": [{**SOURCE, "licence": ""}],
                "max_title_chars": 50,
                "max_text_chars": 100,
            },
            {},
            "params.yaml: mine_catalog.sources.0.licence: is ''",
        ),
        (
            {
                "root": ".",
                "sources": [{k: v for k, v in SOURCE.items() if k != "licence"}],
                "max_title_chars": 50,
                "max_text_chars": 100,
            },
            {},
            "params.yaml: mine_catalog.sources.0.licence: missing parameter",
        ),
        (
            {
                "root": ".",
                "sources": [SOURCE],
                "max_title_chars": 50,
                "max_text_chars": 100,
                "min_votes": 3,
            },
            {},
            "params.yaml: mine_catalog.min_votes: unknown parameter",
        ),
        (
            {"sources": [SOURCE], **LIMITS},
            {},
            "params.yaml: mine_catalog.root: missing parameter",
        ),
        (
            {"root": ".", "sources": [SOURCE], **LIMITS},
            {"mine_catalogue": {}},
            "params.yaml: unknown section 'mine_catalogue'",
        ),
        (
            {"root": "nowhere", "sources": [SOURCE], **LIMITS},
            {},
            "nowhere/films.jsonl: no such file",
        ),
    ],
    ids=["empty licence", "no licence", "unknown key", "missing key", "section", "missing file"],
)
def test_bad_input_ends_with_one_line(
    folder: Path, mine_catalog: Any, more: Any, message: str
) -> None:
    assert mine(folder).returncode == 0
    before = (folder / "items.parquet").read_bytes()
    write_params(folder, mine_catalog, **more)
    done = mine(folder)
    assert done.returncode == 2
    assert done.stderr.startswith("mine_catalog: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert (folder / "items.parquet").read_bytes() == before


def test_a_misencoded_line_is_a_rejection_with_file_and_row(folder: Path) -> None:
    (folder / "films.jsonl").write_bytes(b'{"title": "Am\xe9lie"}\n')
    assert mine(folder).returncode == 0
    [row] = map(
        json.loads, (folder / "data/interim/rejections/mine_catalog.jsonl").read_text().splitlines()
    )
    assert (row["place"], row["reason"]) == ("films.jsonl:1", "not UTF-8")
    assert row["detail"] == "byte 14 of the line, line from byte 0"


def test_wrong_paths_on_the_command_line_are_named(folder: Path) -> None:
    assert "itmes=x: unknown argument" in mine(folder, "itmes=x").stderr
    (folder / "dvc.yaml").write_text("vars: [paths: {items: x}]\nstages: {}\n")
    assert mine(folder).stderr == (
        "mine_catalog: dvc.yaml: has no path 'evidence'; name it under vars: paths, or under "
        "inputs of params.yaml\n"
    )


def test_tracking_passes_every_row_on() -> None:
    job = Job("tag", seed=1, workers=1)
    assert list(job.track(range(3))) == [0, 1, 2]


@pytest.mark.parametrize("delay_s", [0.3, 0.9, 1.2, 1.5])
def test_a_stage_killed_at_any_moment_leaves_the_last_good_output(
    folder: Path, delay_s: float
) -> None:
    assert mine(folder).returncode == 0
    more = [{**FILM, "imdb_id": f"tt{n:07d}", "title": f"Film {n}"} for n in range(1, 3000)]
    (folder / "films.jsonl").write_text("".join(json.dumps(row) + "\n" for row in more))
    with subprocess.Popen(COMMAND, cwd=folder) as stage:
        time.sleep(delay_s)
        stage.kill()
    assert len(read_table(folder / "items.parquet", Item)) in {1, 2999}
    assert json.loads((folder / "counts.json").read_text())["out"]["items"] in {1, 2999}
