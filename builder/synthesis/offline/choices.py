"""Templates that say one thing in several ways.

"I [met|saw] her in [month]." has either verb and any month, drawn for every row. "{x}" is a blank
that is filled in later.
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
    """Return the text with one option drawn for each of its choices; blanks stay."""
    return _CHOICE.sub(lambda choice: rng.choice(options_of(choice[1])), text)


def options_of(choice: str) -> Sequence[str]:
    """Return the options of a choice: those of a named list, or its own."""
    return _LISTS.get(choice) or choice.split("|")
