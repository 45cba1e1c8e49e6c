"""MPAA rating reasons: title,rating,reason,year, with "Rated R for language and sensuality"."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from builder.catalog.descriptors import OfficialWords, rating_ceilings
from builder.catalog.draft import Draft, text_of, with_findings
from builder.delimited import read_csv
from builder.sources import Reject, SourceSpec, read_year
from builder.taxonomy.official import Vocabulary
from builder.titles import parse_title


def read_mpaa(
    path: Path, spec: SourceSpec, vocabulary: Vocabulary, reject: Reject
) -> Iterator[Draft]:
    """Yield one draft a row with the severities its reason states and its rating bounds."""
    words = OfficialWords(vocabulary)
    for place, row in read_csv(path, ("title", "rating", "reason", "year"), reject):
        year = read_year(row["year"])
        if year is None:
            reject(place, "bad year", f"{row['year']!r} is not a year from 1870 to 2100")
            continue
        draft = Draft(
            spec=spec,
            place=place,
            adds_item=False,
            domain="film",
            ids=(),
            title=parse_title(row["title"]).title,
            year=year,
            rating=row["rating"] or None,
            texts=text_of(spec, "reason", row["reason"]),
        )
        findings = [
            *words.reason_findings(row["reason"]),
            *rating_ceilings(draft.rating, year),
            *words.silence_ceilings(draft.rating, row["reason"]),
        ]
        yield with_findings(draft, findings)
