"""Whether words that spell a title are meant as one.

With its year a title is one. Without, it needs evidence: quotation marks, italics or a line of its
own; capital letters where they say something; a list of titles around it; "watched" before it. The
more ordinary its words are, the more it takes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from builder.linking.candidates.mention_candidates import Candidate
from builder.linking.candidates.turn_text import Page
from builder.linking.signals.commonness import (
    Ordinariness,
    count_heavy,
    count_words,
    is_person,
    kind_of,
)
from builder.linking.signals.extent import Extent
from builder.linking.signals.title_context import Form, Surroundings
from builder.linking.signals.title_cues import BREAK_BEHIND
from builder.linking.titles.ordinary_words import PHRASES
from builder.titles import without_article

Verdict = Literal[
    "meant", "perhaps", "common word", "lower case", "longer title", "another version", "no mention"
]

_MANY_WORDS = 4  # words of a title that nobody writes by chance
_MANY_RARE_WORDS = 3  # likewise, one of them rare, without articles and prepositions
_OPEN: frozenset[Verdict] = frozenset({"perhaps", "lower case", "no mention"})


@dataclass(frozen=True, slots=True)
class Signs:
    """What a turn says for one candidate.

    `verdict` is the rules' answer; the rest is what `score.py` weighs. `listed`:
    beside another title; `named`: behind "watched" and the like; `known`: the thread or a year in
    this turn has named the title; `segment`: alone between commas, points or line ends; `closed`:
    named, and a sentence or the like ends behind it; `cast`: spoken of as a person or a character;
    `new`: behind "the new"; `person`: two words that begin with a first name; `praised`: said to
    be a film or a game; `asked`: opens the turn where titles were asked for.
    """

    verdict: Verdict
    form: Form
    kind: Ordinariness
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


class TitleEvidence:
    """What a turn says for its candidates.

    Args:
        page: The turn.
        candidates: Its candidates, in order.
        known: Keys of the titles that the thread has named before.
        asked: Whether the turn answers what its author watched or likes.
    """

    def __init__(
        self,
        page: Page,
        candidates: Sequence[Candidate],
        known: Collection[str],
        *,
        asked: bool = False,
    ) -> None:
        self._page, self._candidates = page, candidates
        self._around = Surroundings(page, asked=asked)
        own = (found.key or "" for found in candidates if found.year is not None)
        self._known = set(map(without_article, [*known, *own]))
        self._extent = Extent(page, candidates)

    def signs(self) -> list[Signs]:
        """Return what is to be said for every candidate.

        "perhaps" turns into "meant" beside a title of the same list, and into an abstention
        otherwise.
        """
        first = [self._alone(candidate) for candidate in self._candidates]
        found, changed = list(first), True
        while changed:
            changed = False
            for number, verdict in enumerate(found):
                if verdict in _OPEN and self._is_listed(number, found):
                    found[number], changed = "meant", True
        return [
            self._signs(candidate, self._settled(candidate, verdict), alone != verdict)
            for candidate, alone, verdict in zip(self._candidates, first, found, strict=True)
        ]

    def _signs(self, candidate: Candidate, verdict: Verdict, listed: bool) -> Signs:
        is_named = self._around.is_named(candidate)
        return Signs(
            verdict=verdict,
            form=self._around.form(candidate),
            kind=kind_of(self._page, candidate),
            set_apart=self._page.is_set_apart(candidate.start, candidate.end),
            listed=listed,
            named=is_named,
            known=self._is_known(candidate),
            segment=self._around.is_segment(candidate),
            closed=is_named and self._around.closes(candidate),
            cast=self._around.is_cast(candidate),
            new=self._around.is_new(candidate),
            person=is_person(candidate),
            praised=self._around.is_praised(candidate),
            asked=self._around.is_answer(candidate),
        )

    def _is_known(self, candidate: Candidate) -> bool:
        return without_article(candidate.key or "") in self._known

    def _alone(self, candidate: Candidate) -> Verdict:
        if candidate.year is not None:
            return "meant"
        form, kind = self._around.form(candidate), kind_of(self._page, candidate)
        if form != "lower" and not candidate.is_part and self._around.is_newer(candidate):
            return "another version"
        if self._page.is_set_apart(candidate.start, candidate.end):
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
            is_named = is_known or self._around.is_named(candidate)
            is_large = form == "capitalised" or self._around.is_praised(candidate)
            is_large = is_large or (is_known and kind == "common")
            return "meant" if is_large and is_named else "perhaps"
        is_plain = form == "capitalised" or count_words(candidate) >= _MANY_WORDS
        return "meant" if is_plain else "perhaps"

    def _as_set_apart(self, candidate: Candidate, form: Form, kind: Ordinariness) -> Verdict:
        if self._extent.is_within_name(candidate):
            return "longer title"
        if form == "lower" and kind == "function":
            return "no mention"
        is_doubtful = form == "lower" and kind != "rare" and count_heavy(candidate) == 1
        return "lower case" if is_doubtful else "meant"  # a "hit" movie

    def _in_lower_case(self, candidate: Candidate, kind: Ordinariness) -> Verdict:
        """Judge words without capitals: long ones, or rare ones where the line has none at all."""
        is_long = kind == "rare" and count_heavy(candidate) >= _MANY_RARE_WORDS
        if is_long or count_words(candidate) >= _MANY_WORDS:
            return "meant"
        is_named = self._around.is_named(candidate)
        if kind == "function" or (self._around.is_of_a_kind(candidate) and not is_named):
            return "no mention"
        if self._extent.is_longer(candidate) or self._extent.is_other_version(candidate):
            return "no mention"
        is_known = self._is_known(candidate)
        if is_known and count_words(candidate) > 1:
            return "meant"
        stands_out = is_named or self._around.is_segment(candidate)
        if count_heavy(candidate) == 1 or kind != "rare":
            is_heard = stands_out if kind == "rare" else is_named
            return "lower case" if is_heard or is_known else "no mention"
        is_title = stands_out or not self._page.has_capitals(candidate.start)
        return "meant" if is_title else "lower case"

    def _settled(self, candidate: Candidate, verdict: Verdict) -> Verdict:
        if verdict != "perhaps":
            return verdict
        if count_words(candidate) == 1 and self._around.form(candidate) == "initial":
            return "no mention"
        return "common word"

    def _needs_naming(self, candidate: Candidate) -> bool:
        is_phrase, words = candidate.key in PHRASES, (candidate.key or "").split()
        is_place = kind_of(self._page, candidate) == "name" and "and" not in words
        return is_phrase or is_place or len(words) == 1 or self._around.is_nickname(candidate)

    def _is_listed(self, number: int, verdicts: Sequence[Verdict]) -> bool:
        """Return whether the candidate stands in a list beside another title."""
        candidate = self._candidates[number]
        form, kind = self._around.form(candidate), kind_of(self._page, candidate)
        if kind == "function" and form != "capitalised":
            return False
        if form == "lower" and self._around.is_of_a_kind(candidate):
            return False  # "our protagonist, Forrest Gump"
        is_plain = form == "capitalised" and kind in {"rare", "common"}
        if not is_plain and not BREAK_BEHIND.match(self._page.text, candidate.end):
            return False
        helpers: set[Verdict] = {"meant"}
        if is_plain:
            helpers.add("perhaps")
        elif form == "lower":
            helpers.add("lower case")
        for other in (number - 1, number + 1):
            if 0 <= other < len(self._candidates) and verdicts[other] in helpers:
                one, two = sorted((candidate, self._candidates[other]), key=lambda c: c.start)
                if self._page.joins(one.end, two.start, only_commas=form == "lower"):
                    return True
        return False
