"""Figures in the long form that `dvc plots` reads."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from io import StringIO

Figures = Mapping[str, Mapping[str, float]]


def long_csv(systems: Mapping[str, Figures]) -> bytes:
    """Return one line a system and figure: system, metric, value, low, high."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["system", "metric", "value", "low", "high"])
    for system, figures in systems.items():
        for metric, told in figures.items():
            writer.writerow([system, metric, told["value"], told["low"], told["high"]])
    return text.getvalue().encode()
