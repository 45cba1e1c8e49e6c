from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from builder.errors import InputError
from builder.parquet_rows import read_parquet_rows


def test_rows_come_with_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "films.parquet"
    pq.write_table(pa.table({"title": ["Saw", "Up"], "kinds": [["Horror"], None]}), path)
    assert list(read_parquet_rows(path)) == [
        (f"{path}:1", {"title": "Saw", "kinds": ["Horror"]}),
        (f"{path}:2", {"title": "Up", "kinds": None}),
    ]
    assert list(read_parquet_rows(path, ["title", "title"])) == [
        (f"{path}:1", {"title": "Saw"}),
        (f"{path}:2", {"title": "Up"}),
    ]


def test_numbers_go_on_from_batch_to_batch(tmp_path: Path) -> None:
    path = tmp_path / "numbers.parquet"
    pq.write_table(pa.table({"n": range(5_000)}), path)
    assert [row["n"] for _, row in read_parquet_rows(path)] == [*range(5_000)]
    assert list(read_parquet_rows(path))[-1] == (f"{path}:5000", {"n": 4_999})


def test_a_missing_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    path = tmp_path / "films.parquet"
    pq.write_table(pa.table({"title": ["Saw"], "year": [2004]}), path)
    with pytest.raises(InputError, match=r"has no column 'Title'; it has title, year"):
        list(read_parquet_rows(path, ["Title"]))


def test_a_file_that_is_missing_or_damaged_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"films.parquet: no such file; check the path"):
        list(read_parquet_rows(tmp_path / "films.parquet"))
    (tmp_path / "films.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="not a readable Parquet file; fetch or write it again"):
        list(read_parquet_rows(tmp_path / "films.parquet"))
