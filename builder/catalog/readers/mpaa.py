"""MPAA rating reasons: title,rating,reason,year; "Rated R for language and sensuality"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from builder.catalog.descriptors import OfficialWords, rating_ceilings
from builder.catalog.draft import Draft, text_of, with_findings
from builder.sources import Reject, SourceSpec, read_year
from builder.taxonomy.official import Vocabulary
from builder.text_files.csv_rows import read_csv
from builder.titles import parse_title


def read_mpaa(path: Path, spec: SourceSpec, reject: Reject) -> Iterator[Draft]:
    """Yield one draft per row, with its reason as a text; `reason_evidence` makes it evidence."""
    for place, row in read_csv(path, ("title", "rating", "reason", "year"), reject):
        year = read_year(row["year"])
        if year is None:
            reject(place, "bad year", f"{row['year']!r} is not a year from 1870 to 2100")
            continue
        yield Draft(
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


def reason_evidence(vocabulary: Vocabulary) -> Callable[[Draft], Draft]:
    """Return a function that adds the severities a draft's reason states and its rating bounds.

    The reason is read as it is kept: without markup and cut to length.
    """
    words = OfficialWords(vocabulary)

    def with_evidence(draft: Draft) -> Draft:
        reason = " ".join(text.text for text in draft.texts if text.kind == "reason")
        findings = [
            *words.reason_findings(reason),
            *rating_ceilings(draft.rating, draft.year),
            *words.silence_ceilings(draft.rating, reason),
        ]
        return with_findings(draft, findings)

    return with_evidence
