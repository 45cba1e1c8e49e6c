"""Texts that say one thing in several ways.

"I [met|saw] her in [month]." is either verb and any month, drawn anew for every row. "{x}" is a
blank that a composer fills later.
"""

from __future__ import annotations

import calendar
import random
import re
from collections.abc import Mapping, Sequence

_CHOICE = re.compile(r"\[([^\[\]]+)\]")

_LISTS: Mapping[str, Sequence[str]] = {
    "month": tuple(calendar.month_name)[1:],
    "day": tuple(calendar.day_name),
    "season": ("spring", "summer", "autumn", "winter"),
}


def spell(text: str, rng: random.Random) -> str:
    """Return the text with one wording drawn for each of its choices; blanks stay."""
    return _CHOICE.sub(lambda choice: rng.choice(options_of(choice[1])), text)


def options_of(choice: str) -> Sequence[str]:
    """Return the wordings between which a choice is: those of a list, or its own."""
    return _LISTS.get(choice) or choice.split("|")
