"""CSV as people and programs write it, with quotes that do not match."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import InputError
from builder.sources import Reject
from builder.text_files import csv_rows
from builder.text_files.csv_rows import MAX_LINE_CHARS, read_columns, read_csv

Rejected = list[tuple[str, str, str]]
Read = Callable[..., list[tuple[int, list[str]]]]


@pytest.fixture
def read(tmp_path: Path, reject: Reject) -> Read:
    """Return a reader of bytes that gives (line, cells)."""

    def read_bytes(content: bytes, columns: tuple[str, ...] = (), **how: Any) -> list[Any]:
        path = tmp_path / "a.csv"
        path.write_bytes(content)
        rows = read_csv(path, columns, reject, **how)
        return [(int(place.removeprefix(f"{path}:")), [*row.values()]) for place, row in rows]

    return read_bytes


def lines_of(rejected: Rejected) -> list[tuple[int, str, str]]:
    return [(int(place.rpartition(":")[2]), reason, detail) for place, reason, detail in rejected]


@pytest.mark.parametrize(
    "content",
    [
        b'title,plot\nA,"one\n\ntwo"\nB,three\n',
        b'title,plot\r\nA,"one\r\n\r\ntwo"\r\nB,three\r\n',
        b'title,plot\rA,"one\r\rtwo"\rB,three\r',
        b'title,plot\r\nA,"one\n\ntwo"\nB,three',
        b'\xef\xbb\xbf"title",plot\nA,"one\n\ntwo"\nB,three\n',
    ],
    ids=["unix", "windows", "old mac", "mixed, no end", "byte order mark"],
)
def test_a_row_may_go_over_lines_however_they_end(read: Read, content: bytes) -> None:
    [(first, [_, plot]), second] = read(content, ("title", "plot"))
    assert (first, plot.split()) == (2, ["one", "two"])
    assert second == (5, ["B", "three"])


def test_cells_are_kept_as_they_are(read: Read) -> None:
    rows = read(b'a,b,c\n,"",null\n 5" disk ,"say ""hi""",\\N\nx\x00y,#,\x01\n')
    assert [cells for _, cells in rows] == [
        ["", "", "null"],
        [' 5" disk ', 'say "hi"', "\\N"],
        ["x\x00y", "#", "\x01"],
    ]


def test_bad_rows_are_rejected_with_their_line_in_the_order_of_the_file(
    read: Read, rejected: Rejected
) -> None:
    content = b'title,year\nA,1999\n\nB\n"C\nC",2001,more\nD,\xff\n"E"e,2002\nF,2003\n'
    assert read(content) == [(2, ["A", "1999"]), (8, ["Ee", "2002"]), (9, ["F", "2003"])]
    assert [(line, reason) for line, reason, _ in lines_of(rejected)] == [
        (4, "wrong number of cells"),
        (5, "wrong number of cells"),
        (7, "not UTF-8"),
    ]
    assert [detail for _, _, detail in rejected[:2]] == ["1, expected 2", "3, expected 2"]


def test_a_long_bad_row_does_not_move_the_lines_after_it(read: Read, rejected: Rejected) -> None:
    plot = "word\n" * 20_000
    assert read(f'a,b\n1,"{plot}",3\n4,5\n'.encode()) == [(20_003, ["4", "5"])]
    assert lines_of(rejected) == [(2, "wrong number of cells", "3, expected 2")]


def test_a_line_longer_than_the_limit_is_rejected(read: Read, rejected: Rejected) -> None:
    line = b"x" * (MAX_LINE_CHARS + 2 * 2**20)
    assert read(b"a,b\n1,2\n" + line + b"\n2,3\n" + line) == [(2, ["1", "2"]), (4, ["2", "3"])]
    detail = "more than 16,777,216 characters"
    assert lines_of(rejected) == [(3, "line too long", detail), (5, "line too long", detail)]


def test_a_cell_of_ten_megabytes_is_read(read: Read) -> None:
    [(_, cells)] = read(b"a,b\n1," + b"x" * 10_000_000 + b"\n")
    assert len(cells[1]) == 10_000_000


