"""The styles in which a constraint is said, and what each means for the answer.

| style | how it is said | for the answer |
| --- | --- | --- |
| stated, reasoned | outright, without or with a reason | holds |
| life_story | a piece of life alone, the thing never named | holds |
| across | hinted at in one message, completed in a later one, never named | holds |
| household | for another person who is there, against another's wish | holds for the whole list |
| contradicted | first "leave nothing out for it", later "no, do": the last word counts | holds |
| weakened | a preference that bends: the known cases go, doubtful ones may stay | bends |
| negated | "I used to mind, not any more" | void: nothing is left out |
| retracted | said outright, then taken back | void: nothing is left out |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Style = Literal[
    "stated",
    "reasoned",
    "life_story",
    "across",
    "household",
    "contradicted",
    "weakened",
    "negated",
    "retracted",
]
STYLES: tuple[Style, ...] = get_args(Style)

WITHOUT = "without"
"""The variant of a set to which no constraint is added."""

CUE = "cue"
"""The variant whose constraint is what the seeker has written themselves."""

Force = Literal["holds", "bends", "void"]

_OTHERS: Mapping[str, Force] = {"weakened": "bends", "negated": "void", "retracted": "void"}

TWO_PARTS: frozenset[Style] = frozenset({"across", "contradicted", "retracted"})
"""Styles of two messages: `Constraint.earlier` is the text in the first."""

IMPLICIT: frozenset[Style] = frozenset({"life_story", "across"})
"""Styles that never name the thing."""


def force_of(style: str) -> Force:
    """Return what a style means for the answer; a cue in the seeker's own words holds."""
    return _OTHERS.get(style, "holds")
