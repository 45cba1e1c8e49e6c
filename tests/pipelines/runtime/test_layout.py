"""The paths and stages of dvc.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.errors import InputError
from pipelines.runtime.layout import read_layout
from tests.support.projects import write_settings

DVC = """
vars:
  - other: 1
  - paths: {count_files: counts, rejection_files: left_out, items: items.parquet, plot: p.csv}
stages:
  second_in_name_first_in_file: {cmd: a, deps: ["${paths.items}"]}
  embed:
    cmd: b
    outs: [{"${paths.items}": {persist: true}}, {"${paths.count_files}/embed.json": {}}]
    plots: [{"${paths.plot}": {x: step}}]
"""


def test_paths_begin_with_the_folder_and_stages_keep_their_order(tmp_path: Path) -> None:
    (tmp_path / "dvc.yaml").write_text(DVC)
    write_settings(tmp_path)
    layout = read_layout(tmp_path)
    assert layout["items"] == tmp_path / "items.parquet"
    assert layout["taxonomy"] == tmp_path / "data/taxonomy"
    assert layout.stages == ("second_in_name_first_in_file", "embed")
    assert layout.outputs["embed"] == {"items", "count_files", "plot"}
    assert layout.counted_stages == ("embed",)
    assert layout.counts("embed") == tmp_path / "counts/embed.json"
    assert layout.rejections("embed") == tmp_path / "left_out/embed.jsonl"
    with pytest.raises(InputError, match="has no path 'itmes'"):
        layout["itmes"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "dvc.yaml: no such file"),
        ("a: [", "dvc.yaml:2: is not valid YAML"),
        ("stages: {}", "dvc.yaml: has no vars, paths and stages"),
        ("vars: [paths: {a: b}]", "dvc.yaml: has no vars, paths and stages"),
        ("- 1", "dvc.yaml: has no vars, paths and stages"),
    ],
    ids=["missing", "broken", "no-vars", "no-stages", "list"],
)
def test_a_file_that_says_too_little_is_named(
    tmp_path: Path, text: str | None, message: str
) -> None:
    write_settings(tmp_path)
    if text is not None:
        (tmp_path / "dvc.yaml").write_text(text)
    with pytest.raises(InputError) as caught:
        read_layout(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}/{message}")