def test_a_row_that_goes_on_for_too_long_costs_its_lines(
    read: Read, rejected: Rejected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_rows, "MAX_FOLLOWED_CHARS", 100)
    assert read(b'a,b\n1,"' + b"x\n" * 200 + b'y"\n2,3\n') == [(2, ["1", "x"]), (203, ["2", "3"])]
    assert [line for line, *_ in lines_of(rejected)] == list(range(3, 203))


def test_csv_row_of_many_cells(read: Read, rejected: Rejected) -> None:
    row = b",".join([b"x"] * 100_000)
    content = b"Name,Year,ID\nHeat,1995,tt0113277\n" + row + b"\nUp,2009,tt1049413\n"
    assert [line for line, _ in read(content)] == [2, 4]
    assert lines_of(rejected) == [(3, "wrong number of cells", "100,000, expected 3")]


def test_a_row_may_go_on_in_the_next_chunk(read: Read, rejected: Rejected) -> None:
    plot = 'say ""so"",\n\n' * 100_000
    content = "a,b\n" + f'1,"{plot}"\n\nshort\n' * 20
    rows = read(content.encode())
    assert [line for line, _ in rows] == [2 + 200_003 * number for number in range(20)]
    assert {cells[1] for _, cells in rows} == {plot.replace('""', '"')}
    assert [line for line, *_ in lines_of(rejected)] == [line + 200_002 for line, _ in rows]


@pytest.mark.parametrize(
    ("body", "texts", "lost"),
    [
        ('1,a,"one\ntwo",,x\n1,b,"say ""hi""",,x\n', ["one\ntwo", 'say "hi"'], []),
        ('1,a,"gone,,\n1,b,two,,\n1,c,three,,\n', ["two", "three"], [(2, "3, expected 5")]),
        ('1,a,one,,"gone\n1,b,two,,\n', ["one", "two"], []),
        ('1,a,"gone,,\n1,b,"two",,\n', ["two"], [(2, "3, expected 5")]),
        ('1,a,"one" or so,,\n1,b,two,,\n', ["one or so", "two"], []),
        ("1,a,one,,\n1,b\n\n1,c,three,,\n", ["one", "three"], [(3, "2, expected 5")]),
        ('1,a,"one\ntwo"\n1,b,two,,\n', ["two"], [(2, "3, expected 5")]),
        ('1,a,"' + "x\n" * 2_200_000 + "1,b,two,,\n", ["two"], [(2, "3, expected 5")]),
    ],
    ids=[
        "cells over lines", "never ends", "last cell", "ends in the next", "text behind",
        "too few", "too few over lines", "longer than a cell",
    ],
)  # fmt: skip
def test_a_bad_quote_costs_its_own_line(
    read: Read, rejected: Rejected, body: str, texts: list[str], lost: list[tuple[int, str]]
) -> None:
    content = b"\xef\xbb\xbf" + f"thread,user,text,when,title\n{body}".encode()
    assert [cells[2] for _, cells in read(content)] == texts
    found = [(line, detail) for line, _, detail in lines_of(rejected) if detail != "1, expected 5"]
    assert found == lost


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    rows=st.lists(st.lists(st.text('ab,"\n', max_size=5), min_size=2, max_size=2), max_size=5),
    junk=st.text('ab,"', max_size=8),
)
def test_csv_comes_back_whatever_line_precedes_it(
    read: Read, rejected: Rejected, rows: list[list[str]], junk: str
) -> None:
    rejected.clear()
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    table.writerows([["x", "y"], *rows])
    assert [cells for _, cells in read(text.getvalue().encode())] == rows
    assert rejected == []
    assert read(f"x,y\n{junk}\nlast,row\n".encode())[-1] == (3, ["last", "row"])


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("latin-1", "title\nAmélie\n".encode("latin-1")),
        ("utf-16", "title\nAmélie\n".encode("utf-16")),
        ("cp1252", "title\r\nAmélie\r\n".encode("cp1252")),
    ],
)
def test_other_encodings_are_read(read: Read, encoding: str, content: bytes) -> None:
    assert read(content, ("title",), encoding=encoding) == [(2, ["Amélie"])]


