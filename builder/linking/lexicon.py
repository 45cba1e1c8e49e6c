"""The catalogue's titles, found in a list of words and resolved to items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from builder.linking.tokens import Token
from builder.records import Domain, Item
from builder.titles import YEAR_TOLERANCE, Named, Resolution, TitleIndex, without_article


class Lexicon:
    """Titles by their words, so that the longest one at a place is found in a few look-ups."""

    def __init__(self, items: Collection[Item]) -> None:
        self._index = TitleIndex(_names(items))
        self._index_by_domain = {
            domain: TitleIndex(_names(item for item in items if item.domain == domain))
            for domain in sorted({item.domain for item in items})
        }
        self._year_by_id = {item.item_id: item.year for item in items}
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

    def resolve(self, key: str, year: int | None, domain: Domain | None) -> Resolution:
        """Return the one item of that title and year, of the domain where several are.

        Args:
            key: A title key, as `key_of` returns it.
            year: The year given with it, if any.
            domain: What the community talks about, if known.
        """
        found = self._index.resolve(key, year)
        if found.item_id is None and domain in self._index_by_domain:
            own = self._index_by_domain[domain].resolve(key, year)
            return Resolution(own.item_id, found.candidates)
        return found

    def year(self, item_id: str) -> int | None:
        """Return an item's year."""
        return self._year_by_id[item_id]

    def has_near(self, item_ids: Iterable[str], year: int) -> bool:
        """Return whether one of the items is of about that year."""
        years = (self._year_by_id[item_id] for item_id in item_ids)
        return any(own is not None and abs(own - year) <= YEAR_TOLERANCE for own in years)


def _names(items: Iterable[Item]) -> Iterator[Named]:
    for item in items:
        yield Named(item.item_id, (item.title, *item.aliases), item.year)
