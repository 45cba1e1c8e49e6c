"""Notes that warn, before a conversation is read, of the distressing subjects it touches."""

from __future__ import annotations

import re
from collections.abc import Iterable

from builder.taxonomy import Taxonomy, Trait

_NOTHING_FOUND = "No other warning word was found in the conversation, which is no promise."


class ContentNotes:
    """Finds the keywords of the taxonomy's warnings in running text.

    A keyword inside a title says nothing about the content discussed: "Spider-Man" is no spider. A
    title of one word counts as a title only if it is capitalized.
    """

    def __init__(self, taxonomy: Taxonomy, titles: Iterable[str] = ()) -> None:
        self._words_by_warning = {w.id: w.keywords for w in taxonomy.warnings.values()}
        words = {word for keywords in self._words_by_warning.values() for word in keywords}
        longest_first = sorted(words, key=lambda word: (-len(word), word))
        any_word = "|".join(map(re.escape, longest_first))
        self._pattern = re.compile(rf"\b(?:{any_word})\b" if words else r"(?!)", re.IGNORECASE)
        self._titles = re.compile(self._any_title(titles) or r"(?!)")

    def keywords_in(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Return the keywords that occur in the texts, sorted and in lower case."""
        untitled = (self._titles.sub(" ", text) for text in texts)
        return tuple(sorted({m.lower() for text in untitled for m in self._pattern.findall(text)}))

    def _any_title(self, titles: Iterable[str]) -> str:
        """Return a pattern of the titles, whole or up to a colon, that contain a keyword."""
        names = {name for title in titles for name in (title, title.partition(":")[0])}
        misleading = [name for name in names if self._pattern.search(name)]
        longest_first = sorted(misleading, key=lambda name: (-len(name), name))
        return "|".join(map(_pattern_of_title, longest_first))

    def note(self, trait: Trait, texts: Iterable[str]) -> str:
        """Return the note for a page about a trait, whose conversation has these texts."""
        expected = {word.lower() for w in trait.warnings for word in self._words_by_warning[w]}
        others = [word for word in self.keywords_in(texts) if word not in expected]
        words = f"The conversation also names: {', '.join(others)}." if others else _NOTHING_FOUND
        return f"This page is about {trait.short}. {words}"


def _pattern_of_title(name: str) -> str:
    any_case = "" if name.isalnum() else "i"
    return rf"\b(?{any_case}:{re.escape(name)})(?!\w)"
