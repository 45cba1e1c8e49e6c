"""A seeker's writing style, so that what is written for them looks like the rest."""

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


class _WritingStyleFile(Strict):
    simple: list[str]


@dataclass(frozen=True, slots=True)
class WritingStyle:
    """How the seeker writes.

    Attributes:
        lower: They begin few sentences with a capital letter.
        pronoun: How they write "I"; None if unknown.
        simple: They say or show that English is not their first language.
    """

    lower: bool
    pronoun: Literal["i", "I", None]
    simple: bool

    @classmethod
    def of(cls, messages: Sequence[Message]) -> WritingStyle:
        """Return the style of the seeker's own turns."""
        text = "\n".join(message.content for message in messages if message.role == "user")
        starts = _START.findall(text)
        pronouns = {match[0] for match in _I.finditer(text)}
        return cls(
            lower=sum(letter.islower() for letter in starts) * 2 > len(starts),
            pronoun=_only(pronouns),
            simple=bool(_simple().search(straight(text))),
        )

    def write(self, text: str) -> str:
        """Return the text with this style's capitals."""
        if self.lower:
            return _I.sub(self.pronoun or "i", text.lower())
        return _I_INSIDE.sub("i", text) if self.pronoun == "i" else text


def _only(pronouns: set[str]) -> Literal["i", "I", None]:
    if len(pronouns) != 1:
        return None
    return "i" if "i" in pronouns else "I"


@cache
def _simple() -> re.Pattern[str]:
    patterns = read_yaml(Path(__file__).with_name("writing_style.yaml"), _WritingStyleFile).simple
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.MULTILINE)
