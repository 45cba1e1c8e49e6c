"""A turn's text as linking reads it: its words, their capitals, and what its author set apart."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from builder.linking.lexicon.ordinary_words import FUNCTION_WORDS
from builder.linking.lexicon.words import Token, tokenise
from builder.records import Span

_ARTICLES = frozenset({"a", "an", "the"})
_QUOTED = re.compile(
    r"[\"“”](?P<inner>[^\"“”\n]{1,80})[\"“”]|(?<!\w)['‘](?P<single>[^'’\n]{1,60})['’](?!\w)"
)
_SENTENCE_GAP = re.compile(r"[.!?:;…\n(\[\"“•]|(?:^|\s)[-–—](?:\s|$)|->|=>")
_SEPARATOR = (
    r"(?:\s*(?:[,;/+&|\n]|\s-\s|\b(?:and|or|also|maybe|then|plus|even|both|either|liked)\b))+\s*"
)
_STRANGER = r"[A-Z0-9][\w'’]*(?: [A-Z0-9][\w'’]*){0,3}"
_LIST_GAP = re.compile(rf"{_SEPARATOR}(?:{_STRANGER}{_SEPARATOR})?")
_EDGE = " \t.,;:!?…\"'“”‘’*()[]-–—"


class TurnText:
    """A text with its tokens. Places are token indices, offsets are character positions."""

    def __init__(self, text: str, spans: Iterable[Span]) -> None:
        self.text = text
        self.tokens = tokenise(text)
        spans = tuple(spans)
        self._items = [(span.start, span.end) for span in spans if span.kind == "item"]
        apart = ("emphasis", "link", "spoiler")
        self._set_apart = [(span.start, span.end) for span in spans if span.kind in apart]
        for match in _QUOTED.finditer(text):
            self._set_apart.append(match.span("inner" if match["inner"] else "single"))

    def gap(self, place: int) -> str:
        """Return the text between a token and the one before it."""
        before = self.tokens[place - 1].end if place else 0
        after = self.tokens[place].start if place < len(self.tokens) else len(self.text)
        return self.text[before:after]

    def is_capital(self, place: int) -> bool:
        """Return whether a token begins with a capital letter."""
        return self.text[self.tokens[place].start].isupper()

    def opens_sentence(self, place: int) -> bool:
        """Return whether a token begins a sentence, where every word has a capital letter."""
        return place == 0 or _SENTENCE_GAP.search(self.gap(place)) is not None

    def capitals_tell(self, place: int) -> bool:
        """Return whether a capital letter means anything on the token's line.

        It does not where WORDS ARE SHOUTED or a line Has A Capital On Every Word.
        """
        around = (place - 1, place + 1)
        if self._is_shouted(place) and any(map(self._is_shouted, around)):
            return False
        return self._telling_by_line[self.text.count("\n", 0, self.tokens[place].start)]

    def has_capitals(self, offset: int) -> bool:
        """Return whether the line around an offset has capital letters other than "I"."""
        left, right = self.text.rfind("\n", 0, offset) + 1, self.text.find("\n", offset)
        line = self.text[left : right if right >= 0 else len(self.text)]
        return re.search(r"(?!I\b)[^\W\d_a-z]", line) is not None and not line.islower()

    def _is_shouted(self, place: int) -> bool:
        if not 0 <= place < len(self.tokens):
            return False
        word = self.text[self.tokens[place].start : self.tokens[place].end]
        return len(word) > 1 and word.isupper() and word.isalpha()

    @cached_property
    def _telling_by_line(self) -> list[bool]:
        return [_capitals_tell(line) for line in self.text.split("\n")]

    def is_set_apart(self, start: int, end: int) -> bool:
        """Return whether the author set [start, end) apart: by a quotation, italics or a line.

        That is, it is a whole span or line, the part of a span between two commas, or the beginning
        of a list item.
        """
        for left, right in self._set_apart:
            if left <= start and end <= right and self._is_between_commas(left, start, end, right):
                return True
        if any(
            left <= start < right and self._heads(left, start, end, right)
            for left, right in self._items
        ):
            return True
        left = self.text.rfind("\n", 0, start) + 1
        right = self.text.find("\n", end)
        right = len(self.text) if right < 0 else right
        is_line = not (self.text[left:start].strip(_EDGE) or self.text[end:right].strip(_EDGE))
        return is_line and self.text.count("\n") > 0

    def _is_between_commas(self, left: int, start: int, end: int, right: int) -> bool:
        before, after = (
            self.text[left:start].rstrip(" \"'“‘"),
            self.text[end:right].lstrip(" \"'”’"),
        )
        opens = not before.strip(_EDGE) or re.search(r"(?:[,;/&]|\band|\bor)$", before)
        closes = not after.strip(_EDGE) or re.match(r"(?:[,;/&(]|and\b|or\b)", after)
        return bool(opens and closes)

    def _heads(self, left: int, start: int, end: int, right: int) -> bool:
        after = self.text[end:right]
        return not self.text[left:start].strip(_EDGE) and (
            not after.strip(_EDGE) or re.match(r"\s*(?:[,;.(!?/]|[-–—]|:)", after) is not None
        )

    def set_apart_tokens(self) -> Iterator[tuple[int, int]]:
        """Yield tokens [first, last) of each quotation, italics and link that contains any."""
        starts = [token.start for token in self.tokens]
        ends = [token.end for token in self.tokens]
        for left, right in self._set_apart:
            first, last = bisect_left(starts, left), bisect_right(ends, right)
            if first < last:
                yield first, last

    def joins(self, start: int, end: int, *, only_commas: bool) -> bool:
        """Return whether the text between two titles only makes a list of them.

        Such texts are ", ", " and " and ", Stalker, "; with `only_commas`, only commas, slashes,
        plus signs and line ends.
        """
        between = self.text[start:end]
        if only_commas:
            return re.fullmatch(r"\s*[,/+\n]\s*", between) is not None
        return bool(between.strip()) and _LIST_GAP.fullmatch(between) is not None


def _capitals_tell(line: str) -> bool:
    letters = [c for c in line if c.isalpha()]
    if len(letters) >= 12 and sum(c.isupper() for c in letters) > 0.6 * len(letters):
        return False
    words: list[Token] = [t for t in tokenise(line) if t.key in FUNCTION_WORDS - _ARTICLES][1:]
    capital = sum(line[token.start].isupper() and token.key != "i" for token in words)
    return len(words) < 3 or capital <= 0.6 * len(words)
