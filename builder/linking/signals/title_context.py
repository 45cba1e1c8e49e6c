"""What surrounds a title in its turn, as yes-or-no answers that signals are made of."""

from __future__ import annotations

from typing import Literal

from builder.linking.candidates.mention_candidates import Candidate
from builder.linking.candidates.turn_text import TurnText
from builder.linking.lexicon.ordinary_words import FUNCTION_WORDS
from builder.linking.signals.commonness import LIGHT, count_words, kind_of
from builder.linking.signals.title_cues import (
    BREAK_AFTER,
    BREAK_BEFORE,
    CAST_AFTER,
    CAST_BEFORE,
    FILM_AFTER,
    NAMING,
    NAMING_PEOPLE,
    NEWER,
    OF_A_KIND,
    PRAISED,
    WHEN_SEEN,
)

Form = Literal["capitalised", "initial", "lower"]

_ARTICLES = frozenset({"a", "an", "the"})
_REACH = 32
"""Characters before a title in which cues are looked for."""


class TitleContext:
    """Reads what surrounds the candidates of a turn.

    Args:
        turn_text: The turn.
        asked: Whether the turn answers a question for titles.
    """

    def __init__(self, turn_text: TurnText, *, asked: bool) -> None:
        self._turn_text, self._asked = turn_text, asked

    def form(self, candidate: Candidate) -> Form:
        """Return whether capitals mark the title, only begin a sentence, or are missing."""
        turn_text, places = self._turn_text, range(candidate.first, candidate.last)
        heavy = [i for i in places if turn_text.tokens[i].key not in LIGHT] or list(places)
        heavy = [i for i in heavy if turn_text.tokens[i].key not in FUNCTION_WORDS] or heavy
        capital = [i for i in heavy if turn_text.is_capital(i)]
        digits = [i for i in heavy if turn_text.tokens[i].key[0].isdigit()]
        if not capital or len(capital) + len(digits) < len(heavy):
            return "lower"
        tells = turn_text.capitals_tell(candidate.first) and any(
            turn_text.is_capital(i) and not turn_text.opens_sentence(i) for i in places
        )
        return "capitalised" if tells else "initial"

    def is_named(self, candidate: Candidate) -> bool:
        """Return whether neighbouring words say that a film or a game is named."""
        if candidate.is_part or self.is_praised(candidate):  # "the first Alien"
            return True
        if self.is_called_film(candidate) or self.is_answer(candidate):
            return True
        is_name = kind_of(self._turn_text, candidate) == "name"
        return (NAMING_PEOPLE if is_name else NAMING).search(self._before(candidate)) is not None

    def is_praised(self, candidate: Candidate) -> bool:
        """Return whether the text calls it a film or a game: "Hush is a great thriller"."""
        is_pronoun = kind_of(self._turn_text, candidate) == "function"
        return not is_pronoun and PRAISED.match(self._turn_text.text, candidate.end) is not None

    def is_called_film(self, candidate: Candidate) -> bool:
        """Return whether "movie", "trailer" or the like follows: "the Joker movie"."""
        is_pronoun = kind_of(self._turn_text, candidate) == "function"
        is_kind = is_pronoun or self.is_of_a_kind(candidate)
        return not is_kind and FILM_AFTER.match(self._turn_text.text, candidate.end) is not None

    def is_newer(self, candidate: Candidate) -> bool:
        """Return whether a sequel, a remake or a newer one of that name is meant."""
        return NEWER.search(self._before(candidate)) is not None

    def is_new(self, candidate: Candidate) -> bool:
        """Return whether the newest of that name is meant: "the new Halloween"."""
        match = NEWER.search(self._before(candidate))
        return match is not None and match["new"] is not None

    def is_cast(self, candidate: Candidate) -> bool:
        """Return whether it is spoken of as a person or a character."""
        before = CAST_BEFORE.search(self._before(candidate))
        return (before or CAST_AFTER.match(self._turn_text.text, candidate.end)) is not None

    def closes(self, candidate: Candidate) -> bool:
        """Return whether a sentence or list item ends after it, or a word like "twice" comes."""
        text, end = self._turn_text.text, candidate.end
        return (BREAK_AFTER.match(text, end) or WHEN_SEEN.match(text, end)) is not None

    def is_segment(self, candidate: Candidate) -> bool:
        """Return whether commas, full stops or "and" are on both sides."""
        opens = self._turn_text.opens_sentence(candidate.first) or BREAK_BEFORE.search(
            self._before(candidate)
        )
        return bool(opens) and BREAK_AFTER.match(self._turn_text.text, candidate.end) is not None

    def is_of_a_kind(self, candidate: Candidate) -> bool:
        """Return whether "some", "our" or the like comes before it."""
        return OF_A_KIND.search(self._before(candidate)) is not None

    def is_nickname(self, candidate: Candidate) -> bool:
        """Return whether it is "the" in lower case and one word: "the Rock", an actor."""
        first = self._turn_text.tokens[candidate.first]
        is_pair = count_words(candidate) == 2 and first.key in _ARTICLES
        return is_pair and not self._turn_text.is_capital(candidate.first)

    def is_answer(self, candidate: Candidate) -> bool:
        """Return whether it opens the answer to a question for titles."""
        return self._asked and candidate.first == 0 and self.closes(candidate)

    def _before(self, candidate: Candidate) -> str:
        return self._turn_text.text[max(0, candidate.start - _REACH) : candidate.start]
