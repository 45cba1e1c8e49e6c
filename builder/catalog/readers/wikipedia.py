"""Wikipedia plots: CSV with Release Year, Title, Plot (CC BY-SA)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from builder.catalog.draft import Draft, film_by_title_and_year, text_of
from builder.sources import Reject, SourceSpec
from builder.text_files.csv_rows import read_csv

_FOOTNOTE = re.compile(r"\[\d+\]")


def read_wikipedia(path: Path, spec: SourceSpec, reject: Reject) -> Iterator[Draft]:
    """Yield one draft per film, with its plot; joined by title and year."""
    for place, row in read_csv(path, ("Release Year", "Title", "Plot"), reject):
        film = film_by_title_and_year(spec, place, row["Title"], row["Release Year"], reject)
        if film is not None:
            yield replace(film, texts=text_of(spec, "plot", _FOOTNOTE.sub("", row["Plot"])))
