"""The CSV files behind charts: written by stages, drawn by the page and by `dvc plots`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from builder.tables import write_bytes


def write_plot(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as CSV under a header, which stands there without rows too; None is empty.

    Raises:
        ValueError: If a row has a column more.
    """
    text = StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_bytes(path, text.getvalue().encode())


def read_plot(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file that `write_plot` wrote, all cells as texts."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