def test_without_a_header_the_cells_have_the_names_asked_for(
    tmp_path: Path, reject: Reject
) -> None:
    (tmp_path / "a.tsv").write_text("1\tx,y\n2\tz\n")
    rows = read_csv(tmp_path / "a.tsv", ("id", "name"), reject, delimiter="\t", has_header=False)
    assert list(rows) == [
        (f"{tmp_path}/a.tsv:1", {"id": "1", "name": "x,y"}),
        (f"{tmp_path}/a.tsv:2", {"id": "2", "name": "z"}),
    ]


@pytest.mark.parametrize(
    ("content", "how", "message"),
    [
        ("title,plot\n".encode("utf-16"), {}, "a.csv: is UTF-16; save the file as UTF-8"),
        (
            b"title,pl\xffot\n",
            {},
            "a.csv:1: is not in the stated encoding; state the encoding of the file",
        ),
        (b"plot,title,plot\n", {}, "a.csv: has two columns 'plot'; expected title, plot"),
        (b"title,date\n", {}, r"a.csv: has no column 'plot'; expected title, plot"),
        (b"\n\n", {}, "is empty; its first line must name the columns"),
        (
            b"title,plot\n",
            {"encoding": "utf-7bit"},
            "unknown encoding 'utf-7bit'; use a name such as utf-8",
        ),
    ],
    ids=["utf-16", "bytes", "two columns", "no column", "empty", "encoding"],
)
def test_a_bad_file_ends_the_run(
    read: Read, content: bytes, how: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read(content, ("title", "plot"), **how)


CELLS = st.text(st.sampled_from('xé, "\n\r'), max_size=5)
ROWS = st.lists(st.lists(CELLS, max_size=4), max_size=6)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(rows=ROWS, end=st.sampled_from(["\n", "\r\n"]), style=st.sampled_from([0, 1]))
def test_rows_and_lines_are_those_of_the_csv_module(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], end: str, style: int
) -> None:
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator=end, quoting=style)  # type: ignore[arg-type]
    table.writerows([["a", "b"], *rows])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_text(text.getvalue(), newline="")
    plain = text.getvalue().replace("\r\n", "\n").replace("\r", "\n")
    good, bad = by_csv_module(plain)
    rejected: list[str] = []
    found = [
        (int(place.rpartition(":")[2]), [plain_ends(cell) for cell in row.values()])
        for place, row in read_csv(path, ("a", "b"), lambda place, *_: rejected.append(place))
    ]
    assert found == good
    assert [int(place.rpartition(":")[2]) for place in rejected] == bad


def by_csv_module(text: str) -> tuple[list[tuple[int, list[str]]], list[int]]:
    """Return the rows of two cells with the lines in which they begin, and those of other rows."""
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    next(table)
    good: list[tuple[int, list[str]]] = []
    bad: list[int] = []
    begin = table.line_num + 1
    for cells in table:
        if len(cells) >= 2 and not any(cells[2:]):
            good.append((begin, cells[:2]))
        elif cells:
            bad.append(begin)
        begin = table.line_num + 1
    return good, bad


def plain_ends(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def test_the_names_of_the_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'\xef\xbb\xbf"a b",c\r\n1,2\r\n')
    assert read_columns(tmp_path / "a.csv") == ["a b", "c"]


@given(st.lists(st.binary(max_size=12) | st.sampled_from([b'"', b'a,"b', b"a,b"]), max_size=8))
def test_every_line_is_in_a_row_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    lines = [line.replace(b"\n", b"").replace(b"\r", b"") for line in lines]
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"\n".join([b"a,b", *lines, b""]))
    rejected: Rejected = []
    rows = list(read_csv(path, (), lambda *rejection: rejected.append(rejection)))
    begun = {int(place.rpartition(":")[2]) for place in [p for p, *_ in (*rows, *rejected)]}
    within = sum(cell.count("\n") for _, row in rows for cell in row.values())
    filled = {number for number, line in enumerate(lines, start=2) if line}
    assert len(begun) == len(rows) + len(rejected)
    if not rejected:
        assert len(filled - begun) <= within
