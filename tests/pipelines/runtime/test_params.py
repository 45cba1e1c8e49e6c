"""The settings files: sections, shared sections, names, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builder.errors import InputError
from builder.llm.client_settings import OfflineSettings, Writer
from pipelines.runtime.params import CALIBRATION_FILE, PARAMS_FILE, Parameters, read_params
from pipelines.runtime.stage import StageParams


class Params(StageParams):
    min_score: float
    n_rows: int


class Reader(StageParams):
    """Takes a number of its own, and a shared section."""

    reads_also = ("labels",)
    wanted: int
    labels: dict[str, int]


class WriterParams(StageParams):
    writer: Writer | None


def write(folder: Path, params: str, calibration: str = "{}") -> None:
    (folder / PARAMS_FILE).write_text(params)
    (folder / CALIBRATION_FILE).write_text(calibration)


def test_a_section_is_checked_key_by_key() -> None:
    good = {"tag": {"min_score": 0.5, "n_rows": 3}}
    assert Parameters(good).section(Params, "tag") == Params(min_score=0.5, n_rows=3)
    bad = Parameters({"tag": {"min_score": 0.5, "n_rows": "three"}})
    with pytest.raises(InputError, match=r"params.yaml: tag.n_rows: is 'three'"):
        bad.section(Params, "tag")
    with pytest.raises(InputError, match="section 'tag' is missing"):
        Parameters({}).section(Params, "tag")


def test_a_shared_section_is_read_where_it_stands() -> None:
    found = Parameters({"export": {"wanted": 3}, "labels": {"days": 2}}).section(Reader, "export")
    assert (found.wanted, found.labels) == (3, {"days": 2})
    with pytest.raises(InputError, match="section 'labels' is missing"):
        Parameters({"export": {"wanted": 3}}).section(Reader, "export")


def test_a_stage_reads_its_keys_of_both_files(tmp_path: Path) -> None:
    write(tmp_path, "tag: {min_score: 5e-5}", "tag: {n_rows: 3}\nlabels: {a: 1}")
    params = read_params(tmp_path)
    assert params.section(Params, "tag") == Params(min_score=0.00005, n_rows=3)
    assert params.of_file(PARAMS_FILE) == {"tag": {"min_score": 0.00005}}
    assert params.of_file(CALIBRATION_FILE) == {"tag": {"n_rows": 3}, "labels": {"a": 1}}


@pytest.mark.parametrize(
    ("params", "calibration", "message"),
    [
        ("tag: {min_score: 1.0}", "tag: {n_rows: x}", "calibration.yaml: tag.n_rows: is 'x'"),
        ("tag: {min_score: 1.0}", "tag: {n_row: 1}", "calibration.yaml: tag.n_row: unknown param"),
        ("tag: {min_score: 1.0}", "{}", "params.yaml: tag.n_rows: missing parameter"),
        ("tag: {n_rows: 1}", "tag: {n_rows: 1}", "tag.n_rows: is also in params.yaml; keep one"),
        ("tag: {}", "tagg: {}", "calibration.yaml: unknown section 'tagg'"),
        ("tag: 3", "{}", "params.yaml: tag: is 3; write keys with values"),
        ("tag: [1,", "{}", "params.yaml:2: is not valid YAML"),
        ("[1]", "{}", "params.yaml: has no sections"),
    ],
    ids=["type", "unknown", "missing", "twice", "section", "no-keys", "broken", "list"],
)
def test_what_is_wrong_is_named_with_its_file(
    tmp_path: Path, params: str, calibration: str, message: str
) -> None:
    write(tmp_path, params, calibration)
    with pytest.raises(InputError) as caught:
        read_params(tmp_path).section(Params, "tag")
    assert message in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / PARAMS_FILE).write_text("tag: {}")
    with pytest.raises(InputError, match=r"calibration\.yaml: no such file; run from the project"):
        read_params(tmp_path)


def test_a_long_value_is_quoted_in_part() -> None:
    params = Parameters({"tag": {"min_score": 0.5, "n_rows": ["x"] * 1_000_000}})
    with pytest.raises(InputError) as caught:
        params.section(Params, "tag")
    assert len(str(caught.value)) < 300


def writing(writer: Any, **writers: Any) -> WriterParams:
    sections = {"writers": {"default": {"kind": "offline"}, **writers}, "tag": {"writer": writer}}
    return Parameters(sections).section(WriterParams, "tag")


def test_a_stage_names_its_writer() -> None:
    assert writing("default").writer == OfflineSettings(kind="offline")
    assert writing(None).writer is None


@pytest.mark.parametrize(
    ("writer", "message"),
    [
        ("gpt", "params.yaml: tag.writer: is 'gpt', not a name; write one of default, broken, or"),
        ({"kind": "offline"}, "params.yaml: tag.writer: is {'kind': 'offline'}, not a name;"),
        ("broken", "params.yaml: writers.broken.tone: unknown parameter"),
    ],
    ids=["unknown", "pasted", "broken"],
)
def test_a_writer_that_cannot_be_used_is_named_where_it_stands(writer: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        writing(writer, broken={"kind": "offline", "tone": 1})
    assert message in str(caught.value)
