"""Training curves as the plots and the page read them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO


def curve(rows: Iterable[tuple[float, str, float]]) -> bytes:
    """Return a curve as CSV: step, series, value."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step", "series", "value"])
    writer.writerows(rows)
    return text.getvalue().encode()
