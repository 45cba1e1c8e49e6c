"""The catalogue's titles, found in a list of words, and the items that bear them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from builder.linking.lexicon.choice import Chooser
from builder.linking.lexicon.fuzzy import FuzzyTitles
from builder.linking.lexicon.plots import PlotSimilarity, PlotVectors, plot_encoder
from builder.linking.lexicon.spellings import TITLE_BY_ABBREVIATION, spellings, subtitle_of
from builder.linking.lexicon.title_scan import TitleScanner
from builder.linking.lexicon.words import Token
from builder.records import Domain, Item
from builder.tagging.encode.encoder import EncoderSettings
from builder.titles import Named, TitleIndex, title_key, without_article


class Lexicon:
    """Titles of a catalogue, with and without their article, and their usual other spellings.

    Args:
        items: The catalogue; a repeated id counts once.
        plots: Compares contexts with the plots of items of one title; None leaves that out.
    """

    def __init__(self, items: Collection[Item], plots: PlotSimilarity | None = None) -> None:
        items = list({item.item_id: item for item in items}.values())
        self.chooser = Chooser(items, plots)
        self.domain_by_id: dict[str, Domain] = {item.item_id: item.domain for item in items}
        self._index = TitleIndex(_names(items))
        self._ids_by_bare_key: dict[str, list[str]] = defaultdict(list)
        for named in _names(items):
            for key in dict.fromkeys(without_article(title_key(title)) for title in named.titles):
                self._ids_by_bare_key[key].append(named.item_id)
        keys = [key for key in [*self._index.keys()] if key]
        self._keys = {*keys, *map(without_article, keys)}
        self._ids_by_subtitle: dict[str, list[str]] = defaultdict(list)
        self._title_by_alias = self._aliases(keys, items)
        self._scanner = TitleScanner(sorted({*self._keys, *self._title_by_alias}))
        self._max_words = max((key.count(" ") + 1 for key in self._keys), default=0)
        self.fuzzy = FuzzyTitles(keys)

    def _aliases(self, keys: Iterable[str], items: Iterable[Item]) -> dict[str, str]:
        """Return the title that another spelling stands for, unless an item has it as its title."""
        titles: dict[str, set[str]] = defaultdict(set)
        for item in items:
            subtitle = subtitle_of(item.title)
            if subtitle is not None and not self.chooser.are_obscure([item.item_id]):
                self._ids_by_subtitle[subtitle].append(item.item_id)
                n_words = len(without_article(subtitle).split())
                if n_words > 1:  # one word alone is too common; `similar_titles` knows it
                    titles[subtitle].add(title_key(item.title))
        for key in keys:
            for spelling in spellings(key):
                titles[spelling].add(key)
                titles[without_article(spelling)].add(key)
        return {
            alias: min(meant)
            for alias, meant in sorted(titles.items())
            if len(meant) == 1 and alias not in self._keys
        }

    def spans(self, tokens: Sequence[Token]) -> Mapping[int, Sequence[int]]:
        """Return the lengths in words of the titles that begin at each token, the longest first."""
        lengths_by_first: dict[int, set[int]] = defaultdict(set)
        line = " ".join(token.key for token in tokens)
        sizes = np.array([len(token.key) + 1 for token in tokens], dtype=np.int64)
        starts = np.cumsum(sizes) - sizes
        matches = self._scanner.scan(line)
        firsts = np.searchsorted(starts, matches.start)
        lasts = np.searchsorted(starts, matches.end)
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
            lengths_by_first[first].add(last - first)
        for last, token in enumerate(tokens):
            if token.owner_key != token.key:  # "Alien's"
                for first in range(max(0, last + 1 - self._max_words), last + 1):
                    if self.key_of(tokens[first : last + 1]) is not None:
                        lengths_by_first[first].add(last + 1 - first)
        return {first: sorted(lengths, reverse=True) for first, lengths in lengths_by_first.items()}

    def key_of(self, words: Sequence[Token]) -> str | None:
        """Return the title key that the words spell; None if they spell none."""
        before = [token.key for token in words[:-1]]
        for last in (words[-1].key, words[-1].owner_key):
            key = " ".join([*before, last])
            if key in self._keys:
                return key
            if key in self._title_by_alias:
                return self._title_by_alias[key]
        return None

    def abbreviated(self, word: str) -> str | None:
        """Return the key of the title that an abbreviation stands for, if an item has it."""
        key = TITLE_BY_ABBREVIATION.get(word)
        return key if key in self._keys else None

    def series(self, key: str) -> tuple[str, ...]:
        """Return the items whose title begins with the key of a series, ordered by title key."""
        keys = sorted(k for k in self._keys if k == key or k.startswith(f"{key} "))
        return tuple(dict.fromkeys(i for k in keys for i in self._index.candidates(k)))

    def has_title(self, key: str) -> bool:
        """Return whether an item has this title key."""
        return key in self._keys

    def candidates(self, key: str, year: int | None) -> tuple[str, ...]:
        """Return the items of a title, with the article as written.

        If a year is given and none of them is from about then, items whose titles differ by their
        article count too.
        """
        exact = self._index.candidates(key)
        if year is None or self.chooser.of_year(exact, year):
            return exact
        return tuple(dict.fromkeys([*exact, *self._ids_by_bare_key.get(without_article(key), ())]))

    def similar_titles(self, key: str) -> tuple[str, ...]:
        """Return other items that words spelling a key may mean.

        Their title differs by its article, by how numbers are written, by spaces, or by a letter if
        the key is an obscure item's; or the key is everything after their title's colon.
        """
        exact = self._index.candidates(key)
        keys = [k for k in (key, *spellings(key)) if k == key or k in self._keys]
        keys += self.fuzzy.neighbours(key, with_slips=self.chooser.are_obscure(exact))
        item_ids = [i for k in keys for i in self._ids_by_bare_key.get(without_article(k), ())]
        item_ids += self._ids_by_subtitle.get(key, ())
        return tuple(dict.fromkeys(i for i in item_ids if i not in exact))

    def has_year(self, key: str, year: int, *, exactly: bool) -> bool:
        """Return whether an item of that title is from that year, or from about then."""
        item_ids = self.chooser.of_year(self.candidates(key, year), year)
        return (
            any(self.chooser.years_off(i, year) == 0 for i in item_ids)
            if exactly
            else bool(item_ids)
        )


def open_lexicon(items: Collection[Item], encoder: EncoderSettings | None) -> Lexicon:
    """Return a catalogue's titles.

    Args:
        items: The catalogue.
        encoder: Compares what is said with the plots of items of one title, loaded when the first
            such mention comes; None leaves that out.
    """
    plots = PlotVectors(items, partial(plot_encoder, encoder)) if encoder else None
    return Lexicon(items, plots)


def duplicates(items: Iterable[Item]) -> Iterator[tuple[str, str]]:
    """Yield (item id, problem) of items that repeat an id, or a title with its year.

    A repeated id counts once. Two items of one title and year are linked only if the thread, the
    community or ratings favour one of them.
    """
    first: dict[tuple[str, str, int | None], str] = {}
    seen_ids: set[str] = set()
    for item in items:
        title = (item.domain, title_key(item.title), item.year)
        earlier = first.setdefault(title, item.item_id)
        if item.item_id in seen_ids:
            yield item.item_id, "stands in the catalogue twice"
        elif earlier != item.item_id:
            yield item.item_id, f"{item.title} ({item.year}) is {earlier} as well"
        seen_ids.add(item.item_id)


def _names(items: Iterable[Item]) -> Iterator[Named]:
    for item in items:
        yield Named(item.item_id, (item.title, *item.aliases), item.year)
