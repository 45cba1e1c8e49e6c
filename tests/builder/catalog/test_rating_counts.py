from __future__ import annotations

from pathlib import Path

import pytest

from builder.catalog.rating_counts import count_rows
from builder.errors import InputError
from builder.sources import Reject

Rejected = list[tuple[str, str, str]]


def test_rows_are_counted_by_their_cells(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    path = tmp_path / "tags.csv"
    path.write_text('user,movie,tag\n1,7,"dark, ""noir"""\n2,7,"dark, ""noir"""\n3,8,fun\n')
    assert count_rows(path, ("movie", "tag"), reject) == {
        ("7", 'dark, "noir"'): 2,
        ("8", "fun"): 1,
    }
    assert rejected == []


def test_rows_without_the_cell_are_rejected_with_their_number(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    path = tmp_path / "tags.csv"
    path.write_text("user,movie,tag\n1,7,dark\n2\n3,8\n")
    assert count_rows(path, ("movie", "tag"), reject) == {("7", "dark"): 1}
    assert rejected == [(str(path), "wrong number of cells", "2 rows lack movie or tag")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"user,movie\n1,2\n", "tags.csv: has no column 'tag'; expected movie, tag"),
        (b'user,movie,tag\n1,7,"cut', "tags.csv: not CSV"),
        (b"user,movie,tag\n1,7,\xff\n", "tags.csv: not CSV"),
        (b"", "tags.csv: not CSV"),
    ],
    ids=["column", "cut off", "not UTF-8", "empty"],
)
def test_a_bad_file_ends_the_run(
    tmp_path: Path, reject: Reject, content: bytes, message: str
) -> None:
    (tmp_path / "tags.csv").write_bytes(content)
    with pytest.raises(InputError, match=message):
        count_rows(tmp_path / "tags.csv", ("movie", "tag"), reject)


def test_a_missing_file_is_named(tmp_path: Path, reject: Reject) -> None:
    with pytest.raises(InputError, match=r"tags.csv: no such file"):
        count_rows(tmp_path / "tags.csv", ("movie",), reject)
