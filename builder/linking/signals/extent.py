"""Whether words that spell a title are a part of something else: another title, or a name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from builder.linking.candidates.mention_candidates import Candidate
from builder.linking.candidates.turn_text import Page
from builder.linking.signals.commonness import LIGHT, count_words, kind_of
from builder.linking.signals.title_cues import (
    GOES_ON,
    GOING_ON,
    NUMBERED,
    OWNS_NAME,
    QUOTE_BEFORE,
    QUOTE_BEHIND,
    SUBTITLE,
)
from builder.linking.titles.ordinary_words import FUNCTION_WORDS

_ARTICLES = frozenset({"a", "an", "the"})


class Extent:
    """Judges where the names of a turn begin and end.

    Args:
        page: The turn.
        candidates: Its candidates, in order.
    """

    def __init__(self, page: Page, candidates: Sequence[Candidate]) -> None:
        self._page, self._candidates = page, candidates
        self._by_first = {found.first: found for found in candidates}

    def is_longer(self, candidate: Candidate) -> bool:
        """Return whether the words are a part of a longer name."""
        page, behind = self._page, self._page.text[candidate.title_end :]
        if _has_subtitle(behind):
            return True
        if OWNS_NAME.match(behind) and count_words(candidate) == 1:
            return True
        if candidate.last < len(page.tokens) and GOES_ON.match(behind):
            following = page.tokens[candidate.last].key
            other = self._by_first.get(candidate.last)
            is_title = other is not None and kind_of(page, other) == "rare"
            if other is not None and count_words(other) == count_words(candidate) == 1:
                is_title = other.year is not None  # "Kill Bill"
            is_sentence = (
                following in FUNCTION_WORDS - GOING_ON
                and behind.startswith(" ")
                and not self._opens_title(candidate.last)
            )
            if not (is_title or is_sentence):
                return True
        return self._is_preceded(candidate)

    def is_other_version(self, candidate: Candidate) -> bool:
        """Return whether a sequel, a remake or the whole series of that name is meant."""
        return NUMBERED.match(self._page.text, candidate.title_end) is not None

    def is_within_name(self, candidate: Candidate) -> bool:
        """Return whether it is a nickname in quotation marks: Dwayne 'The Rock' Johnson."""
        page, behind = self._page, candidate.last
        if not candidate.first or behind >= len(page.tokens):
            return False
        is_quoted = QUOTE_BEHIND.fullmatch(page.gap(candidate.first)) is not None
        is_closed = QUOTE_BEFORE.fullmatch(page.gap(behind)) is not None
        return (
            is_quoted
            and is_closed
            and all(
                page.is_capital(place) and page.tokens[place].key not in FUNCTION_WORDS
                for place in (candidate.first - 1, behind)
            )
        )

    def _opens_title(self, place: int) -> bool:
        """Return whether an article with a capital stands there: "Star Wars The Last Jedi"."""
        page = self._page
        two = range(place, min(place + 2, len(page.tokens)))
        is_large = len(two) == 2 and all(map(page.is_capital, two)) and page.capitals_tell(place)
        return is_large and page.tokens[place].key in _ARTICLES

    def _is_preceded(self, candidate: Candidate) -> bool:
        page, before = self._page, candidate.first - 1
        if before < 0 or self._follows_title(candidate):
            return False
        if page.gap(candidate.first) != " ":
            return page.gap(candidate.first) == "-"
        token = page.tokens[before]
        if token.key.isdigit() and len(token.key) < 4:  # "21 Bridges"
            return True
        is_name = page.is_capital(before) and not page.opens_sentence(before)
        is_owner = token.owner_end != token.end
        is_ordinary = token.key in FUNCTION_WORDS or not page.capitals_tell(before)
        return is_name and not is_owner and not is_ordinary

    def _follows_title(self, candidate: Candidate) -> bool:
        """Return whether another title ends where this one begins.

        Two words side by side are a name ("Daniel Craig") unless one of them has its year.
        """
        before = next((c for c in self._candidates if c.last == candidate.first), None)
        if before is None:
            return False
        is_name = count_words(before) == count_words(candidate) == 1 and before.year is None
        return not is_name or self._page.gap(candidate.first) != " "


def _has_subtitle(behind: str) -> bool:
    """Return whether a colon and a title follow: at least two capitals, or nothing but them."""
    match = SUBTITLE.match(behind)
    if match is None:
        return False
    words = match["rest"].split()
    run = list(takewhile(lambda word: not word[0].islower() or word in LIGHT, words))
    return len(run) == len(words) or sum(not word[0].islower() for word in run) >= 2
