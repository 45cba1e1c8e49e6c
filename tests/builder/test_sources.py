from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from builder.errors import InputError
from builder.sources import Reject, SourceSpec, read_json_lines, read_lines, read_year


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


def test_a_misencoded_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("fine\nAmélie\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"a.txt:2: byte 3 is not utf-8; save the file as utf-8"):
        list(read_lines(tmp_path / "a.txt"))
    assert list(read_lines(tmp_path / "a.txt", encoding="latin-1"))[1] == (2, "Amélie")


def test_broken_json_lines_are_rejected_and_the_rest_goes_on(
    tmp_path: Path, reject: Reject, rejected: list[tuple[str, str, str]]
) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n\n[2]\n{"a": 3}\n{"a": ')
    rows = [row for _, row in read_json_lines(tmp_path / "a.jsonl", reject)]
    assert rows == [{"a": 1}, {"a": 3}]
    assert [(place.split(":")[-1], reason) for place, reason, _ in rejected] == [
        ("3", "not a JSON object"),
        ("5", "not JSON"),
    ]


@pytest.mark.parametrize(
    ("text", "year"),
    [("1995", 1995), ("0", None), ("1869", None), ("n/a", None), ("", None), ("19955", None)],
)
def test_a_year_is_four_digits_of_film_history(text: str, year: int | None) -> None:
    assert read_year(text) == year
