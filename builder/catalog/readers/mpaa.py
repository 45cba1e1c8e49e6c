"""MPAA rating reasons: title,rating,reason,year; "Rated R for language and sensuality"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from builder.catalog.descriptors import OfficialWords, rating_ceilings
from builder.catalog.draft import Draft, film_by_title_and_year, text_of, with_findings
from builder.sources import Reject, SourceSpec
from builder.taxonomy.official import Vocabulary
from builder.text_files.csv_rows import read_csv


def read_mpaa(path: Path, spec: SourceSpec, reject: Reject) -> Iterator[Draft]:
    """Yield one draft per row, with its reason as a text; `reason_evidence` makes it evidence."""
    for place, row in read_csv(path, ("title", "rating", "reason", "year"), reject):
        film = film_by_title_and_year(spec, place, row["title"], row["year"], reject)
        if film is not None:
            texts = text_of(spec, "reason", row["reason"])
            yield replace(film, rating=row["rating"] or None, texts=texts)


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
