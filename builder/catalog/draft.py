"""What a catalogue source says about one item, before sources are merged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from builder.records import Domain, Evidence, EvidenceKind, Text, TextKind
from builder.sources import Reject, SourceSpec, read_year
from builder.titles import parse_title

Kind = Literal["film", "series"]


@dataclass(frozen=True, slots=True)
class Draft:
    """One row of a source.

    Attributes:
        spec: The source.
        place: File and row.
        adds_item: The draft is an item itself; any other is joined to an existing item, by id or by
            title and year.
        domain: Film or game.
        ids: Those that other sources use too: "imdb:tt0114709", "tmdb:862", "steam:620".
        title: None if the source has none.
        year: Year of release.
        aliases: Other titles.
        genres: Genres as the source names them.
        rating: MPAA or ESRB.
        texts: Each with its source.
        evidence: Without an item id so far.
        kind: Tells a series from a film of the same name; None if the source does not say.
        named_by: Prefix of the item's id if it has none of the `ids`: "esrb:portal-2-2011".
        popularity: Number of ratings.
    """

    spec: SourceSpec
    place: str
    adds_item: bool
    domain: Domain
    ids: tuple[str, ...]
    title: str | None = None
    year: int | None = None
    aliases: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    rating: str | None = None
    texts: tuple[Text, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    kind: Kind | None = None
    named_by: str = "title"
    popularity: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of evidence as read from a source, see `records.Evidence`."""

    kind: EvidenceKind
    subject: str
    value: float
    span: str = ""
    votes: tuple[int, ...] = ()


def with_findings(draft: Draft, findings: Iterable[Finding]) -> Draft:
    """Return the draft with further evidence that carries its source, licence, date and place."""
    spec = draft.spec
    stamped = tuple(
        Evidence(
            item_id="",
            kind=finding.kind,
            subject=finding.subject,
            value=finding.value,
            votes=finding.votes,
            span=finding.span,
            source=spec.name,
            licence=spec.licence,
            retrieved=spec.retrieved,
            place=draft.place,
        )
        for finding in findings
    )
    return replace(draft, evidence=draft.evidence + stamped)


def text_of(spec: SourceSpec, kind: TextKind, text: str) -> tuple[Text, ...]:
    """Return a 1-tuple of the text with its source, or () if it is blank."""
    joined = " ".join(text.split())
    return (Text(kind, joined, spec.name, spec.licence, spec.retrieved),) if joined else ()


def imdb_id(text: str) -> str | None:
    """Return "imdb:tt0114709" for "tt0114709", "114709" or "0114709"; None for anything else."""
    match = re.fullmatch(r"(?:tt)?0*(\d{1,8})", text.strip())
    return f"imdb:tt{int(match[1]):07d}" if match and int(match[1]) else None


def film_by_title_and_year(
    spec: SourceSpec, place: str, title: str, year: str, reject: Reject
) -> Draft | None:
    """Return a draft that joins a film by title and year, None where the year is rejected."""
    number = read_year(year)
    if number is None:
        reject(place, "bad year", f"{year!r} is not a year from 1870 to 2100")
        return None
    return Draft(
        spec=spec,
        place=place,
        adds_item=False,
        domain="film",
        ids=(),
        title=parse_title(title).title,
        year=number,
    )
