"""Whether words that spell a title are meant as one.

With its year a title is one. Without, it needs evidence: quotation marks, italics or a line of its
own; capital letters where they say something; a list of titles around it; "watched" before it. The
more ordinary its words are, the more it takes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from builder.linking.candidates import Candidate
from builder.linking.common_words import FUNCTION_WORDS, PHRASES
from builder.linking.extent import Extent
from builder.linking.ordinariness import LIGHT, Ordinariness, count_words, kind_of
from builder.linking.page import Page
from builder.linking.title_cues import (
    BREAK_BEFORE,
    BREAK_BEHIND,
    NAMING,
    NAMING_PEOPLE,
    NEWER,
    OF_A_KIND,
    PRAISED,
    WHEN_SEEN,
)

Form = Literal["capitalised", "initial", "lower"]
Verdict = Literal[
    "meant", "perhaps", "common word", "lower case", "longer title", "another version", "no mention"
]

_ARTICLES = frozenset({"a", "an", "the"})
_MANY_WORDS = 4  # words of a title that nobody writes by chance
_OPEN: frozenset[Verdict] = frozenset({"perhaps", "lower case", "no mention"})


@dataclass(frozen=True, slots=True)
class Signs:
    """What a turn says for one candidate.

    `verdict` is the rules' answer; the rest is what `builder.linking.score` weighs. `listed`:
    beside another title; `named`: behind "watched" and the like; `known`: the thread or a year in
    this turn has named the title; `segment`: alone between commas, points or line ends; `closed`:
    named, and a sentence or the like ends behind it.
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


class TitleEvidence:
    """What a turn says for its candidates.

    Args:
        page: The turn.
        candidates: Its candidates, in order.
        known: Keys of the titles that the thread has named before.
    """

    def __init__(self, page: Page, candidates: Sequence[Candidate], known: Collection[str]) -> None:
        self._page, self._candidates = page, candidates
        self._known = {*known, *(found.key for found in candidates if found.year is not None)}
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
        return Signs(
            verdict=verdict,
            form=self._form(candidate),
            kind=kind_of(self._page, candidate),
            set_apart=self._page.is_set_apart(candidate.start, candidate.end),
            listed=listed,
            named=self._is_named(candidate),
            known=candidate.key in self._known,
            segment=self._is_segment(candidate),
            closed=self._is_named(candidate) and self._closes(candidate),
        )

    def _alone(self, candidate: Candidate) -> Verdict:
        if candidate.year is not None:
            return "meant"
        form, kind = self._form(candidate), kind_of(self._page, candidate)
        if form != "lower" and not candidate.is_part and NEWER.search(self._before(candidate)):
            return "another version"
        if self._page.is_set_apart(candidate.start, candidate.end):
            return self._as_set_apart(candidate, is_plain=kind == "function" and form == "lower")
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
            is_named = candidate.key in self._known or self._is_named(candidate)
            is_large = form == "capitalised" or self._is_praised(candidate)
            return "meant" if is_large and is_named else "perhaps"
        is_plain = form == "capitalised" or count_words(candidate) >= _MANY_WORDS
        return "meant" if is_plain else "perhaps"

    def _as_set_apart(self, candidate: Candidate, *, is_plain: bool) -> Verdict:
        if self._extent.is_within_name(candidate):
            return "longer title"
        return "no mention" if is_plain else "meant"

    def _in_lower_case(self, candidate: Candidate, kind: Ordinariness) -> Verdict:
        """Judge words without capitals: long ones, or rare ones where the line has none at all."""
        if count_words(candidate) >= _MANY_WORDS:
            return "meant"
        if kind == "function" or self._is_of_akind_of(candidate):
            return "no mention"
        if self._extent.is_longer(candidate) or self._extent.is_other_version(candidate):
            return "no mention"
        is_known = candidate.key in self._known
        if is_known and count_words(candidate) > 1:
            return "meant"
        stands_out = self._is_named(candidate) or self._is_segment(candidate)
        if count_words(candidate) == 1 or kind != "rare":
            is_heard = stands_out if kind == "rare" else self._is_named(candidate)
            return "lower case" if is_heard or is_known else "no mention"
        is_title = stands_out or not self._page.has_capitals(candidate.start)
        return "meant" if is_title else "lower case"

    def _settled(self, candidate: Candidate, verdict: Verdict) -> Verdict:
        if verdict != "perhaps":
            return verdict
        if count_words(candidate) == 1 and self._form(candidate) == "initial":
            return "no mention"
        return "common word"

    def _form(self, candidate: Candidate) -> Form:
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

    def _before(self, candidate: Candidate) -> str:
        return self._page.text[max(0, candidate.start - 24) : candidate.start]

    def _is_named(self, candidate: Candidate) -> bool:
        if candidate.is_part:  # "the first Alien"
            return True
        if self._is_praised(candidate):
            return True
        is_name = kind_of(self._page, candidate) == "name"
        return (NAMING_PEOPLE if is_name else NAMING).search(self._before(candidate)) is not None

    def _is_praised(self, candidate: Candidate) -> bool:
        """Return whether it is said to be a film or a game: "Hush is a great thriller"."""
        is_pronoun = kind_of(self._page, candidate) == "function"
        return not is_pronoun and PRAISED.match(self._page.text, candidate.end) is not None

    def _needs_naming(self, candidate: Candidate) -> bool:
        is_phrase = (candidate.key or "") in PHRASES
        return is_phrase or count_words(candidate) == 1 or self._is_nickname(candidate)

    def _closes(self, candidate: Candidate) -> bool:
        text, end = self._page.text, candidate.end
        return (BREAK_BEHIND.match(text, end) or WHEN_SEEN.match(text, end)) is not None

    def _is_segment(self, candidate: Candidate) -> bool:
        """Return whether commas, points or "and" stand on both sides."""
        opens = self._page.opens_sentence(candidate.first) or BREAK_BEFORE.search(
            self._before(candidate)
        )
        return bool(opens) and BREAK_BEHIND.match(self._page.text, candidate.end) is not None

    def _is_of_akind_of(self, candidate: Candidate) -> bool:
        return OF_A_KIND.search(self._before(candidate)) is not None

    def _is_nickname(self, candidate: Candidate) -> bool:
        """Return whether it is "the" and one word, the article small: "the Rock", an actor."""
        first = self._page.tokens[candidate.first]
        is_pair = count_words(candidate) == 2 and first.key in _ARTICLES
        return is_pair and not self._page.is_capital(candidate.first)

    def _is_listed(self, number: int, verdicts: Sequence[Verdict]) -> bool:
        """Return whether the candidate stands in a list beside another title."""
        candidate = self._candidates[number]
        form, kind = self._form(candidate), kind_of(self._page, candidate)
        if kind == "function" and form != "capitalised":
            return False
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
