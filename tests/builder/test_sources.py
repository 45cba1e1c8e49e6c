from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from builder.errors import InputError
from builder.sources import SourceSpec, read_year, require


@pytest.mark.parametrize(
    "change",
    [{"licence": ""}, {"name": ""}, {"retrieved": "yesterday"}, {"licences": "MIT"}],
    ids=str,
)
def test_a_source_without_name_licence_or_date_is_refused(change: dict[str, str]) -> None:
    fields = {"name": "a", "reader": "r", "path": "p", "licence": "l", "retrieved": "2026-11-21"}
    SourceSpec(**fields)
    with pytest.raises(ValidationError):
        SourceSpec(**{**fields, **change})


@pytest.mark.parametrize(
    "make", [os.mkfifo, lambda path: path.symlink_to("a")], ids=["pipe", "loop"]
)
def test_a_source_is_a_file_or_a_folder(tmp_path: Path, make: Callable[[Path], None]) -> None:
    assert require(tmp_path) == tmp_path
    make(tmp_path / "a")
    with pytest.raises(InputError, match=r"a: (is not a regular file|cannot be read \(Too many)"):
        require(tmp_path / "a")
    with pytest.raises(InputError, match=r"b: no such file; put the source there"):
        require(tmp_path / "b")


@pytest.mark.parametrize(
    ("text", "year"),
    [("1995", 1995), ("0", None), ("1869", None), ("n/a", None), ("", None), ("19955", None)],
)
def test_a_year_is_four_digits_of_film_history(text: str, year: int | None) -> None:
    assert read_year(text) == year
