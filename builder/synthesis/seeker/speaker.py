"""What a conversation says about the seeker, so that nothing written for them contradicts it."""

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
def _patterns_and_families() -> tuple[dict[str, re.Pattern[str]], dict[str, int]]:
    """Return the pattern that rules out each need, and the family of each word."""
    file = _file()
    patterns = {need: re.compile(pattern) for need, pattern in file.needs.items()}
    families = [*file.people, *file.creatures]
    return patterns, {word: n for n, family in enumerate(families) for word in family}


def _n_people() -> int:
    return len(_file().people)


def straight(text: str) -> str:
    """Return the text in lower case with straight quotes, as the patterns expect."""
    return text.lower().replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, contractions whole, possessives without 's."""
    return tuple(word.removesuffix("'s") for word in _WORD.findall(straight(text)))


def families_in(text: str) -> frozenset[int]:
    """Return the families of words for people and animals that a text uses."""
    _, family_by_word = _patterns_and_families()
    words = words_of(text)
    pairs = (" ".join(pair) for pair in pairwise(words))
    families = (family_by_word.get(word) for word in (*words, *pairs))
    return frozenset(n for n in families if n is not None)


@dataclass(frozen=True, slots=True)
class Speaker:
    """The seeker of one conversation.

    Attributes:
        ruled_out: Needs that they do not meet.
        families: Of people and animals that they mention.
        beside: Whom they name as company ("my wife").
        names_others: They mention another person, or say "we".
    """

    ruled_out: frozenset[str]
    families: frozenset[int]
    beside: tuple[str, ...]
    names_others: bool

    @classmethod
    def of(cls, messages: Sequence[Message]) -> Speaker:
        """Return what the seeker's own turns say about them."""
        text = "\n".join(message.content for message in messages if message.role == "user")
        patterns, _ = _patterns_and_families()
        lowered = straight(text)
        ruled_out = frozenset(need for need, p in patterns.items() if p.search(lowered))
        families = families_in(text)
        beside = tuple(m[1] or m[2] for m in _BESIDE.finditer(lowered))
        names_others = any(family < _n_people() for family in families) or bool(
            _OTHERS.search(lowered)
        )
        return cls(ruled_out, families, beside, names_others)

    def may_say(self, text: str, needs: Iterable[str] = ()) -> bool:
        """Return whether a phrase contradicts nothing that is known about the seeker."""
        fits = self.ruled_out.isdisjoint(needs)
        return fits and self.families.isdisjoint(families_in(text))
