"""How common the words of a title are: words of everyday sentences, names, or rare words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from builder.linking.candidates.mention_candidates import Candidate
from builder.linking.candidates.turn_text import TurnText
from builder.linking.lexicon.ordinary_words import FUNCTION_WORDS, NAMES, PHRASES, is_rare

Commonness = Literal["rare", "common", "name", "function"]

LIGHT = frozenset(
    {"a", "an", "the", "of", "and", "in", "on", "to", "for", "with", "at", "by", "from", "or", "as"}
    | {"vs", "s"}
)
"""Words that may be written in lower case within a title."""
_INITIALS = re.compile(r"(?:\w\.){2}")  # "E.T."
_ABBREVIATIONS = frozenset({"p s", "u s", "u k", "a m", "p m", "e g", "i e"})


def kind_of(turn_text: TurnText, candidate: Candidate) -> Commonness:
    """Return how common the words of a title are, apart from articles and prepositions."""
    is_initials = _INITIALS.match(turn_text.text, candidate.start, candidate.end) is not None
    return _kind_of_key(candidate.key or "", is_initials and candidate.key not in _ABBREVIATIONS)


@lru_cache(maxsize=1 << 16)  # called several times per mention
def _kind_of_key(key: str, is_initials: bool) -> Commonness:
    words = [word for word in key.split() if word not in LIGHT] or key.split()
    is_numbered = 0 < sum(word.isdigit() for word in words) < len(words)  # "Portal 2"
    if is_numbered or is_initials:
        return "rare"
    if key in PHRASES or all(word in FUNCTION_WORDS or word.isdigit() for word in words):
        return "function"
    if all(word in NAMES for word in words):
        return "name"
    return "rare" if is_rare(words) else "common"


def count_words(candidate: Candidate) -> int:
    """Return how many words a title has."""
    return len((candidate.key or "").split())


def count_heavy(candidate: Candidate) -> int:
    """Return how many words a title has, apart from articles and prepositions; at least 1."""
    return max(1, sum(word not in LIGHT for word in (candidate.key or "").split()))


def is_person(candidate: Candidate) -> bool:
    """Return whether a title has the form of a person's name: "Emma Stone", "Jerry Maguire"."""
    words = (candidate.key or "").split()
    return len(words) == 2 and words[0] in NAMES
