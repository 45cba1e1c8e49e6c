"""How a seeker writes, so that what is put in their mouth looks like the rest of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from builder.records import Message
from builder.settings import Strict, read_yaml
from builder.synthesis.seeker.speaker import straight

_START = re.compile(r"(?:^|[.!?]\s+|\n)[\"'(*]*([A-Za-z])")
_I = re.compile(r"\bi\b(?=[\s',?!;:)]|\.?(?:\s|$))", re.IGNORECASE)
_I_INSIDE = re.compile(rf"(?<=[\w,;:] ){_I.pattern}", re.IGNORECASE)


class _Hand(Strict):
    simple: list[str]


@dataclass(frozen=True, slots=True)
class Hand:
    """The seeker's way of writing.

    `lower` begins hardly a sentence with a capital letter, `pronoun` is how "I" is written where
    that is known, `simple` says or shows that English is not their own language.
    """

    lower: bool
    pronoun: Literal["i", "I", None]
    simple: bool

    @classmethod
    def of(cls, messages: Sequence[Message]) -> Hand:
        """Return how the seeker's own turns are written."""
        own = "\n".join(message.content for message in messages if message.role == "user")
        starts = _START.findall(own)
        pronouns = {found[0] for found in _I.finditer(own)}
        return cls(
            lower=sum(letter.islower() for letter in starts) * 2 > len(starts),
            pronoun=_only(pronouns),
            simple=bool(_simple().search(straight(own))),
        )

    def write(self, text: str) -> str:
        """Return the text with this hand's capitals."""
        if self.lower:
            return _I.sub(self.pronoun or "i", text.lower())
        return _I_INSIDE.sub("i", text) if self.pronoun == "i" else text


def _only(pronouns: set[str]) -> Literal["i", "I", None]:
    if len(pronouns) != 1:
        return None
    return "i" if "i" in pronouns else "I"


@cache
def _simple() -> re.Pattern[str]:
    patterns = read_yaml(Path(__file__).with_name("writing_style.yaml"), _Hand).simple
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.MULTILINE)
