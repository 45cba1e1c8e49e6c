"""Where a text names people or ways to reach them: user names, addresses, numbers, names.

A regular expression says quickly that most texts hold nothing of the kind. Numbers that look like a
telephone's and are of no form known here are put before Presidio's recogniser, which knows the
forms of many countries (https://microsoft.github.io/presidio/); importing it takes seconds, so it
is only imported when such a number turns up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from builder.dialogs.privacy.known_titles import KnownTitles
from builder.dialogs.privacy.name_patterns import MAYBE_NAMES, NAMES, OWN_NAME, SIGNED
from builder.dialogs.privacy.people_patterns import (
    ADDRESSES,
    BARE_URL,
    CUED_NUMBER,
    DATE,
    EMAILS,
    NOT_PHONE_BEFORE,
    NUMBER,
    OTHER_NUMBER,
    PHONES,
    REGIONS,
    SUSPECT,
    URL,
    USERS,
    YEAR,
    YEAR_HELD,
    YEAR_NEXT,
)
from builder.settings import Strict, read_yaml

KINDS = ("URL", "EMAIL", "USER", "PHONE", "ADDRESS", "NAME")
"""Where two finds overlap the earlier kind wins."""


@dataclass(frozen=True, slots=True)
class Found:
    """Characters [start, end) that must be masked."""

    start: int
    end: int
    kind: str


class _Names(Strict):
    names: str
    also_words: str
    no_names: str


_WORDS = read_yaml(Path(__file__).with_name("given_names.yaml"), _Names)
_GIVEN_NAMES = frozenset(_WORDS.names.split())
_ALSO_WORDS = frozenset(_WORDS.also_words.split())
_NO_NAMES = frozenset(_WORDS.no_names.split())


def find_people(
    text: str, known: Sequence[tuple[re.Pattern[str], str]], titles: KnownTitles
) -> list[Found]:
    """Return what must be masked, in order and not overlapping.

    Args:
        text: What was written.
        known: Further patterns with their kind: people whom the thread itself names.
        titles: Titles of the catalogue, which are no people, numbers or addresses.
    """
    found = [one for pattern, kind in known for one in _matches(text, kind, (pattern,))]
    found = [one for one in found if not titles.cover(text, one.start, one.end)]
    if SUSPECT.search(text):
        found += _in_suspect(text, titles)
    by_kind = sorted(found, key=lambda f: (KINDS.index(f.kind), f.start - f.end, f.start))
    return sorted(_apart(by_kind, len(text)), key=lambda f: f.start)


def _apart(found: Iterable[Found], n_chars: int) -> list[Found]:
    """Return those that overlap none before them; in time by their number, not its square."""
    taken, apart = bytearray(n_chars), []
    for one in found:
        if taken.find(1, one.start, one.end) < 0:
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            apart.append(one)
    return apart


def _in_suspect(text: str, titles: KnownTitles) -> Iterator[Found]:
    for kind, patterns in (("URL", (URL, BARE_URL)), ("EMAIL", EMAILS)):
        yield from _matches(text, kind, patterns)
    for one in _matches(text, "USER", USERS):
        if text[one.start] in "@/" or not titles.cover(text, one.start, one.end):
            yield one
    for one in (*_phones(text), *_matches(text, "ADDRESS", ADDRESSES)):
        if not _is_title(text, one.start, one.end, titles):
            yield one
    for start, end in _introductions(text, titles):
        yield Found(start, end, "NAME")


def _matches(text: str, kind: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[Found]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            named = [name for name in pattern.groupindex if match[name]]
            yield Found(*match.span(named[0] if named else 0), kind)


def _phones(text: str) -> list[Found]:
    sure = [one for one in _matches(text, "PHONE", PHONES) if _may_be_phone(text, one)]
    cued = _matches(text, "PHONE", (CUED_NUMBER,))
    sure += [one for one in cued if not YEAR_HELD.search(text[one.start : one.end])]
    maybe = (Found(*match.span(), "PHONE") for match in NUMBER.finditer(text))
    asked = _apart([*sure, *(one for one in maybe if _may_be_phone(text, one))], len(text))
    is_sure = set(sure)
    return [o for o in asked if o in is_sure or _is_phone_somewhere(text[o.start : o.end])]


def _may_be_phone(text: str, one: Found) -> bool:
    """Return whether a number may be a telephone's: it is no date, year, price, book or address."""
    said = text[one.start : one.end]
    digits = re.sub(r"\D", "", said)
    groups = re.findall(r"\d+", said)
    is_other = (
        not 7 <= len(digits) <= 15
        or (len(groups) == 1 and len(digits) < 9)
        or YEAR_HELD.search(said)
        or all(YEAR.fullmatch(group) for group in groups)
        or DATE.fullmatch(said)
        or OTHER_NUMBER.fullmatch(said)
        or (len(digits) == 13 and digits[:3] in ("978", "979"))
        or NOT_PHONE_BEFORE.search(text[max(one.start - 20, 0) : one.start])
    )
    return not is_other


@lru_cache(maxsize=10_000)
def _is_phone_somewhere(number: str) -> bool:
    recogniser = _phone_recogniser()
    return bool(recogniser.analyze(number, ["PHONE_NUMBER"], None))


@cache
def _phone_recogniser() -> Any:
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer  # seconds to import

    return PhoneRecognizer(supported_regions=REGIONS, leniency=0)


def _introductions(text: str, titles: KnownTitles) -> Iterator[tuple[int, int]]:
    """Yield where people say their own names."""
    for match in OWN_NAME.finditer(text):
        start, end = match.span("who")
        first = match["who"].split()[0]
        if first.casefold() in _NO_NAMES or _is_title(
            text, match.start(), start + len(first), titles
        ):
            continue
        yield (start, end if match["who"][0].isupper() else start + len(first))
    for pattern in (*NAMES, SIGNED):
        for match in pattern.finditer(text):
            is_said = _is_title(text, *match.span(), titles)  # "They Call Me Trinity"
            if match["who"].split()[0].casefold() not in _NO_NAMES and not is_said:
                yield match.span("who")
    for pattern in MAYBE_NAMES:
        for match in pattern.finditer(text):
            start, end = match.span("who")
            is_title = " " in match["who"] and titles.cover(text, start, end)
            if _is_given(match["who"].split()[0]) and not is_title:
                yield start, end


def _is_given(name: str) -> bool:
    return name in _GIVEN_NAMES or (
        name.islower() and name.capitalize() in _GIVEN_NAMES and name not in _ALSO_WORDS
    )


def _is_title(text: str, start: int, end: int, titles: KnownTitles) -> bool:
    return YEAR_NEXT.match(text, end) is not None or titles.cover(text, start, end)


def own_names(text: str, titles: KnownTitles) -> list[str]:
    """Return the names that people give as their own, by which others may call them."""
    if not SUSPECT.search(text):
        return []
    return [text[start:end] for start, end in _introductions(text, titles)]
