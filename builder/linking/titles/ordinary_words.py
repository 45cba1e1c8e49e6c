"""Ordinary English words that are titles as well: "It", "Heat", "Carrie", from a YAML beside.

Such a title without its year needs evidence of being one, see `builder.linking.signals.signals`.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from builder.settings import Strict, read_yaml


class _OrdinaryWords(Strict):
    function: str
    common: str
    names: str
    within: str
    leading: str
    phrases: list[str]


_WORDS = read_yaml(Path(__file__).with_name("ordinary_words.yaml"), _OrdinaryWords)

FUNCTION_WORDS: frozenset[str] = frozenset(_WORDS.function.split())
"""Words so frequent that a capital letter says nothing."""

COMMON_WORDS: frozenset[str] = frozenset(_WORDS.common.split())
"""Words that sentences are made of."""

NAMES: frozenset[str] = frozenset(_WORDS.names.split())
"""First names, places, months and numbers, which have a capital letter anyway."""

WORDS_WITHIN: frozenset[str] = frozenset(_WORDS.within.split())
"""Small words within a title that is written with capitals."""

WORDS_LEADING: frozenset[str] = frozenset(_WORDS.leading.split())
"""Words before a title that a capital letter may have joined to it: "Watch Heat (1995)"."""

PHRASES: frozenset[str] = frozenset(_WORDS.phrases)
"""What everybody says and some film is called: "Good Morning"."""

_ORDINARY = FUNCTION_WORDS | COMMON_WORDS | NAMES
_SHORT = 3  # characters; words of no more are ordinary whatever they are


def is_rare(words: Collection[str]) -> bool:
    """Return whether one of the words is no name, not short, and not what sentences are made of."""
    return any(not (w in _ORDINARY or w.isdigit() or len(w) <= _SHORT) for w in words)
