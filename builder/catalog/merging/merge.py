"""Merges what the sources say about the same item, and reports where they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from typing import Any

from builder.catalog.draft import Draft
from builder.catalog.merging.grouping import Group, group_drafts
from builder.catalog.merging.title_book import share_a_name
from builder.records import Evidence, FieldSource, Item
from builder.sources import Reject

_ONE_VALUED = ("title", "year", "rating")


def merge_drafts(
    drafts: Iterable[Draft], reject: Reject
) -> tuple[list[Item], list[Evidence], dict[str, int]]:
    """Return items and evidence sorted by item id, and how often sources disagree, by field.

    `group_drafts` decides which drafts belong together. In a conflict the value of the source that
    is configured first is kept, and the other is rejected with its place; a second title is kept as
    an alias. Genres of all sources are joined.
    """
    conflicts: dict[str, int] = {}

    def report(place: str, reason: str, detail: str) -> None:
        conflicts[reason] = conflicts.get(reason, 0) + 1
        reject(place, f"conflicting {reason}", detail)

    groups = group_drafts(drafts, reject)
    items = [_item(group, report) for group in groups]
    evidence = [
        replace(evidence_row, item_id=group.item_id)
        for group in groups
        for draft in group.drafts
        for evidence_row in draft.evidence
    ]
    return items, evidence, conflicts


def _item(group: Group, report: Reject) -> Item:
    drafts = group.drafts
    chosen = {field: _first(drafts, field) for field in _ONE_VALUED}
    for field in ("year", "rating"):
        _report_others(group, field, chosen[field], report)
    _report_strange_titles(group, report)
    names = chain.from_iterable((draft.title or "", *draft.aliases) for draft in drafts)
    genres = dict.fromkeys(chain.from_iterable(draft.genres for draft in drafts))
    return Item(
        item_id=group.item_id,
        domain=drafts[0].domain,
        title=chosen["title"] or "",
        year=chosen["year"],
        aliases=tuple(n for n in dict.fromkeys(names) if n and n != chosen["title"]),
        genres=tuple(genres),
        rating=chosen["rating"],
        texts=tuple(text for draft in drafts for text in draft.texts),
        provenance=_provenance(group, chosen["title"]),
        popularity=max(
            (draft.popularity for draft in drafts if draft.popularity is not None), default=None
        ),
        places=tuple(draft.place for draft in drafts),
    )


def _first(drafts: Sequence[Draft], field: str) -> Any:
    return next((value for draft in drafts if (value := getattr(draft, field))), None)


def _report_others(group: Group, field: str, kept: Any, report: Reject) -> None:
    for draft in group.drafts:
        stated = getattr(draft, field)
        if stated and stated != kept:
            report(draft.place, field, f"{stated!r} for {group.item_id}, {kept!r} kept")


def _report_strange_titles(group: Group, report: Reject) -> None:
    """Report a title that resembles no other name of the item: an id may be wrong."""
    for number, draft in enumerate(group.drafts):
        before = [other for other in group.drafts[:number] if other.title]
        if before and draft.title and not share_a_name(draft, before):
            kept = before[0].title
            detail = f"{draft.title!r} for {group.item_id}, {kept!r} kept, the other as an alias"
            report(draft.place, "title", detail)


def _provenance(group: Group, title: str | None) -> tuple[FieldSource, ...]:
    """Return the source of each field with one value, and all sources of each field with several.

    An item whose id is made of its title has no source for the id. A source whose title is not the
    item's gave an alias. Texts carry their own source.
    """
    return _field_sources(
        tuple(
            (
                (draft.spec.name, draft.spec.licence, draft.spec.retrieved),
                group.item_id in draft.ids,
                bool(draft.title),
                bool(draft.year),
                bool(draft.rating),
                bool(draft.aliases) or draft.title not in (None, title),
                bool(draft.genres),
                draft.popularity is not None,
            )
            for draft in group.drafts
        )
    )


_FIELDS = ("item_id", "title", "year", "rating", "aliases", "genres", "popularity")
_N_OF_ONE_SOURCE = 4


@cache
def _field_sources(stated_by_draft: tuple[tuple[Any, ...], ...]) -> tuple[FieldSource, ...]:
    """Return the sources by what each draft states; cached, as millions of items have few cases."""
    sources: list[FieldSource] = []
    for number, field in enumerate(_FIELDS):
        stated = [FieldSource(field, *draft[0]) for draft in stated_by_draft if draft[1 + number]]
        sources += stated[:1] if number < _N_OF_ONE_SOURCE else stated
    return tuple(dict.fromkeys(sources))
