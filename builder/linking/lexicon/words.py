"""Running text as the words that title keys are made of, each with its offset in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from builder.titles import title_key

_UNSEEN = r"'’\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"  # do not end a word
_WORD = re.compile(rf"\w+(?:[{_UNSEEN}]+\w+)*|&")
_POSSESSIVE = re.compile(r"['’][sS]$")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text.

    Attributes:
        key: As in `builder.titles.title_key`.
        start: Offset of the word.
        end: Offset after the word.
        owner_key: The key of "Alien" if the text has "Alien's"; else the same as `key`.
        owner_end: Likewise.
    """

    key: str
    start: int
    end: int
    owner_key: str
    owner_end: int


def tokenise(text: str) -> list[Token]:
    """Return the words of a text in order; their keys joined by spaces are its title key."""
    tokens = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        owner = _POSSESSIVE.sub("", match[0])
        keys, owner_keys = title_key(match[0]).split(), title_key(owner).split()
        for key in keys[:-1]:
            tokens.append(Token(key, start, end, key, end))
        if keys:
            owner_key = owner_keys[-1] if owner_keys else keys[-1]
            tokens.append(Token(keys[-1], start, end, owner_key, start + len(owner)))
    return tokens
