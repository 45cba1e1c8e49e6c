"""CSV files as people write them, with quotes that do not match."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.dialogs.readers.csv_rows import read_csv_rows
from builder.sources import Reject

Rejected = list[tuple[str, str, str]]


@pytest.mark.parametrize(
    ("body", "texts", "lost"),
    [
        ('1,a,"one\ntwo",,\n1,b,"say ""hi""",,\n', ["one\ntwo", 'say "hi"'], []),
        ('1,a,"gone,,\n1,b,two,,\n1,c,three,,\n', ["two", "three"], [(2, "3, expected 5")]),
        ('1,a,one,,"gone\n1,b,two,,\n', ["one", "two"], []),
        ('1,a,"gone,,\n1,b,"two",,\n', ["two"], [(2, "3, expected 5")]),
        ('1,a,"one" or so,,\n1,b,two,,\n', ["one or so", "two"], []),
        ("1,a,one,,\n1,b\n\n1,c,three,,\n", ["one", "three"], [(3, "2, expected 5")]),
        ('1,a,"one\ntwo"\n1,b,two,,\n', ["two"], [(2, "3, expected 5, lines 2 to 3")]),
        ('1,a,"' + "x\n" * 90_000 + "1,b,two,,\n", ["two"], [(2, "3, expected 5")]),
    ],
    ids=[
        "cells over lines", "never ends", "last cell", "ends in the next", "text behind",
        "too few", "too few over lines", "longer than a cell",
    ],
)  # fmt: skip
def test_a_bad_quote_costs_its_own_line(
    tmp_path: Path, reject: Reject, rejected: Rejected,
    body: str, texts: list[str], lost: list[tuple[int, str]],
) -> None:  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"thread,user,text,when,title\n{body}".encode())
    assert [row["text"] for _, row in read_csv_rows(path, ",", reject)] == texts
    told = [(place, detail) for place, _, detail in rejected if detail != "1, expected 5"]
    assert told == [(f"{path}:{line}", detail) for line, detail in lost]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    rows=st.lists(st.lists(st.text('ab,"\n', max_size=5), min_size=2, max_size=2), max_size=5),
    junk=st.text('ab,"', max_size=8),
)
def test_csv_comes_back_whatever_line_precedes_it(
    tmp_path: Path, reject: Reject, rejected: Rejected, rows: list[list[str]], junk: str
) -> None:
    rejected.clear()
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
            [["x", "y"], *rows]
        )
    found = [list(row.values()) for _, row in read_csv_rows(path, ",", reject)]
    assert (found, rejected) == (rows, [])
    path.write_text(f"x,y\n{junk}\nlast,row\n", encoding="utf-8")
    found = [list(row.values()) for _, row in read_csv_rows(path, ",", reject)]
    assert found[-1] == ["last", "row"]
