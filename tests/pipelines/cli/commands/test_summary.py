"""What a run built, from its counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builder.errors import InputError
from pipelines.cli.commands.summary import summarize
from tests.support.projects import write_settings

DVC = """
vars: [paths: {count_files: counts, log_files: logs, page: reports/index.html, card: README.md}]
stages:
  link: {outs: ["${paths.count_files}/link.json"]}
  tag: {outs: ["${paths.count_files}/tag.json"]}
  report: {outs: ["${paths.page}"]}
"""


def test_counts_places_and_what_waits_are_told(tmp_path: Path) -> None:
    (tmp_path / "dvc.yaml").write_text(DVC)
    write_settings(tmp_path)
    (tmp_path / "README.md").touch()
    with pytest.raises(InputError, match="no stage has run yet; run `make repro`"):
        summarize(tmp_path)
    counts = {"stage": "link", "in": {}, "out": {"mentions": 3}, "rejected": {}}
    (tmp_path / "counts").mkdir()
    (tmp_path / "counts/link.json").write_text(json.dumps(counts))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/link.json").write_text(json.dumps({"stage": "link", "seconds": 1.5}))
    (tmp_path / "logs/report.json").write_text(json.dumps({"stage": "report", "seconds": 2.0}))
    found = summarize(tmp_path)
    assert (found.counts, found.waiting, found.seconds) == ((counts,), ("tag",), 3.5)
    assert list(found.places.values()) == [tmp_path / "README.md"]
