"""What stands around a title in its turn, as the yes or no answers that evidence is made of."""

from __future__ import annotations

from typing import Literal

from builder.linking.candidates.mention_candidates import Candidate
from builder.linking.candidates.turn_text import Page
from builder.linking.signals.commonness import LIGHT, count_words, kind_of
from builder.linking.signals.title_cues import (
    BREAK_BEFORE,
    BREAK_BEHIND,
    CAST_BEFORE,
    CAST_BEHIND,
    FILM_BEHIND,
    NAMING,
    NAMING_PEOPLE,
    NEWER,
    OF_A_KIND,
    PRAISED,
    WHEN_SEEN,
)
from builder.linking.titles.ordinary_words import FUNCTION_WORDS

Form = Literal["capitalised", "initial", "lower"]

_ARTICLES = frozenset({"a", "an", "the"})
_REACH = 32
"""Characters before a title in which cues are looked for."""


class Surroundings:
    """Reads what stands around the candidates of a turn.

    Args:
        page: The turn.
        asked: Whether the turn answers what its author watched or likes.
    """

    def __init__(self, page: Page, *, asked: bool) -> None:
        self._page, self._asked = page, asked

    def form(self, candidate: Candidate) -> Form:
        """Return whether capitals mark the title, stand where any word has one, or are missing."""
        page, places = self._page, range(candidate.first, candidate.last)
        heavy = [i for i in places if page.tokens[i].key not in LIGHT] or list(places)
        heavy = [i for i in heavy if page.tokens[i].key not in FUNCTION_WORDS] or heavy
        capital = [i for i in heavy if page.is_capital(i)]
        digits = [i for i in heavy if page.tokens[i].key[0].isdigit()]
        if not capital or len(capital) + len(digits) < len(heavy):
            return "lower"
        tells = page.capitals_tell(candidate.first) and any(
            page.is_capital(i) and not page.opens_sentence(i) for i in places
        )
        return "capitalised" if tells else "initial"

    def is_named(self, candidate: Candidate) -> bool:
        """Return whether words beside it say that a film or a game is named."""
        if candidate.is_part or self.is_praised(candidate):  # "the first Alien"
            return True
        if self.is_called_film(candidate) or self.is_answer(candidate):
            return True
        is_name = kind_of(self._page, candidate) == "name"
        return (NAMING_PEOPLE if is_name else NAMING).search(self._before(candidate)) is not None

    def is_praised(self, candidate: Candidate) -> bool:
        """Return whether it is said to be a film or a game: "Hush is a great thriller"."""
        is_pronoun = kind_of(self._page, candidate) == "function"
        return not is_pronoun and PRAISED.match(self._page.text, candidate.end) is not None

    def is_called_film(self, candidate: Candidate) -> bool:
        """Return whether "movie", "trailer" or the like stands behind it: "the Joker movie"."""
        is_pronoun = kind_of(self._page, candidate) == "function"
        is_kind = is_pronoun or self.is_of_a_kind(candidate)
        return not is_kind and FILM_BEHIND.match(self._page.text, candidate.end) is not None

    def is_newer(self, candidate: Candidate) -> bool:
        """Return whether a sequel, a remake or a new one of that name is meant."""
        return NEWER.search(self._before(candidate)) is not None

    def is_new(self, candidate: Candidate) -> bool:
        """Return whether the newest of that name is meant: "the new Halloween"."""
        found = NEWER.search(self._before(candidate))
        return found is not None and found["new"] is not None

    def is_cast(self, candidate: Candidate) -> bool:
        """Return whether it is spoken of as a person or a character."""
        before = CAST_BEFORE.search(self._before(candidate))
        return (before or CAST_BEHIND.match(self._page.text, candidate.end)) is not None

    def closes(self, candidate: Candidate) -> bool:
        """Return whether a sentence, a list or the like ends behind it, or when it was seen."""
        text, end = self._page.text, candidate.end
        return (BREAK_BEHIND.match(text, end) or WHEN_SEEN.match(text, end)) is not None

    def is_segment(self, candidate: Candidate) -> bool:
        """Return whether commas, points or "and" stand on both sides."""
        opens = self._page.opens_sentence(candidate.first) or BREAK_BEFORE.search(
            self._before(candidate)
        )
        return bool(opens) and BREAK_BEHIND.match(self._page.text, candidate.end) is not None

    def is_of_a_kind(self, candidate: Candidate) -> bool:
        """Return whether "some", "our" or the like stands before it."""
        return OF_A_KIND.search(self._before(candidate)) is not None

    def is_nickname(self, candidate: Candidate) -> bool:
        """Return whether it is "the" and one word, the article small: "the Rock", an actor."""
        first = self._page.tokens[candidate.first]
        is_pair = count_words(candidate) == 2 and first.key in _ARTICLES
        return is_pair and not self._page.is_capital(candidate.first)

    def is_answer(self, candidate: Candidate) -> bool:
        """Return whether it opens the turn where titles were asked for."""
        return self._asked and candidate.first == 0 and self.closes(candidate)

    def _before(self, candidate: Candidate) -> str:
        return self._page.text[max(0, candidate.start - _REACH) : candidate.start]
