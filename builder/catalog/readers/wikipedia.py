"""Wikipedia plots: CSV with Release Year, Title, Plot (CC BY-SA)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from builder.catalog.draft import Draft, text_of
from builder.sources import Reject, SourceSpec, read_year
from builder.text_files.csv_rows import read_csv
from builder.titles import parse_title

_FOOTNOTE = re.compile(r"\[\d+\]")


def read_wikipedia(path: Path, spec: SourceSpec, reject: Reject) -> Iterator[Draft]:
    """Yield one draft per film, with its plot; joined by title and year."""
    for place, row in read_csv(path, ("Release Year", "Title", "Plot"), reject):
        year = read_year(row["Release Year"])
        if year is None:
            reject(place, "bad year", f"{row['Release Year']!r} is not a year from 1870 to 2100")
            continue
        yield Draft(
            spec=spec,
            place=place,
            adds_item=False,
            domain="film",
            ids=(),
            title=parse_title(row["Title"]).title,
            year=year,
            texts=text_of(spec, "plot", _FOOTNOTE.sub("", row["Plot"])),
        )
