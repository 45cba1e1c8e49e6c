"""Rows of made-up sources, as the tests of merging take them."""

from __future__ import annotations

from typing import Any

from builder.catalog.draft import Draft, Finding, with_findings
from builder.sources import SourceSpec

SPEC = SourceSpec(name="a", reader="r", path="p", licence="l", retrieved="2026-11-21")
OTHER = SourceSpec(name="b", reader="r", path="p", licence="m", retrieved="2026-11-21")


def draft(ids: str = "", title: str | None = None, year: int | None = None, **more: Any) -> Draft:
    fields = {"spec": SPEC, "place": "a:1", "adds_item": True, "domain": "film", **more}
    return Draft(ids=tuple(ids.split()), title=title, year=year, **fields)


def note(row: Draft, subject: str = "violence_gore", value: float = 2.0) -> Draft:
    return with_findings(row, [Finding("severity", subject, value)])


def ignore(place: str, reason: str, detail: str) -> None: ...
