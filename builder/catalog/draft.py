"""What a catalogue source says of one item, before sources are merged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from builder.records import Domain, Evidence, EvidenceKind, Text, TextKind
from builder.sources import SourceSpec

Kind = Literal["film", "series"]


@dataclass(frozen=True, slots=True)
class Draft:
    """One source's row.

    `ids` are those that others use too: "imdb:tt0114709", "tmdb:862", "steam:620". Without one an
    item is called after its title, "esrb:portal-2-2011" where `named_by` is "esrb". A draft that
    `adds_item` is an item of its own; any other is joined to an item that exists, by id or by
    title and year. `popularity` counts its ratings. `kind` tells a series from a film of its name,
    None where the source does not say. Evidence carries no item id yet.
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
    """A piece of evidence as a reader finds it, see `records.Evidence`."""

    kind: EvidenceKind
    subject: str
    value: float
    span: str = ""
    votes: tuple[int, ...] = ()


def with_findings(draft: Draft, findings: Iterable[Finding]) -> Draft:
    """Return the draft with more evidence, stamped with its source, licence, date and place."""
    spec = draft.spec
    stamped = tuple(
        Evidence(
            item_id="",
            kind=found.kind,
            subject=found.subject,
            value=found.value,
            votes=found.votes,
            span=found.span,
            source=spec.name,
            licence=spec.licence,
            retrieved=spec.retrieved,
            place=draft.place,
        )
        for found in findings
    )
    return replace(draft, evidence=draft.evidence + stamped)


def text_of(spec: SourceSpec, kind: TextKind, text: str) -> tuple[Text, ...]:
    """Return the text as a one-tuple stamped with its source, or () where it is blank."""
    joined = " ".join(text.split())
    return (Text(kind, joined, spec.name, spec.licence, spec.retrieved),) if joined else ()


def imdb_id(text: str) -> str | None:
    """Return "imdb:tt0114709" for "tt0114709", "114709" or "0114709", None for anything else."""
    match = re.fullmatch(r"(?:tt)?0*(\d{1,8})", text.strip())
    return f"imdb:tt{int(match[1]):07d}" if match and int(match[1]) else None
