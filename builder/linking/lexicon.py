"""The catalogue's titles, found in a list of words and resolved to items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from builder.linking.choice import Chooser
from builder.linking.tokens import Token
from builder.records import Domain, Item
from builder.titles import Named, TitleIndex, title_key, without_article


class Lexicon:
    """Titles by their words, so that the longest one at a place is found in a few look-ups."""

    def __init__(self, items: Collection[Item]) -> None:
        self._index = TitleIndex(_names(items))
        self._ids_by_bare_key: dict[str, list[str]] = defaultdict(list)
        for named in _names(items):
            for key in dict.fromkeys(without_article(title_key(title)) for title in named.titles):
                self._ids_by_bare_key[key].append(named.item_id)
        self.chooser = Chooser(items)
        self.domain_by_id: dict[str, Domain] = {item.item_id: item.domain for item in items}
        self._keys: set[str] = set()
        self._longest_by_first: dict[str, int] = defaultdict(int)
        for key in [*self._index.keys()]:
            self._add(key)
            self._add(without_article(key))

    def _add(self, key: str) -> None:
        words = key.split()
        if words:
            self._keys.add(" ".join(words))
            self._longest_by_first[words[0]] = max(self._longest_by_first[words[0]], len(words))

    def lengths(self, tokens: Sequence[Token], first: int) -> Iterator[int]:
        """Yield how many words a title that begins at a token has, the longest first."""
        token = tokens[first]
        reach = max(self._longest_by_first.get(key, 0) for key in (token.key, token.owner_key))
        for length in range(min(reach, len(tokens) - first), 0, -1):
            if self.key_of(tokens[first : first + length]) is not None:
                yield length

    def key_of(self, words: Sequence[Token]) -> str | None:
        """Return the title key that the words spell, None where they spell none."""
        before = [token.key for token in words[:-1]]
        for last in (words[-1].key, words[-1].owner_key):
            key = " ".join([*before, last])
            if key in self._keys:
                return key
        return None

    def candidates(self, key: str, year: int | None) -> tuple[str, ...]:
        """Return the items of a title: those with the article as written, else those without.

        Where a year is given and none of the first is of about that year, the second count too.
        """
        exact = self._index.candidates(key)
        if year is None or self.chooser.of_year(exact, year):
            return exact
        return tuple(dict.fromkeys([*exact, *self._ids_by_bare_key.get(without_article(key), ())]))

    def has_year(self, key: str, year: int, *, exactly: bool) -> bool:
        """Return whether an item of that title is of that year, or of about that year."""
        found = self.chooser.of_year(self.candidates(key, year), year)
        return any(self.chooser.years_off(i, year) == 0 for i in found) if exactly else bool(found)


def _names(items: Iterable[Item]) -> Iterator[Named]:
    for item in items:
        yield Named(item.item_id, (item.title, *item.aliases), item.year)
