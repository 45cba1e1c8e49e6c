"""What a conversation says of the person who seeks, so that nothing put in their mouth clashes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from builder.records import Message
from builder.settings import Strict, read_yaml

_WORD = re.compile(r"[a-z']+")
_OTHERS = re.compile(r"\b(?:we|us|our|she|he|her|him|his|date)\b")
_BESIDE = re.compile(
    r"\b(?:with|for|me and) (my (?:best friend|\w+(?: in law)?))\b|"
    r"\b(my (?:best friend|\w+(?: in law)?)) and (?:i|me)\b"
)


class _Speaker(Strict):
    needs: dict[str, str]
    people: list[list[str]]
    creatures: list[list[str]]


@cache
def _file() -> _Speaker:
    return read_yaml(Path(__file__).with_name("speaker.yaml"), _Speaker)


@cache
def _known() -> tuple[dict[str, re.Pattern[str]], dict[str, int]]:
    """Return the pattern that speaks against each need, and the family of each word."""
    file = _file()
    patterns = {need: re.compile(pattern) for need, pattern in file.needs.items()}
    families = [*file.people, *file.creatures]
    return patterns, {word: n for n, family in enumerate(families) for word in family}


def _n_people() -> int:
    return len(_file().people)


def straight(text: str) -> str:
    """Return the text in lower case with straight quotes, as patterns expect it."""
    return text.lower().replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, contractions whole, possessives without 's."""
    return tuple(word.removesuffix("'s") for word in _WORD.findall(straight(text)))


def families_in(text: str) -> frozenset[int]:
    """Return the families of people and animals that a text speaks of."""
    _, family_by_word = _known()
    words = words_of(text)
    pairs = (" ".join(pair) for pair in pairwise(words))
    found = (family_by_word.get(word) for word in (*words, *pairs))
    return frozenset(n for n in found if n is not None)


@dataclass(frozen=True, slots=True)
class Speaker:
    """The seeker of one conversation.

    `beside` holds those named as company ("my wife"), `names_others` whether any person
    is spoken of or a "we" speaks.
    """

    ruled_out: frozenset[str]
    families: frozenset[int]
    beside: tuple[str, ...]
    names_others: bool

    @classmethod
    def of(cls, messages: Sequence[Message]) -> Speaker:
        """Return what the seeker's own turns say of them."""
        own = "\n".join(message.content for message in messages if message.role == "user")
        patterns, _ = _known()
        text = straight(own)
        ruled_out = frozenset(need for need, p in patterns.items() if p.search(text))
        families = families_in(own)
        beside = tuple(m[1] or m[2] for m in _BESIDE.finditer(text))
        names_others = any(family < _n_people() for family in families) or bool(
            _OTHERS.search(text)
        )
        return cls(ruled_out, families, beside, names_others)

    def may_say(self, text: str, needs: Iterable[str] = ()) -> bool:
        """Return whether a phrase contradicts nothing that is known of the seeker."""
        fits = self.ruled_out.isdisjoint(needs)
        return fits and self.families.isdisjoint(families_in(text))
