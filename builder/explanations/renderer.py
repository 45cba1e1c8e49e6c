"""Reasons become words, here and nowhere else: lines that people read, clauses for a sentence.

The page, the annotators' tasks and `saferec show` print lines. Answers hold clauses, as in "I leave
out John Wick (2014): a dog dies". The phrases are in renderer.yaml.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field

from builder.errors import InputError
from builder.explanations.clauses import clause_of, distinct_clauses
from builder.records import Reason
from builder.settings import Strict, read_yaml
from builder.taxonomy import Category, Taxonomy

_N_NAMED = 2
"""Open questions that are named; all are counted."""
_QUOTE_CHARS = 160
_WHOLE_FROM = 10
"""A factor from here on is written without decimals."""

Entry = TypeVar("Entry")


class Phrases(Strict):
    """The words of renderer.yaml."""

    yes: str
    no: str
    similarity: str
    severity: str
    ceiling: str
    likelihood: str
    unanswered: str
    unrated: str
    base_rate: str
    quoted: str
    votes_on_warning: str
    votes_on_category: str
    more_likely: str
    less_likely: str
    levels: list[str]
    categories: dict[Category, str]
    and_: str = Field(alias="and")
    rating: str
    rated: str
    untold: str
    whether: str
    more_open: str


@cache
def read_phrases() -> Phrases:
    """Return the phrases that come with the project."""
    return read_yaml(Path(__file__).with_name("renderer.yaml"), Phrases)


class Renderer:
    """Puts reasons into words, with the questions and clauses of one taxonomy."""

    def __init__(self, taxonomy: Taxonomy, phrases: Phrases | None = None) -> None:
        """Take the words; `phrases` are those of the project where none are given."""
        self._taxonomy, self._phrases = taxonomy, phrases or read_phrases()

    def lines(self, trait: str, reasons: Iterable[Reason]) -> tuple[str, ...]:
        """Return one line for each reason of a verdict on a trait, in their order.

        Raises:
            InputError: If the taxonomy lacks the trait or a warning.
        """
        n_questions = len(_entry(self._taxonomy.traits, trait).warnings)
        return tuple(self._line(reason, n_questions) for reason in reasons)

    def why(self, reasons: Sequence[Reason]) -> str:
        """Return why a title goes against a wish, as clauses: its facts, else its ratings.

        Args:
            reasons: Those to be named, as builder/synthesis/answers/grounds.py chooses them.

        Raises:
            InputError: If the taxonomy lacks a warning.
        """
        phrases = self._phrases
        facts = [w for r in reasons if r.kind in ("yes", "similarity") for w in r.asked]
        if facts:
            return phrases.and_.join(self._clauses(facts))
        ratings = [
            phrases.rating.format(level=self._level(r), category=self._asked(r))
            for r in reasons
            if r.kind == "severity"
        ]
        return (
            phrases.rated.format(ratings=phrases.and_.join(ratings)) if ratings else phrases.untold
        )

    def whether(self, warnings: Sequence[str]) -> str:
        """Return what nobody has answered, as clauses with "whether"; "" where nothing is open.

        Args:
            warnings: Ids. The first that differ are named, all are counted.

        Raises:
            InputError: If the taxonomy lacks a warning.
        """
        phrases, distinct = self._phrases, dict.fromkeys(warnings)
        clauses = distinct_clauses(self._clauses(distinct))[:_N_NAMED]
        named = phrases.and_.join(phrases.whether.format(clause=clause) for clause in clauses)
        more = phrases.more_open.format(n=len(distinct)) if len(distinct) > len(clauses) else ""
        return f"{named}{more}"

    def _line(self, reason: Reason, n_questions: int) -> str:
        quote = _short(reason.quote)
        parts: dict[str, Any] = {
            "source": reason.source,
            "place": reason.place,
            "value": reason.value,
            "n": len(reason.asked),
            "n_questions": n_questions,
            "asked": self._asked(reason),
            "quote": quote,
            "quoted": self._phrases.quoted.format(quote=quote) if quote else "",
            "votes": self._votes(reason),
            "level": self._level(reason),
            "odds": self._odds(reason),
        }
        phrase: str = getattr(self._phrases, reason.kind)
        return phrase.format(**parts)

    def _asked(self, reason: Reason) -> str:
        if reason.kind in ("severity", "ceiling", "unrated"):
            return ", ".join(_entry(self._phrases.categories, c) for c in reason.asked)
        named = [_entry(self._taxonomy.warnings, w).question for w in reason.asked[:_N_NAMED]]
        return "; ".join([*named, "..."] if len(reason.asked) > _N_NAMED else named)

    def _votes(self, reason: Reason) -> str:
        if not reason.votes:
            return ""
        if reason.kind == "severity":
            n = reason.votes[int(reason.value or 0)]
            return self._phrases.votes_on_category.format(n=n, n_votes=sum(reason.votes))
        yes, no = reason.votes
        return self._phrases.votes_on_warning.format(yes=yes, no=no)

    def _level(self, reason: Reason) -> str:
        is_level = reason.kind in ("severity", "ceiling")
        return self._phrases.levels[int(reason.value or 0)] if is_level else ""

    def _odds(self, reason: Reason) -> str:
        """Return by which factor texts move the odds: "2.5 times the usual"."""
        if reason.kind != "likelihood" or reason.value is None:
            return ""
        factor = math.exp(abs(reason.value))
        shown = f"{factor:.1f}" if factor < _WHOLE_FROM else f"{factor:.0f}"
        more, less = self._phrases.more_likely, self._phrases.less_likely
        return (more if reason.value >= 0 else less).format(factor=shown)

    def _clauses(self, warnings: Iterable[str]) -> list[str]:
        return [clause_of(_entry(self._taxonomy.warnings, w)) for w in dict.fromkeys(warnings)]


def _entry(entries: Mapping[Any, Entry], name: str) -> Entry:
    if name not in entries:
        raise InputError(
            "the taxonomy",
            f"has no {name!r}, which an oracle refers to",
            "run `dvc repro` to rebuild the oracles",
        )
    return entries[name]


def _short(quote: str) -> str:
    return quote if len(quote) <= _QUOTE_CHARS else f"{quote[: _QUOTE_CHARS - 1].rstrip()}…"
