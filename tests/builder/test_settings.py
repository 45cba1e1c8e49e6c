"""Settings files are held to their model."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.errors import InputError
from builder.settings import Strict, read_yaml


class Number(Strict):
    value: float


class Numbers(Strict):
    numbers: list[Number]


def test_a_file_is_its_model(tmp_path: Path) -> None:
    (tmp_path / "n.yaml").write_text("numbers: [{value: 1e-3}, {value: 2}]\n")
    read = read_yaml(tmp_path / "n.yaml", Numbers)
    assert [number.value for number in read.numbers] == [0.001, 2.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "n.yaml: no such file; write one"),
        ("numbers: [{value: x}]", "n.yaml: numbers.0.value: Input should be a valid number; fix"),
        ("numbers: []\nmore: 1", "n.yaml: more: Extra inputs are not permitted; fix the entry"),
        ("", "n.yaml: Input should be a valid dictionary or instance of Numbers; fix the entry"),
    ],
    ids=["none", "type", "unknown key", "empty"],
)
def test_another_file_is_one_line(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "n.yaml").write_text(text)
    with pytest.raises(InputError) as caught:
        read_yaml(tmp_path / "n.yaml", Numbers, fix="write one")
    assert str(caught.value).startswith(f"{tmp_path}/{message}")
