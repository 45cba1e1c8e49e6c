"""People whom a thread or a source names itself: where a text mentions them.

All names are searched for at once, so that a thread of many thousand authors takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b

import ahocorasick_rs

from builder.dialogs.privacy.known_titles import lowered
from builder.dialogs.privacy.people import PersonSpan

_HANDLE = re.compile(r"(?=.*[\d_-]|.*[a-z][A-Z])[\w-]{5,}")  # names that are not ordinary words
_BEFORE_NAME = re.compile(
    r"\b(?:thanks|thank you|thx|cheers|hey|hi|hello|agree with|listen to),? $", re.IGNORECASE
)
_AFTER_NAME = re.compile(
    r" (?:said|says|wrote|suggested|recommended|mentioned|is right)\b", re.IGNORECASE
)
_LONGEST_BEFORE = len(" agree with, ")
_WORD = re.compile(r"\w+")
_MIN_LETTERS = 3


class SourceAuthors:
    """The authors of a source whose names could be nothing else, such as "film_fan7".

    Another thread may name them; they are searched for in exactly this spelling. A hash of eight
    bytes per name is kept, since the dump of a large community has millions.
    """

    def __init__(self) -> None:
        self._hashes: set[bytes] = set()

    def add(self, author: str) -> None:
        """Add a name; one that may be an ordinary word or a title is passed over."""
        if _WORD.fullmatch(author) and _is_distinctive(author):
            self._hashes.add(_hash(author))

    def spans(self, text: str) -> Iterator[PersonSpan]:
        """Yield where a text names one of them."""
        for word in _WORD.finditer(text) if self._hashes else ():
            if _is_distinctive(word[0]) and _hash(word[0]) in self._hashes:
                yield PersonSpan(*word.span(), "USER")


def _is_distinctive(word: str) -> bool:
    if word.isalpha() or len(word) < 5:
        return False
    return sum(map(str.isalpha, word)) >= _MIN_LETTERS


def _hash(name: str) -> bytes:
    return blake2b(name.encode(), digest_size=8).digest()


class ThreadPeople:
    """The authors of one thread, and the names that they give as their own."""

    def __init__(self, authors: Iterable[str], own_names: Iterable[str]) -> None:
        kind_by_name: dict[str, str] = {}
        for name in own_names:
            kind_by_name[lowered(name)] = "NAME"
        for author in authors:
            if len(author) > 2:
                kind_by_name[lowered(author)] = "USER" if _HANDLE.fullmatch(author) else "CALLED"
        self._kinds = list(kind_by_name.values())
        names = list(kind_by_name)
        self._search = ahocorasick_rs.AhoCorasick(names) if names else None

    def spans(self, text: str) -> Iterator[PersonSpan]:
        """Yield where a text names one of them; ordinary words only where they call somebody."""
        if self._search is None:
            return
        for number, start, end in self._search.find_matches_as_indexes(
            lowered(text), overlapping=True
        ):
            if _is_word(text[start - 1 : start]) or _is_word(text[end : end + 1]):
                continue
            kind = self._kinds[number]
            if kind != "CALLED":
                yield PersonSpan(start, end, kind)
            elif _calls(text, start, end):
                yield PersonSpan(start, end, "USER")


def _calls(text: str, start: int, end: int) -> bool:
    before = text[max(start - _LONGEST_BEFORE, 0) : start]
    return bool(_BEFORE_NAME.search(before) or _AFTER_NAME.match(text, end))


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
