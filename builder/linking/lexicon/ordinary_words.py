"""Ordinary English words that are titles too: "It", "Heat", "Carrie"; from ordinary_words.yaml.

Without its year, such a title needs signals, see `builder.linking.signals.signals`.
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
"""Words so frequent that a capital letter means nothing."""

COMMON_WORDS: frozenset[str] = frozenset(_WORDS.common.split())
"""Words of everyday sentences."""

NAMES: frozenset[str] = frozenset(_WORDS.names.split())
"""First names, places, months and numbers, which are capitalised anyway."""

WORDS_WITHIN: frozenset[str] = frozenset(_WORDS.within.split())
"""Words in lower case within a capitalised title."""

WORDS_LEADING: frozenset[str] = frozenset(_WORDS.leading.split())
"""Words before a title that a capital letter makes look like part of it: "Watch Heat (1995)"."""

PHRASES: frozenset[str] = frozenset(_WORDS.phrases)
"""Everyday phrases that are also titles: "Good Morning"."""

_ORDINARY = FUNCTION_WORDS | COMMON_WORDS | NAMES
_SHORT = 3  # characters; words up to this length are always ordinary


def is_rare(words: Collection[str]) -> bool:
    """Return whether one of the words is not short, not a name, and not an everyday word."""
    return any(not (w in _ORDINARY or w.isdigit() or len(w) <= _SHORT) for w in words)
