"""Whether words that spell a title are part of something longer: another title, or a name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from builder.linking.candidates.mention_candidates import Candidate
from builder.linking.candidates.turn_text import TurnText
from builder.linking.lexicon.ordinary_words import FUNCTION_WORDS
from builder.linking.signals.commonness import LIGHT, count_words, kind_of
from builder.linking.signals.title_cues import (
    GOES_ON,
    GOING_ON,
    NUMBERED,
    OWNS_NAME,
    QUOTE_AFTER,
    QUOTE_BEFORE,
    SUBTITLE,
)

_ARTICLES = frozenset({"a", "an", "the"})


class Extent:
    """Judges where the names in a turn begin and end.

    Args:
        turn_text: The turn.
        candidates: Its candidates, in order.
    """

    def __init__(self, turn_text: TurnText, candidates: Sequence[Candidate]) -> None:
        self._turn_text, self._candidates = turn_text, candidates
        self._by_first = {candidate.first: candidate for candidate in candidates}

    def is_longer(self, candidate: Candidate) -> bool:
        """Return whether the words are part of a longer name."""
        turn_text, after = self._turn_text, self._turn_text.text[candidate.title_end :]
        if _has_subtitle(after):
            return True
        if OWNS_NAME.match(after) and count_words(candidate) == 1:
            return True
        if candidate.last < len(turn_text.tokens) and GOES_ON.match(after):
            following = turn_text.tokens[candidate.last].key
            other = self._by_first.get(candidate.last)
            is_title = other is not None and kind_of(turn_text, other) == "rare"
            if other is not None and count_words(other) == count_words(candidate) == 1:
                is_title = other.year is not None  # "Kill Bill"
            is_sentence = (
                following in FUNCTION_WORDS - GOING_ON
                and after.startswith(" ")
                and not self._opens_title(candidate.last)
            )
            if not (is_title or is_sentence):
                return True
        return self._is_preceded(candidate)

    def is_other_version(self, candidate: Candidate) -> bool:
        """Return whether a sequel, a remake or the series of that name is meant."""
        return NUMBERED.match(self._turn_text.text, candidate.title_end) is not None

    def is_within_name(self, candidate: Candidate) -> bool:
        """Return whether the words are a quoted nickname: Dwayne 'The Rock' Johnson."""
        turn_text, after = self._turn_text, candidate.last
        if not candidate.first or after >= len(turn_text.tokens):
            return False
        is_quoted = QUOTE_AFTER.fullmatch(turn_text.gap(candidate.first)) is not None
        is_closed = QUOTE_BEFORE.fullmatch(turn_text.gap(after)) is not None
        return (
            is_quoted
            and is_closed
            and all(
                turn_text.is_capital(place) and turn_text.tokens[place].key not in FUNCTION_WORDS
                for place in (candidate.first - 1, after)
            )
        )

    def _opens_title(self, place: int) -> bool:
        """Return whether a capitalised article opens a title there: "Star Wars The Last Jedi"."""
        turn_text = self._turn_text
        two = range(place, min(place + 2, len(turn_text.tokens)))
        is_large = (
            len(two) == 2 and all(map(turn_text.is_capital, two)) and turn_text.capitals_tell(place)
        )
        return is_large and turn_text.tokens[place].key in _ARTICLES

    def _is_preceded(self, candidate: Candidate) -> bool:
        turn_text, before = self._turn_text, candidate.first - 1
        if before < 0 or self._follows_title(candidate):
            return False
        if turn_text.gap(candidate.first) != " ":
            return turn_text.gap(candidate.first) == "-"
        token = turn_text.tokens[before]
        if token.key.isdigit() and len(token.key) < 4:  # "21 Bridges"
            return True
        is_name = turn_text.is_capital(before) and not turn_text.opens_sentence(before)
        is_owner = token.owner_end != token.end
        is_ordinary = token.key in FUNCTION_WORDS or not turn_text.capitals_tell(before)
        return is_name and not is_owner and not is_ordinary

    def _follows_title(self, candidate: Candidate) -> bool:
        """Return whether another title ends where this one begins.

        Two adjacent words are a name ("Daniel Craig") unless the first comes with a year.
        """
        before = next((c for c in self._candidates if c.last == candidate.first), None)
        if before is None:
            return False
        is_name = count_words(before) == count_words(candidate) == 1 and before.year is None
        return not is_name or self._turn_text.gap(candidate.first) != " "


def _has_subtitle(after: str) -> bool:
    """Return whether a colon and a title follow: at least two capitalised words, or all of them."""
    match = SUBTITLE.match(after)
    if match is None:
        return False
    words = match["rest"].split()
    run = list(takewhile(lambda word: not word[0].islower() or word in LIGHT, words))
    return len(run) == len(words) or sum(not word[0].islower() for word in run) >= 2
