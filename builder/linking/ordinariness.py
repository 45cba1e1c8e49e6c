"""How ordinary the words of a title are: what sentences are made of, names, or rare."""

from __future__ import annotations

import re
from typing import Literal

from builder.linking.candidates import Candidate
from builder.linking.common_words import COMMON_WORDS, FUNCTION_WORDS, NAMES, PHRASES
from builder.linking.page import Page

Ordinariness = Literal["rare", "common", "name", "function"]

LIGHT = frozenset(
    {"a", "an", "the", "of", "and", "in", "on", "to", "for", "with", "at", "by", "from", "or", "as"}
    | {"vs", "s"}
)
"""Words that a title may write small."""
_ORDINARY = FUNCTION_WORDS | COMMON_WORDS | NAMES
_ABBREVIATIONS = frozenset({"p s", "u s", "u k", "a m", "p m", "e g", "i e"})
_SHORT = 3  # characters; shorter words are ordinary whatever they are


def kind_of(page: Page, candidate: Candidate) -> Ordinariness:
    """Return how ordinary the words of a title are, articles and prepositions aside."""
    words = [word for word in (candidate.key or "").split() if word not in LIGHT]
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


def count_words(candidate: Candidate) -> int:
    """Return how many words a title has."""
    return len((candidate.key or "").split())
