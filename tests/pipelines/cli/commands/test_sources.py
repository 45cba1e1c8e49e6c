"""The configured sources with their rows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from builder.errors import InputError
from pipelines.cli.commands.sources import ConfiguredSource, configured_sources

PARAMS = """
run: {seed: 1, workers: 1}
inputs: {taxonomy: t, tombstones: t, link_decisions: d}
mine_catalog:
  root: some/folder
  sources:
    - {name: a, reader: maintained, path: a.jsonl, licence: CC0-1.0, retrieved: '2026-11-21'}
    - {name: b, reader: mpaa, path: b.csv, licence: none stated, retrieved: '2026-11-20'}
"""


def test_rows_come_from_the_counts(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(PARAMS)
    (tmp_path / "calibration.yaml").write_text("{}")
    shutil.copyfile("dvc.yaml", tmp_path / "dvc.yaml")
    counts = tmp_path / "data/reports/counts/mine_catalog.json"
    counts.parent.mkdir(parents=True)
    counts.write_text(json.dumps({"in": {"a/a.jsonl": 7}}))
    assert list(configured_sources(tmp_path)) == [
        ConfiguredSource(
            "mine_catalog", "a", "maintained", "some/folder/a.jsonl", "CC0-1.0", "2026-11-21", 7
        ),
        ConfiguredSource(
            "mine_catalog", "b", "mpaa", "some/folder/b.csv", "none stated", "2026-11-20", None
        ),
    ]


def test_a_source_without_a_licence_is_named(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(PARAMS.replace("licence: none stated, ", ""))
    (tmp_path / "calibration.yaml").write_text("{}")
    shutil.copyfile("dvc.yaml", tmp_path / "dvc.yaml")
    with pytest.raises(InputError, match=r"mine_catalog\.sources\.1\.licence: Field required"):
        list(configured_sources(tmp_path))
