"""Finds the groups of drafts that a title and year may mean, trying the most reliable rule first.

The rules were measured by joining 7,506 titles with years, whose IMDb ids are known, to the films
of MovieLens: see benchmarks/NOTEBOOK.md. "A year off by two" and "an article more or less and a
year off by one" are not among them, since they are wrong more often than right; nor is "The Smurfs"
for "The Smurfs: A Christmas Carol", which is wrong in one of four.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from builder.catalog.draft import Draft, Kind
from builder.records import Domain
from builder.titles import main_title, title_key, without_article

_Spelling = Callable[[str], str]


def _bare(title: str) -> str:
    return without_article(title_key(title))


def _squeezed(title: str) -> str:
    return _bare(title).replace(" ", "")


def _main(title: str) -> str:
    return _bare(main_title(title))


_RULES: tuple[tuple[_Spelling, _Spelling, int], ...] = (
    (title_key, title_key, 0),
    (_bare, _bare, 0),
    (title_key, title_key, 1),
    (_squeezed, _squeezed, 0),
    (_bare, _main, 0),  # "Birdman" for "Birdman: The Unexpected Virtue of Ignorance"
)
"""(spelling of the title looked up, spelling of those in the book, years they may be apart)."""


class TitleBook:
    """Numbered groups by title. Kinds must not contradict; a game may lack its year."""

    def __init__(self) -> None:
        self._entries: list[tuple[int, Domain, Kind | None, int | None]] = []
        self._titles: list[tuple[str, int]] = []
        self._indexes: dict[_Spelling, dict[str, list[int]]] = {}

    def add(self, group: int, draft: Draft) -> None:
        """Add a group under all names that a draft gives it."""
        entry = len(self._entries)
        self._entries.append((group, draft.domain, draft.kind, draft.year))
        for name in names_of(draft):
            self._titles.append((name, entry))
            for spelling, index in self._indexes.items():
                index[spelling(name)].append(entry)

    def find(self, draft: Draft, wanted: Callable[[int], bool]) -> tuple[int, tuple[int, ...]]:
        """Return the number of the first rule that finds wanted groups, and these; () if none."""
        for rule, (spelling, book_spelling, years) in enumerate(_RULES):
            groups = self._by_rule(draft, spelling, book_spelling, years)
            if wanted_groups := tuple(sorted(group for group in groups if wanted(group))):
                return rule, wanted_groups
        return len(_RULES), ()

    def _by_rule(
        self, draft: Draft, spelling: _Spelling, book_spelling: _Spelling, years: int
    ) -> set[int]:
        index = self._index(book_spelling)
        keys = {spelling(name) for name in names_of(draft)} - {""}
        entries = (self._entries[e] for key in keys for e in index.get(key, ()))
        return {
            group
            for group, domain, kind, year in entries
            if domain == draft.domain
            and (kind is None or draft.kind is None or kind == draft.kind)
            and _is_near(year, draft.year, years, undated=domain == "game")
        }

    def _index(self, spelling: _Spelling) -> dict[str, list[int]]:
        if spelling not in self._indexes:  # most catalogues never need the later rules
            index: dict[str, list[int]] = defaultdict(list)
            for name, entry in self._titles:
                index[spelling(name)].append(entry)
            self._indexes[spelling] = index
        return self._indexes[spelling]


def names_of(draft: Draft) -> Iterator[str]:
    """Yield a draft's title and aliases."""
    if draft.title:
        yield draft.title
    yield from draft.aliases


def share_a_name(draft: Draft, others: Iterable[Draft]) -> bool:
    """Return whether a draft has a name in common with any of the others.

    Articles, spaces and subtitles are ignored.
    """
    spellings = _spellings(draft)
    return not spellings or any(spellings & _spellings(other) for other in others)


def _spellings(draft: Draft) -> set[str]:
    names = list(names_of(draft))
    return {_squeezed(name) for name in (*names, *map(main_title, names))} - {""}


def _is_near(one: int | None, other: int | None, years: int, *, undated: bool) -> bool:
    if one is None or other is None:
        return undated
    return abs(one - other) <= years
