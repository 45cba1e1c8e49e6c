"""Other ways of writing a title: numbers in words and figures, "vs", abbreviations, series.

A spelling that we derive is an alias only if no item has it as its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from builder.linking.lexicon.ordinary_words import is_rare
from builder.settings import Strict, read_yaml
from builder.titles import title_key


class _Abbreviations(Strict):
    titles: dict[str, str]
    series: dict[str, str]


_ABBREVIATIONS = read_yaml(Path(__file__).with_name("abbreviations.yaml"), _Abbreviations)

TITLE_BY_ABBREVIATION: Mapping[str, str] = _ABBREVIATIONS.titles
SERIES_BY_ABBREVIATION: Mapping[str, str] = _ABBREVIATIONS.series

_NUMBERS = (
    *(("2", "ii", "two"), ("3", "iii", "three"), ("4", "iv", "four"), ("5", "v", "five")),
    *(("6", "vi", "six"), ("7", "vii", "seven"), ("8", "viii", "eight"), ("9", "ix", "nine")),
    *(
        ("10", "x", "ten"),
        ("11", "xi", "eleven"),
        ("12", "xii", "twelve"),
        ("13", "xiii", "thirteen"),
    ),
)
_FORMS = {form: forms for forms in _NUMBERS for form in forms}
_VERSUS = ("vs", "v", "versus")
_SUBTITLE = re.compile(r":\s+(?P<rest>[^:]+)$")
_ORDINALS = {"first": 1, "1st": 1, "original": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3}


def spellings(key: str) -> Iterator[str]:
    """Yield other spellings of a title key: one number or one "vs" written differently.

    A number at the beginning stays: "Three Kings" is not called "3 Kings".
    """
    words = key.split()
    for place, word in enumerate(words[1:], start=1):
        is_inside = place + 1 < len(words)
        forms = _VERSUS if word in _VERSUS and is_inside else _FORMS.get(word, ())
        for form in forms:
            if form != word:
                yield " ".join([*words[:place], form, *words[place + 1 :]])


def subtitle_of(title: str) -> str | None:
    """Return the key of "Hobbs & Shaw" for "Fast & Furious Presents: Hobbs & Shaw".

    None if nothing follows a colon, or only everyday words do: "The Movie".
    """
    match = _SUBTITLE.search(title)
    key = title_key(match["rest"]) if match else ""
    return key if is_rare(key.split()) else None


def number_of(ordinal: str) -> int | None:
    """Return 2 for "second"; None for a word that is not an ordinal."""
    return _ORDINALS.get(ordinal)


def numbered(key: str, number: int) -> Iterable[str]:
    """Return the keys that part `number` of a series may have; part 1 has the series' key."""
    if number == 1:
        return (key,)
    forms = _FORMS[str(number)]
    return (*(f"{key} {form}" for form in forms), *(f"{key} part {form}" for form in forms))
