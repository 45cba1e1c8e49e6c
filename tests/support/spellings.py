"""Recognises the texts that builder/synthesis/offline/choices.py spells."""

from __future__ import annotations

import re
from functools import cache

from builder.synthesis.offline.choices import options_of

_PIECE = re.compile(r"(\[[^\[\]]+\]|\{\w+\})")


@cache
def pattern_of(text: str) -> re.Pattern[str]:
    """Return what finds every spelling of a text, any words in its blanks, any case."""
    return re.compile("".join(map(_pattern, _PIECE.split(text))), re.IGNORECASE | re.DOTALL)


def _pattern(piece: str) -> str:
    if piece.startswith("["):
        return f"(?:{'|'.join(map(_pattern_of_option, options_of(piece[1:-1])))})"
    return ".+?" if piece.startswith("{") else re.escape(piece)


def _pattern_of_option(option: str) -> str:
    return "".join(".+?" if p.startswith("{") else re.escape(p) for p in _PIECE.split(option))
