"""Texts that say one thing in several ways.

"I [met|saw] her in [month]." is either verb and any month, drawn anew for every row. "{x}" is a
blank that a composer fills later.
"""

from __future__ import annotations

import calendar
import random
import re
from collections.abc import Mapping, Sequence
from functools import cache

_CHOICE = re.compile(r"\[([^\[\]]+)\]")
_PIECE = re.compile(r"(\[[^\[\]]+\]|\{\w+\})")

_LISTS: Mapping[str, Sequence[str]] = {
    "month": tuple(calendar.month_name)[1:],
    "day": tuple(calendar.day_name),
    "season": ("spring", "summer", "autumn", "winter"),
}


def spell(text: str, rng: random.Random) -> str:
    """Return the text with one wording drawn for each of its choices; blanks stay."""
    return _CHOICE.sub(lambda choice: rng.choice(_options(choice[1])), text)


@cache
def pattern_of(text: str) -> re.Pattern[str]:
    """Return what finds every spelling of a text, any words in its blanks, any case."""
    return re.compile("".join(map(_pattern, _PIECE.split(text))), re.IGNORECASE | re.DOTALL)


def _options(choice: str) -> Sequence[str]:
    return _LISTS.get(choice) or choice.split("|")


def _pattern(piece: str) -> str:
    if piece.startswith("["):
        return f"(?:{'|'.join(map(_pattern_of_option, _options(piece[1:-1])))})"
    return ".+?" if piece.startswith("{") else re.escape(piece)


def _pattern_of_option(option: str) -> str:
    return "".join(".+?" if p.startswith("{") else re.escape(p) for p in _PIECE.split(option))
