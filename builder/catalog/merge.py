"""Joins what the sources say of the same item: by id, then by title and year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from builder.catalog.draft import Draft
from builder.records import Evidence, FieldSource, Item
from builder.sources import Reject
from builder.titles import Named, TitleIndex, title_key

_ID_ORDER = ("imdb", "esrb", "tmdb")
_FIELDS = ("title", "year", "genres", "rating")


def merge_drafts(
    drafts: Iterable[Draft], reject: Reject
) -> tuple[list[Item], list[Evidence], dict[str, int]]:
    """Return items and evidence sorted by item id, and how often sources disagree by field.

    Drafts that add items found the items, the first of an id or of a title and year first; later
    ones and those that add none join them. One that joins nothing is rejected, and so is a second
    row of one source for one item. In a conflict the source configured first is kept, the other
    value is rejected with its place.
    """
    founding, joining = _partition(drafts)
    groups = _Groups()
    for draft in chain(founding, joining):
        groups.add(draft, reject)
    conflicts: dict[str, int] = {}
    items = [_item(item_id, group, conflicts, reject) for item_id, group in groups.by_item()]
    evidence = [
        replace(found, item_id=item_id)
        for item_id, group in groups.by_item()
        for draft in group
        for found in draft.evidence
    ]
    return items, evidence, conflicts


def _partition(drafts: Iterable[Draft]) -> tuple[list[Draft], list[Draft]]:
    founding: list[Draft] = []
    joining: list[Draft] = []
    for draft in drafts:
        (founding if draft.adds_item else joining).append(draft)
    return founding, joining


class _Groups:
    """Drafts by the item they speak of."""

    def __init__(self) -> None:
        self._groups: list[list[Draft]] = []
        self._group_by_id: dict[str, int] = {}
        self._group_by_title: dict[tuple[str, str, int | None], int] = {}
        self._index: TitleIndex | None = None

    def add(self, draft: Draft, reject: Reject) -> None:
        group = self._find(draft)
        if group is None and not draft.adds_item:
            reject(draft.place, "no such item", f"{_name(draft)} is in no catalogue source")
        elif group is None:
            self._groups.append([draft])
            self._remember(draft, len(self._groups) - 1)
        elif any(other.spec == draft.spec for other in self._groups[group]):
            reject(draft.place, "duplicate id", f"{_name(draft)} stands in {draft.spec.name} twice")
        else:
            self._groups[group].append(draft)
            self._remember(draft, group)

    def by_item(self) -> Iterator[tuple[str, Sequence[Draft]]]:
        yield from sorted((_item_id(group), group) for group in self._groups)

    def _find(self, draft: Draft) -> int | None:
        for item_id in draft.ids:
            if item_id in self._group_by_id:
                return self._group_by_id[item_id]
        if draft.title is None or draft.year is None:
            return None
        if draft.adds_item:
            return self._same_title(draft)
        return self._near_title(draft)

    def _same_title(self, draft: Draft) -> int | None:
        group = self._group_by_title.get(_title(draft))
        schemes = {item_id.split(":")[0] for item_id in draft.ids}
        if group is None or any(
            item_id.split(":")[0] in schemes for own in self._groups[group] for item_id in own.ids
        ):
            return None  # another id of the same kind: another item of that name
        return group

    def _near_title(self, draft: Draft) -> int | None:
        if self._index is None:  # all founding drafts are in by now
            self._index = TitleIndex(
                Named(str(number), (group[0].title or "", *group[0].aliases), group[0].year)
                for number, group in enumerate(self._groups)
                if group[0].domain == draft.domain
            )
        found = self._index.resolve(draft.title or "", draft.year).item_id
        return None if found is None else int(found)

    def _remember(self, draft: Draft, group: int) -> None:
        for item_id in draft.ids:
            self._group_by_id.setdefault(item_id, group)
        if draft.adds_item:
            self._group_by_title.setdefault(_title(draft), group)


def _title(draft: Draft) -> tuple[str, str, int | None]:
    return draft.domain, title_key(draft.title or ""), draft.year


def _name(draft: Draft) -> str:
    named = f"{draft.title} ({draft.year})" if draft.title else ""
    return " ".join(filter(None, (named, *draft.ids)))


def _item_id(group: Sequence[Draft]) -> str:
    ids = [item_id for draft in group for item_id in draft.ids]
    for scheme in _ID_ORDER:
        for item_id in ids:
            if item_id.startswith(f"{scheme}:"):
                return item_id
    return f"title:{title_key(group[0].title or '').replace(' ', '-')}-{group[0].year}"


def _item(item_id: str, group: Sequence[Draft], conflicts: dict[str, int], reject: Reject) -> Item:
    provenance = []
    chosen = {}
    for field in _FIELDS:
        stated = [draft for draft in group if getattr(draft, field)]
        chosen[field] = getattr(stated[0], field) if stated else None
        if stated:
            spec = stated[0].spec
            provenance.append(FieldSource(field, spec.name, spec.licence, spec.retrieved))
        for draft in stated[1:] if field in {"year", "rating"} else ():
            if getattr(draft, field) != chosen[field]:
                conflicts[field] = conflicts.get(field, 0) + 1
                detail = f"{getattr(draft, field)!r} for {item_id}, {chosen[field]!r} kept"
                reject(draft.place, f"conflicting {field}", detail)
    names = chain.from_iterable((draft.title or "", *draft.aliases) for draft in group)
    aliases = [name for name in dict.fromkeys(names) if name and name != chosen["title"]]
    return Item(
        item_id=item_id,
        domain=group[0].domain,
        title=chosen["title"] or "",
        year=chosen["year"],
        aliases=tuple(aliases),
        genres=chosen["genres"] or (),
        rating=chosen["rating"],
        texts=tuple(text for draft in group for text in draft.texts),
        provenance=tuple(provenance),
    )
