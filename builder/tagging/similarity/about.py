"""The content words of a warning, and whether a word matches one of them."""

from __future__ import annotations

import re
from collections.abc import Collection

from builder.taxonomy import ContentWarning

WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
"""A word of a text in lower case."""

_EMPTY = frozenset(
    WORD.findall(
        "a an and any appears are as at by be being does for from have has in into is it its of on "
        "one or part person people scene scenes shown someone story that the their them there to "
        "who with another other otherwise such than because while onto over out up get gets"
    )
)


def content_words(warning: ContentWarning) -> frozenset[str]:
    """Return the words that say what a warning is about, in lower case."""
    text = " ".join([warning.question, *warning.keywords])
    return frozenset(WORD.findall(text.lower())) - _EMPTY


def is_empty(word: str) -> bool:
    """Return whether a word means nothing by itself."""
    return word in _EMPTY


def is_about(word: str, about: Collection[str]) -> bool:
    """Return whether a word equals one of the others, endings aside: "die" is "dies" and "died"."""
    return any(_same_word(word, other) for other in about)


def _same_word(one: str, other: str) -> bool:
    shared = max(3, min(len(one), len(other)) - 1)
    return abs(len(one) - len(other)) <= 3 and one[:shared] == other[:shared]
