"""Two runs side by side: what differs is listed, what is equal is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from builder.errors import InputError
from builder.tables import write_json
from pipelines.cli.commands.compare import Change, Figure, FigureChange, compare_runs
from tests.support.projects import saferec, write_settings

ROOT = Path.cwd()
DVC = """
vars: [paths: {count_files: counts, metrics: metrics.json, quality: quality.json, page: p.html}]
stages:
  link: {outs: ["${paths.count_files}/link.json"], metrics: ["${paths.quality}"]}
  evaluate: {outs: ["${paths.count_files}/evaluate.json"], metrics: ["${paths.metrics}"]}
  report: {outs: ["${paths.page}"]}
"""


def figure(value: float, low: float, high: float) -> dict[str, float]:
    return {"value": value, "low": low, "high": high}


def make_run(folder: Path, min_score: float, **reports: Any) -> Path:
    folder.mkdir()
    (folder / "dvc.yaml").write_text(DVC)
    write_settings(folder, link={"min_score": min_score, "encoder": "default"})
    for name, document in reports.items():
        write_json(folder / f"{name}.json", document)
    return folder


def counts(n_mentions: int, **rejected: int) -> dict[str, Any]:
    made = {"mentions": n_mentions, "requests": 4}
    return {"stage": "link", "in": {"dialogs": 9}, "out": made, "rejected": rejected}


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    one = make_run(
        tmp_path / "one",
        0.8,
        metrics={"split": "test", "safe": {"svr": figure(0.1, 0.05, 0.15), "ndcg": 0.5}},
        quality={"rubrics": [{"rubric": "natural", "mean": 4.5}], "lowest": ["row"]},
    )
    other = make_run(
        tmp_path / "other",
        0.9,
        metrics={"split": "test", "safe": {"svr": figure(0.3, 0.2, 0.4), "ndcg": 0.5}},
        quality={"rubrics": [{"rubric": "natural", "mean": 4.25}, {"rubric": "new", "mean": 1}]},
    )
    write_json(one / "counts/link.json", counts(7, short=2))
    write_json(other / "counts/link.json", counts(5, short=2, open=1))
    return one, other


def test_what_differs_is_listed(runs: tuple[Path, Path]) -> None:
    comparison = compare_runs(*runs)
    assert comparison.parameters == (Change("link.min_score", 0.8, 0.9),)
    assert comparison.figures == (
        FigureChange("quality.rubrics.natural.mean", Figure(4.5), Figure(4.25), -0.25, False),
        FigureChange("metrics.safe.svr", Figure(0.1, 0.05, 0.15), Figure(0.3, 0.2, 0.4), 0.2, True),
        FigureChange("quality.rubrics.new.mean", None, Figure(1), None, False),
    )
    assert comparison.counts == (
        Change("link, made: mentions", 7, 5),
        Change("link, left out: open", None, 1),
    )


def test_a_run_does_not_differ_from_itself(runs: tuple[Path, Path]) -> None:
    comparison = compare_runs(runs[0], runs[0])
    assert (comparison.parameters, comparison.figures, comparison.counts) == ((), (), ())


def test_a_folder_without_a_run_is_named(runs: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none/params\.yaml: no such file"):
        compare_runs(runs[0], tmp_path / "none")
    (runs[1] / "counts/link.json").unlink()
    with pytest.raises(InputError, match=r"other/counts: no stage has run; run `dvc repro` there"):
        compare_runs(*runs)


def test_the_command_prints_tables_or_json(
    runs: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(runs[0].parent)
    words = ["compare", "one", "other"]
    program = [sys.executable, "-c", "from pipelines.cli import app; app()", *words]
    environment = os.environ | {"COLUMNS": "200", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=True)
    shown = done.stdout
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert "link.min_score 0.8 0.9" in lines
    assert "link, made: mentions 7 5" in lines
    assert "metrics.safe.svr 0.100 (0.050 to 0.150) 0.300 (0.200 to 0.400) +0.200" in lines
    assert "quality.rubrics.new.mean – 1.000 –" in lines
    as_json = json.loads(saferec(*words, "--json").stdout)
    assert as_json["parameters"] == [{"name": "link.min_score", "first": 0.8, "second": 0.9}]
    assert as_json["figures"][1]["is_apart"] is True
    same = saferec("compare", "one", "one").stdout
    assert same.count(": no difference") == 3
