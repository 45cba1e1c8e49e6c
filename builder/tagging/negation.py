"""Whether a sentence denies what it speaks of: "nobody dies", "never shows the torture"."""

from __future__ import annotations

import re
from collections.abc import Collection

from builder.taxonomy import ContentWarning

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
_CUES = frozenset({"no", "not", "never", "nobody", "none", "without", "neither", "nor", "cannot"})
_REACH = 3
"""Words after a cue within which it still denies; longer reaches took in other clauses."""

_DOUBLE = frozenset(
    _WORD.findall(
        "save stop stops prevent help avoid escape protect survive resist forget keep only just "
        "longer matter idea choice know knowing realise realize until before"
    )
)
"""Words that turn the denial around or end it: "could not save the dog", "not only kills"."""

_EMPTY = frozenset(
    _WORD.findall(
        "a an and any appears are as at by be being does for from have has in into is it its of on "
        "one or part person people scene scenes shown someone story that the their them there to "
        "who with another other otherwise such than because while onto over out up get gets"
    )
)


def content_words(warning: ContentWarning) -> frozenset[str]:
    """Return the words that say what a warning is about."""
    said = " ".join([warning.question, *warning.keywords])
    return frozenset(_WORD.findall(said.lower())) - _EMPTY


def may_deny(sentence: str) -> bool:
    """Return whether the sentence holds a word that could deny anything."""
    return any(_is_cue(word) for word in _WORD.findall(sentence.lower()))


def is_negated(sentence: str, about: Collection[str]) -> bool:
    """Return whether one of the words stands within reach of a denial.

    Args:
        sentence: Any case.
        about: Lower-case words, see `content_words`; "die" also stands for "dies" and "died".
    """
    words = _WORD.findall(sentence.lower())
    for position, word in enumerate(words):
        if not _is_cue(word):
            continue
        for following in words[position + 1 : position + 1 + _REACH]:
            if following in _DOUBLE:
                break
            if any(_same_word(following, other) for other in about):
                return True
    return False


def _is_cue(word: str) -> bool:
    return word in _CUES or word.endswith(("n't", "n’t"))


def _same_word(one: str, other: str) -> bool:
    shared = max(3, min(len(one), len(other)) - 1)
    return abs(len(one) - len(other)) <= 3 and one[:shared] == other[:shared]
