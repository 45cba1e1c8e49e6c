"""Whether words that spell a title are meant as one.

A title with its year is. Without a year it takes signals: quotation marks, italics or its own line;
capital letters where they mean something; a list of titles around it; "watched" before it. The more
common its words are, the more it takes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from builder.linking.candidates.mention_candidates import Candidate
from builder.linking.candidates.turn_text import TurnText
from builder.linking.lexicon.ordinary_words import PHRASES
from builder.linking.signals.commonness import (
    Commonness,
    count_heavy,
    count_words,
    is_person,
    kind_of,
)
from builder.linking.signals.extent import Extent
from builder.linking.signals.title_context import Form, TitleContext
from builder.linking.signals.title_cues import BREAK_AFTER
from builder.titles import without_article

Ruling = Literal[
    "meant", "perhaps", "common word", "lower case", "longer title", "another version", "no mention"
]
"""What the rules alone say of a candidate, before the score."""

_MANY_WORDS = 4  # nobody writes a title of so many words by chance
_MANY_RARE_WORDS = 3  # likewise if one is rare, not counting articles and prepositions
_OPEN: frozenset[Ruling] = frozenset({"perhaps", "lower case", "no mention"})


@dataclass(frozen=True, slots=True)
class Signals:
    """What a turn says about one candidate.

    Attributes:
        ruling: What the rules say; the other signals are weighed in `score.py`.
        form: How the title is capitalised.
        kind: How common its words are.
        set_apart: In quotation marks, in italics or on its own line.
        listed: Next to another title in a list.
        named: After "watched" and the like.
        known: The thread, or this turn with a year, has named the title.
        segment: Alone between commas, full stops or line ends.
        closed: Named, and a sentence or the like ends after it.
        cast: Spoken of as a person or a character.
        new: After "the new".
        person: Two words, the first a first name.
        praised: Said to be a film or a game.
        asked: Opens the answer to a question for titles.
    """

    ruling: Ruling
    form: Form
    kind: Commonness
    set_apart: bool
    listed: bool
    named: bool
    known: bool
    segment: bool
    closed: bool
    cast: bool
    new: bool
    person: bool
    praised: bool
    asked: bool


class TurnSignals:
    """Reads the signals of a turn's candidates.

    Args:
        turn_text: The turn.
        candidates: Its candidates, in order.
        named_keys: Keys of titles that the thread has named before.
        asked: Whether the turn answers a question for titles.
    """

    def __init__(
        self,
        turn_text: TurnText,
        candidates: Sequence[Candidate],
        named_keys: Collection[str],
        *,
        asked: bool = False,
    ) -> None:
        self._turn_text, self._candidates = turn_text, candidates
        self._context = TitleContext(turn_text, asked=asked)
        dated_keys = (candidate.key or "" for candidate in candidates if candidate.year is not None)
        self._named_keys = set(map(without_article, [*named_keys, *dated_keys]))
        self._extent = Extent(turn_text, candidates)

    def signals(self) -> list[Signals]:
        """Return the signals of every candidate, in order.

        "perhaps" becomes "meant" next to a title of the same list, and an abstention otherwise.
        """
        first = [self._by_itself(candidate) for candidate in self._candidates]
        rulings, changed = list(first), True
        while changed:
            changed = False
            for number, ruling in enumerate(rulings):
                if ruling in _OPEN and self._is_listed(number, rulings):
                    rulings[number], changed = "meant", True
        return [
            self._signs(candidate, self._settle(candidate, ruling), alone != ruling)
            for candidate, alone, ruling in zip(self._candidates, first, rulings, strict=True)
        ]

    def _signs(self, candidate: Candidate, ruling: Ruling, listed: bool) -> Signals:
        is_named = self._context.is_named(candidate)
        return Signals(
            ruling=ruling,
            form=self._context.form(candidate),
            kind=kind_of(self._turn_text, candidate),
            set_apart=self._turn_text.is_set_apart(candidate.start, candidate.end),
            listed=listed,
            named=is_named,
            known=self._is_known(candidate),
            segment=self._context.is_segment(candidate),
            closed=is_named and self._context.closes(candidate),
            cast=self._context.is_cast(candidate),
            new=self._context.is_new(candidate),
            person=is_person(candidate),
            praised=self._context.is_praised(candidate),
            asked=self._context.is_answer(candidate),
        )

    def _is_known(self, candidate: Candidate) -> bool:
        return without_article(candidate.key or "") in self._named_keys

    def _by_itself(self, candidate: Candidate) -> Ruling:
        if candidate.year is not None:
            return "meant"
        form, kind = self._context.form(candidate), kind_of(self._turn_text, candidate)
        if form != "lower" and not candidate.is_part and self._context.is_newer(candidate):
            return "another version"
        if self._turn_text.is_set_apart(candidate.start, candidate.end):
            return self._as_set_apart(candidate, form, kind)
        if form == "lower":
            return self._in_lower_case(candidate, kind)
        if form == "capitalised" or kind == "rare":
            if self._extent.is_other_version(candidate):
                return "another version"
            if self._extent.is_longer(candidate):
                return "longer title"
        if kind == "rare":
            return "meant"
        if self._needs_naming(candidate):
            is_known = self._is_known(candidate)
            is_named = is_known or self._context.is_named(candidate)
            is_large = form == "capitalised" or self._context.is_praised(candidate)
            is_large = is_large or (is_known and kind == "common")
            return "meant" if is_large and is_named else "perhaps"
        is_plain = form == "capitalised" or count_words(candidate) >= _MANY_WORDS
        return "meant" if is_plain else "perhaps"

    def _as_set_apart(self, candidate: Candidate, form: Form, kind: Commonness) -> Ruling:
        if self._extent.is_within_name(candidate):
            return "longer title"
        if form == "lower" and kind == "function":
            return "no mention"
        is_doubtful = form == "lower" and kind != "rare" and count_heavy(candidate) == 1
        return "lower case" if is_doubtful else "meant"  # a "hit" movie

    def _in_lower_case(self, candidate: Candidate, kind: Commonness) -> Ruling:
        """Rule on words without capitals: long titles are meant, rare ones if the line has none."""
        is_long = kind == "rare" and count_heavy(candidate) >= _MANY_RARE_WORDS
        if is_long or count_words(candidate) >= _MANY_WORDS:
            return "meant"
        is_named = self._context.is_named(candidate)
        if kind == "function" or (self._context.is_of_a_kind(candidate) and not is_named):
            return "no mention"
        if self._extent.is_longer(candidate) or self._extent.is_other_version(candidate):
            return "no mention"
        is_known = self._is_known(candidate)
        if is_known and count_words(candidate) > 1:
            return "meant"
        stands_out = is_named or self._context.is_segment(candidate)
        if count_heavy(candidate) == 1 or kind != "rare":
            is_heard = stands_out if kind == "rare" else is_named
            return "lower case" if is_heard or is_known else "no mention"
        is_title = stands_out or not self._turn_text.has_capitals(candidate.start)
        return "meant" if is_title else "lower case"

    def _settle(self, candidate: Candidate, ruling: Ruling) -> Ruling:
        if ruling != "perhaps":
            return ruling
        if count_words(candidate) == 1 and self._context.form(candidate) == "initial":
            return "no mention"
        return "common word"

    def _needs_naming(self, candidate: Candidate) -> bool:
        is_phrase, words = candidate.key in PHRASES, (candidate.key or "").split()
        is_place = kind_of(self._turn_text, candidate) == "name" and "and" not in words
        return is_phrase or is_place or len(words) == 1 or self._context.is_nickname(candidate)

    def _is_listed(self, number: int, rulings: Sequence[Ruling]) -> bool:
        """Return whether the candidate is next to another title in a list."""
        candidate = self._candidates[number]
        form, kind = self._context.form(candidate), kind_of(self._turn_text, candidate)
        if kind == "function" and form != "capitalised":
            return False
        if form == "lower" and self._context.is_of_a_kind(candidate):
            return False  # "our protagonist, Forrest Gump"
        is_plain = form == "capitalised" and kind in {"rare", "common"}
        if not is_plain and not BREAK_AFTER.match(self._turn_text.text, candidate.end):
            return False
        helpers: set[Ruling] = {"meant"}
        if is_plain:
            helpers.add("perhaps")
        elif form == "lower":
            helpers.add("lower case")
        for other in (number - 1, number + 1):
            if 0 <= other < len(self._candidates) and rulings[other] in helpers:
                one, two = sorted((candidate, self._candidates[other]), key=lambda c: c.start)
                if self._turn_text.joins(one.end, two.start, only_commas=form == "lower"):
                    return True
        return False
