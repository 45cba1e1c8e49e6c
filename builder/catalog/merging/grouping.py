"""Groups the drafts of the same item: by id, then by title and year.

The outcome does not depend on the order of the sources. Id schemes are handled from the strongest
to the weakest, so that all claims of stronger ids are known before weaker ones are looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from builder.catalog.draft import Draft
from builder.catalog.merging.title_book import TitleBook
from builder.sources import Reject
from builder.titles import title_key

_SCHEMES = ("imdb", "tmdb", "esrb", "steam")
"""Id schemes, the strongest first; other schemes follow, and ids made of titles come last."""


@dataclass(slots=True)
class Group:
    """The drafts of one item.

    Attributes:
        item_id: The strongest of its ids.
        named: Its id is made of its title.
        drafts: At most one per source.
        ids: All that its drafts give it.
    """

    item_id: str
    named: bool
    drafts: list[Draft] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def has_row_of(self, draft: Draft) -> bool:
        """Return whether another draft of the same source is in the group."""
        source = (draft.spec.name, draft.spec.path)
        return any((other.spec.name, other.spec.path) == source for other in self.drafts)

    def contradicts(self, ids: Iterable[str]) -> str | None:
        """Return an id of this item that differs from the given one of its scheme; None if none."""
        real = [] if self.named else self.ids
        schemes = {_scheme(item_id): item_id for item_id in ids}
        for own_id in real:
            if schemes.get(_scheme(own_id), own_id) != own_id:
                return own_id
        return None


def group_drafts(drafts: Iterable[Draft], reject: Reject) -> list[Group]:
    """Return the groups ordered by item id, each with its drafts in their original order.

    Drafts that add items start groups, the others join them. A draft that fits no group or several,
    a second row of a source for an item, and an id that two items claim are rejected.
    """
    numbered = list(enumerate(drafts))
    order = {id(draft): number for number, draft in reversed(numbered)}
    grouping = _Grouping(reject)
    for _, draft in sorted((p for p in numbered if p[1].adds_item), key=_by_strength):
        grouping.start(draft)
    grouping.unite_by_title()
    grouping.join(draft for _, draft in numbered if not draft.adds_item)
    groups = grouping.groups()
    for group in groups:
        group.drafts.sort(key=lambda draft: order[id(draft)])
    return sorted(groups, key=lambda group: group.item_id)


def _by_strength(pair: tuple[int, Draft]) -> tuple[int, int]:
    number, draft = pair
    return (_rank(_strongest(draft)) if draft.ids else len(_SCHEMES) + 1), number


def _rank(item_id: str) -> int:
    scheme = _scheme(item_id)
    return _SCHEMES.index(scheme) if scheme in _SCHEMES else len(_SCHEMES)


def _scheme(item_id: str) -> str:
    return item_id.partition(":")[0]


def _strongest(draft: Draft) -> str:
    return min(draft.ids, key=lambda item_id: (_rank(item_id), item_id))


def _id_of_title(draft: Draft) -> str:
    parts = [title_key(draft.title or "").replace(" ", "-") or "untitled"]
    parts += [str(draft.year)] if draft.year else []
    parts += ["series"] if draft.kind == "series" else []
    return f"{draft.named_by}:{'-'.join(parts)}"


def _name(draft: Draft) -> str:
    named = f"{draft.title} ({draft.year})" if draft.year else draft.title
    return " ".join(filter(None, (named, *draft.ids)))


class _Grouping:
    def __init__(self, reject: Reject) -> None:
        self._reject = reject
        self._groups: list[Group] = []
        self._owners: dict[str, list[int]] = {}
        self._heir: dict[int, int] = {}
        self._book: TitleBook | None = None

    def start(self, draft: Draft) -> None:
        """Put a draft into the group of its strongest id, or start a new group."""
        item_id = _strongest(draft) if draft.ids else _id_of_title(draft)
        owners = self._owners.get(item_id, [])
        if not owners:
            self._owners[item_id] = [len(self._groups)]
            self._groups.append(Group(item_id, named=not draft.ids, ids=[item_id]))
            self._put(draft, len(self._groups) - 1)
        elif len(owners) == 1:
            self._put(draft, owners[0])
        else:
            self._refuse(draft, owners)

    def join(self, drafts: Iterable[Draft]) -> None:
        """Put drafts into the groups of their ids, the rest into those of their titles and years.

        Strong ids come first, so that the weaker ids they bring are known; a draft joined by title
        adds no ids.
        """
        waiting = list(drafts)
        for rank in range(len(_SCHEMES) + 1):
            waiting = [draft for draft in waiting if not self._join_by_id(draft, rank)]
        for draft in waiting:
            self._join_by_title(draft)

    def _join_by_id(self, draft: Draft, rank: int) -> bool:
        known_ids = [i for i in draft.ids if _rank(i) == rank and i in self._owners]
        owners = sorted({number for item_id in known_ids for number in self._owners[item_id]})
        if not owners:
            return False
        if len(owners) > 1:
            self._refuse(draft, owners)
        elif other := self._groups[owners[0]].contradicts([_strongest(draft)]):
            detail = f"{_name(draft)} is {other} elsewhere, which was kept; the row is left out"
            self._reject(draft.place, "conflicting id", detail)
        else:
            self._put(draft, owners[0])
        return True

    def unite_by_title(self) -> None:
        """Unite groups of the same title and year, unless ids contradict.

        A group is merged into the one with the stronger id, if that is the only match and no other
        group of its scheme matches it by as good a rule.
        """
        wishes: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
        for number in self._weak():
            first = self._groups[number].drafts[0]
            rule, hosts = self._titles().find(first, partial(self._may_host, guest=number))
            if len(hosts) == 1:
                wishes[hosts[0], _scheme(self._groups[number].item_id)].append((rule, number))
        chosen = []
        for (host, _), guests in wishes.items():
            best = min(rule for rule, _ in guests)
            surest = [number for rule, number in guests if rule == best]
            if len(surest) == 1:
                chosen.append((surest[0], host))
        for guest, host in sorted(chosen, key=lambda pair: self._strength(pair[0]), reverse=True):
            self._unite(guest, self._root(host))

    def groups(self) -> list[Group]:
        """Return the groups that were not merged into another."""
        return [group for n, group in enumerate(self._groups) if n not in self._heir]

    def _weak(self) -> list[int]:
        if len({_scheme(group.item_id) for group in self._groups}) < 2 and not any(
            group.named for group in self._groups
        ):
            return []
        return [n for n, group in enumerate(self._groups) if group.named or _rank(group.item_id)]

    def _strength(self, number: int) -> tuple[bool, int, bool, str]:
        group = self._groups[number]
        return group.named, _rank(group.item_id), group.drafts[0].year is None, group.item_id

    def _may_host(self, host: int, guest: int) -> bool:
        if host == guest or self._strength(host) > self._strength(guest):
            return False
        one, other = self._groups[host], self._groups[guest]
        if any(one.has_row_of(draft) for draft in other.drafts):
            return False
        return other.named or not one.contradicts(other.ids)

    def _unite(self, guest: int, host: int) -> None:
        if not self._may_host(host, guest):
            return
        one, other = self._groups[host], self._groups[guest]
        one.drafts += other.drafts
        self._heir[guest] = host
        for item_id in other.ids:
            one.ids.append(item_id)
            self._owners[item_id] = [host if n == guest else n for n in self._owners[item_id]]

    def _root(self, number: int) -> int:
        while number in self._heir:
            number = self._heir[number]
        return number

    def _join_by_title(self, draft: Draft) -> None:
        def fits(number: int) -> bool:
            return not self._groups[self._root(number)].contradicts(draft.ids)

        _, groups = self._titles().find(draft, fits)
        roots = sorted({self._root(number) for number in groups})
        if len(roots) == 1:
            self._put(draft, roots[0], teaches=False)
        elif roots:
            self._refuse(draft, roots)
        else:
            self._reject(
                draft.place, "no matching item", f"{_name(draft)} is in no catalogue source"
            )

    def _put(self, draft: Draft, number: int, *, teaches: bool = True) -> None:
        group = self._groups[number]
        if group.has_row_of(draft):
            detail = f"{_name(draft)} stands in {draft.spec.name} twice"
            self._reject(draft.place, "duplicate id", detail)
            return
        group.drafts.append(draft)
        if not teaches:
            return
        if other := group.contradicts(draft.ids):
            detail = f"{_name(draft)} for {group.item_id}, {other} kept; both are followed"
            self._reject(draft.place, "conflicting id", detail)
        for item_id in draft.ids:
            self._learn(item_id, number, draft.place)

    def _learn(self, item_id: str, number: int, place: str) -> None:
        group, owners = self._groups[number], self._owners.setdefault(item_id, [number])
        if number not in owners:
            held = self._groups[owners[0]].item_id
            detail = f"{item_id} for {group.item_id}, {held} has it too; neither is found by it"
            self._reject(place, "conflicting id", detail)
            owners.append(number)
        if item_id not in group.ids:
            group.ids.append(item_id)

    def _refuse(self, draft: Draft, numbers: Sequence[int]) -> None:
        named = ", ".join(sorted(self._groups[number].item_id for number in numbers))
        self._reject(draft.place, "several matching items", f"{_name(draft)} may be {named}")

    def _titles(self) -> TitleBook:
        if self._book is None:  # all drafts that start groups are in by now
            self._book = TitleBook()
            for number, group in enumerate(self._groups):
                for draft in group.drafts:
                    self._book.add(number, draft)
        return self._book
