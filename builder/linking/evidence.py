"""Whether words that spell a title are meant as one.

With its year a title is one. Without, it needs evidence: quotation marks, italics or a line of its
own; capital letters where they say something; a list of titles around it; "watched" before it. The
more ordinary its words are, the more it takes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from builder.linking.candidates import Candidate
from builder.linking.common_words import COMMON_WORDS, FUNCTION_WORDS, NAMES, PHRASES
from builder.linking.page import Page
from builder.linking.title_cues import (
    BREAK_BEFORE,
    BREAK_BEHIND,
    GOES_ON,
    GOING_ON,
    NAMING,
    NAMING_PEOPLE,
    NEWER,
    NUMBERED,
    OF_A_KIND,
    PRAISED,
    QUOTE_BEFORE,
    QUOTE_BEHIND,
    SUBTITLE,
    WHEN_SEEN,
)

Ordinariness = Literal["rare", "common", "name", "function"]
Form = Literal["capitalised", "initial", "lower"]
Verdict = Literal[
    "meant", "perhaps", "common word", "lower case", "longer title", "another version", "no mention"
]

_LIGHT = frozenset(
    {"a", "an", "the", "of", "and", "in", "on", "to", "for", "with", "at", "by", "from", "or", "as"}
    | {"vs", "s"}
)
_ARTICLES = frozenset({"a", "an", "the"})
_ORDINARY = FUNCTION_WORDS | COMMON_WORDS | NAMES
_ABBREVIATIONS = frozenset({"p s", "u s", "u k", "a m", "p m", "e g", "i e"})
_SHORT = 3  # characters; shorter words are ordinary whatever they are
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
        self._by_first = {found.first: found for found in candidates}

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
            kind=_kind(self._page, candidate),
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
        form, kind = self._form(candidate), _kind(self._page, candidate)
        if form != "lower" and not candidate.is_part and NEWER.search(self._before(candidate)):
            return "another version"
        if self._page.is_set_apart(candidate.start, candidate.end):
            return self._as_set_apart(candidate, is_plain=kind == "function" and form == "lower")
        if form == "lower":
            return self._in_lower_case(candidate, kind)
        if form == "capitalised" or kind == "rare":
            if self._is_other_version(candidate):
                return "another version"
            if self._is_longer(candidate):
                return "longer title"
        if kind == "rare":
            return "meant"
        if self._needs_naming(candidate):
            is_named = candidate.key in self._known or self._is_named(candidate)
            is_large = form == "capitalised" or self._is_praised(candidate)
            return "meant" if is_large and is_named else "perhaps"
        is_plain = form == "capitalised" or _n_words(candidate) >= _MANY_WORDS
        return "meant" if is_plain else "perhaps"

    def _as_set_apart(self, candidate: Candidate, *, is_plain: bool) -> Verdict:
        if self._is_within_name(candidate):
            return "longer title"
        return "no mention" if is_plain else "meant"

    def _in_lower_case(self, candidate: Candidate, kind: Ordinariness) -> Verdict:
        """Judge words without capitals: long ones, or rare ones where the line has none at all."""
        if _n_words(candidate) >= _MANY_WORDS:
            return "meant"
        if kind == "function" or self._is_of_a_kind(candidate):
            return "no mention"
        if self._is_longer(candidate) or self._is_other_version(candidate):
            return "no mention"
        is_known = candidate.key in self._known
        if is_known and _n_words(candidate) > 1:
            return "meant"
        stands_out = self._is_named(candidate) or self._is_segment(candidate)
        if _n_words(candidate) == 1 or kind != "rare":
            is_heard = stands_out if kind == "rare" else self._is_named(candidate)
            return "lower case" if is_heard or is_known else "no mention"
        is_title = stands_out or not self._page.has_capitals(candidate.start)
        return "meant" if is_title else "lower case"

    def _settled(self, candidate: Candidate, verdict: Verdict) -> Verdict:
        if verdict != "perhaps":
            return verdict
        if _n_words(candidate) == 1 and self._form(candidate) == "initial":
            return "no mention"
        return "common word"

    def _form(self, candidate: Candidate) -> Form:
        page, places = self._page, range(candidate.first, candidate.last)
        heavy = [i for i in places if page.tokens[i].key not in _LIGHT] or list(places)
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
        is_name = _kind(self._page, candidate) == "name"
        return (NAMING_PEOPLE if is_name else NAMING).search(self._before(candidate)) is not None

    def _is_praised(self, candidate: Candidate) -> bool:
        """Return whether it is said to be a film or a game: "Hush is a great thriller"."""
        is_pronoun = _kind(self._page, candidate) == "function"
        return not is_pronoun and PRAISED.match(self._page.text, candidate.end) is not None

    def _needs_naming(self, candidate: Candidate) -> bool:
        is_phrase = (candidate.key or "") in PHRASES
        return is_phrase or _n_words(candidate) == 1 or self._is_nickname(candidate)

    def _closes(self, candidate: Candidate) -> bool:
        text, end = self._page.text, candidate.end
        return (BREAK_BEHIND.match(text, end) or WHEN_SEEN.match(text, end)) is not None

    def _is_segment(self, candidate: Candidate) -> bool:
        """Return whether commas, points or "and" stand on both sides."""
        opens = self._page.opens_sentence(candidate.first) or BREAK_BEFORE.search(
            self._before(candidate)
        )
        return bool(opens) and BREAK_BEHIND.match(self._page.text, candidate.end) is not None

    def _is_of_a_kind(self, candidate: Candidate) -> bool:
        return OF_A_KIND.search(self._before(candidate)) is not None

    def _is_nickname(self, candidate: Candidate) -> bool:
        """Return whether it is "the" and one word, the article small: "the Rock", an actor."""
        first = self._page.tokens[candidate.first]
        is_pair = _n_words(candidate) == 2 and first.key in _ARTICLES
        return is_pair and not self._page.is_capital(candidate.first)

    def _is_within_name(self, candidate: Candidate) -> bool:
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

    def _is_other_version(self, candidate: Candidate) -> bool:
        """Return whether a sequel, a remake or the whole series of that name is meant."""
        return NUMBERED.match(self._page.text, candidate.title_end) is not None

    def _is_longer(self, candidate: Candidate) -> bool:
        """Return whether the words are a part of a longer name."""
        page, behind = self._page, self._page.text[candidate.title_end :]
        if _has_subtitle(behind):
            return True
        if candidate.last < len(page.tokens) and GOES_ON.match(behind):
            following = page.tokens[candidate.last].key
            other = self._by_first.get(candidate.last)
            is_title = other is not None and _kind(page, other) == "rare"
            if other is not None and _n_words(other) == _n_words(candidate) == 1:
                is_title = other.year is not None  # "Kill Bill"
            is_sentence = (
                following in FUNCTION_WORDS - GOING_ON
                and behind.startswith(" ")
                and not self._opens_title(candidate.last)
            )
            if not (is_title or is_sentence):
                return True
        return self._is_preceded(candidate)

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
        is_name = _n_words(before) == _n_words(candidate) == 1 and before.year is None
        return not is_name or self._page.gap(candidate.first) != " "

    def _is_listed(self, number: int, verdicts: Sequence[Verdict]) -> bool:
        """Return whether the candidate stands in a list beside another title."""
        candidate = self._candidates[number]
        form, kind = self._form(candidate), _kind(self._page, candidate)
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


def _has_subtitle(behind: str) -> bool:
    """Return whether a colon and a title follow: at least two capitals, or nothing but them."""
    match = SUBTITLE.match(behind)
    if match is None:
        return False
    words = match["rest"].split()
    run = list(takewhile(lambda word: not word[0].islower() or word in _LIGHT, words))
    return len(run) == len(words) or sum(not word[0].islower() for word in run) >= 2


def _kind(page: Page, candidate: Candidate) -> Ordinariness:
    """Return how ordinary the words of a title are, articles and prepositions aside."""
    words = [word for word in (candidate.key or "").split() if word not in _LIGHT]
    words = words or (candidate.key or "").split()
    is_numbered = 0 < sum(word.isdigit() for word in words) < len(words)  # "Portal 2"
    is_initials = re.match(r"(?:\w\.){2}", page.text[candidate.start : candidate.end])  # "E.T."
    if is_numbered or (is_initials and candidate.key not in _ABBREVIATIONS):
        return "rare"
    is_phrase = (candidate.key or "") in PHRASES
    if is_phrase or all(word in FUNCTION_WORDS or word.isdigit() for word in words):
        return "function"
    if all(word in NAMES for word in words):
        return "name"
    is_ordinary = all(w in _ORDINARY or w.isdigit() or len(w) <= _SHORT for w in words)
    return "common" if is_ordinary else "rare"


def _n_words(candidate: Candidate) -> int:
    return len((candidate.key or "").split())
