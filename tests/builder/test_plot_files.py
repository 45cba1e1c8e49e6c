from __future__ import annotations

from pathlib import Path

import pytest

from builder.plot_files import read_plot, write_plot

COLUMNS = ("system", "value", "low")


def test_a_plot_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = [{"system": "safe, too", "value": 0.5, "low": None}, {"system": "b", "value": 1.0}]
    write_plot(tmp_path / "p.csv", COLUMNS, rows)
    assert (tmp_path / "p.csv").read_bytes() == b'system,value,low\n"safe, too",0.5,\nb,1.0,\n'
    assert read_plot(tmp_path / "p.csv")[0] == {"system": "safe, too", "value": "0.5", "low": ""}


def test_no_rows_leave_the_header(tmp_path: Path) -> None:
    write_plot(tmp_path / "p.csv", COLUMNS, [])
    assert (tmp_path / "p.csv").read_bytes() == b"system,value,low\n"
    assert read_plot(tmp_path / "p.csv") == []


def test_a_column_that_is_not_named_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="high"):
        write_plot(tmp_path / "p.csv", COLUMNS, [{"system": "a", "high": 1}])
