"""Running text as one line of title keys, each character with its offset in the text.

Does to megabytes what `builder.titles.title_key` does to a title: no case, accents or punctuation,
one space around each word.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from builder.titles import title_key

_SPACE = 32
_APOSTROPHE = ord("'")
_PLAIN = bytes(
    ord(chr(c).lower()) if chr(c).isalnum() and c < 128 else _APOSTROPHE if c == _APOSTROPHE else 32
    for c in range(256)
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text.

    Attributes:
        data: UTF-8 bytes, with a space at both ends.
        place: Offset in the text of each byte; an inserted space has the offset of what follows.
    """

    data: NDArray[np.uint8]
    place: NDArray[np.int64]


def fold(text: str) -> Folded:
    """Return the folded text."""
    if text.isascii() and "&" not in text:
        data = np.frombuffer(text.encode("ascii").translate(_PLAIN), dtype=np.uint8)
        return _tidied(data, None)
    keys = [_folded_letter(letter) for letter in text]
    data = np.frombuffer("".join(keys).encode("utf-8"), dtype=np.uint8)
    sizes = np.fromiter((len(key.encode("utf-8")) for key in keys), dtype=np.int64, count=len(keys))
    return _tidied(data, np.repeat(np.arange(len(text)), sizes))


def _tidied(data: NDArray[np.uint8], place: NDArray[np.int64] | None) -> Folded:
    """Return the bytes without apostrophes, with single spaces and one at each end."""
    at = np.flatnonzero(data != _APOSTROPHE)
    is_space = data[at] == _SPACE
    kept = ~is_space
    kept[1:] |= ~is_space[:-1]  # the first of several spaces
    kept[:1] &= ~is_space[:1]
    at = at[kept]
    if len(at) and data[at[-1]] == _SPACE:
        at = at[:-1]
    n_bytes = len(at)
    folded = np.full(n_bytes + 2, _SPACE, dtype=np.uint8)
    folded[1:-1] = data[at]
    positions = at if place is None else place[at]
    places = np.empty(n_bytes + 2, dtype=np.int64)
    places[1:-1] = positions
    places[0] = positions[0] if n_bytes else 0
    places[-1] = positions[-1] + 1 if n_bytes else 0
    return Folded(folded, places)


@cache
def _folded_letter(letter: str) -> str:
    if letter in "'’":
        return "'"
    if letter == "&":
        return " and "
    return title_key(letter) or ("" if _is_mark(letter) else " ")


def _is_mark(letter: str) -> bool:
    return title_key(f"a{letter}a") == "aa"
