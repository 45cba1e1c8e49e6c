"""Where a text names people or ways to reach them: user names, addresses, numbers, names.

One regular expression quickly rules out most texts. Numbers that look like telephone numbers and
have no form known here are passed to phonenumbers, which knows the forms of many countries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from phonenumbers import Leniency, PhoneNumberMatcher

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
"""Of overlapping spans, the one of the earlier kind wins."""


@dataclass(frozen=True, slots=True)
class PersonSpan:
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
    text: str, titles: KnownTitles, known: Iterable[PersonSpan] = ()
) -> list[PersonSpan]:
    """Return what must be masked, in order and not overlapping.

    Args:
        text: What was written.
        titles: Titles of the catalogue, which are no people, numbers or addresses.
        known: Where the text names people of its thread or source.
    """
    spans = [span for span in known if not titles.cover(text, span.start, span.end)]
    if SUSPECT.search(text):
        spans += _in_suspect(text, titles)
    by_kind = sorted(
        spans, key=lambda span: (KINDS.index(span.kind), span.start - span.end, span.start)
    )
    return sorted(_apart(by_kind, len(text)), key=lambda span: span.start)


def _apart(spans: Iterable[PersonSpan], n_chars: int) -> list[PersonSpan]:
    """Return the spans that overlap no earlier one, in linear time."""
    taken, apart = bytearray(n_chars), []
    for span in spans:
        if taken.find(1, span.start, span.end) < 0:
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            apart.append(span)
    return apart


def _in_suspect(text: str, titles: KnownTitles) -> Iterator[PersonSpan]:
    for kind, patterns in (("URL", (URL, BARE_URL)), ("EMAIL", EMAILS)):
        yield from _matches(text, kind, patterns)
    for span in _matches(text, "USER", USERS):
        if text[span.start] in "@/" or not titles.cover(text, span.start, span.end):
            yield span
    for span in _phones(text):
        if not _is_title(text, span.start, span.end, titles):
            yield span
    for span in _matches(text, "ADDRESS", ADDRESSES):
        is_title = YEAR_NEXT.match(text, span.end) is not None
        if not is_title and not titles.make_up(text, span.start, span.end):
            yield span
    for start, end in _introductions(text, titles):
        yield PersonSpan(start, end, "NAME")


def _matches(text: str, kind: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[PersonSpan]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            named = [name for name in pattern.groupindex if match[name]]
            yield PersonSpan(*match.span(named[0] if named else 0), kind)


def _phones(text: str) -> list[PersonSpan]:
    certain = [span for span in _matches(text, "PHONE", PHONES) if _may_be_phone(text, span)]
    cued = _matches(text, "PHONE", (CUED_NUMBER,))
    certain += [span for span in cued if not YEAR_HELD.search(text[span.start : span.end])]
    maybe = (PersonSpan(*match.span(), "PHONE") for match in NUMBER.finditer(text))
    candidates = _apart(
        [*certain, *(span for span in maybe if _may_be_phone(text, span))], len(text)
    )
    certain_set = set(certain)
    return [
        span
        for span in candidates
        if span in certain_set or _is_phone_somewhere(text[span.start : span.end])
    ]


def _may_be_phone(text: str, span: PersonSpan) -> bool:
    """Return whether a number may be a telephone's, and not a date, year, price or ISBN."""
    number = text[span.start : span.end]
    digits = re.sub(r"\D", "", number)
    groups = re.findall(r"\d+", number)
    is_other = (
        not 7 <= len(digits) <= 15
        or (len(groups) == 1 and len(digits) < 9)
        or YEAR_HELD.search(number)
        or all(YEAR.fullmatch(group) for group in groups)
        or DATE.fullmatch(number)
        or OTHER_NUMBER.fullmatch(number)
        or (len(digits) == 13 and digits[:3] in ("978", "979"))
        or NOT_PHONE_BEFORE.search(text[max(span.start - 20, 0) : span.start])
    )
    return not is_other


@lru_cache(maxsize=10_000)
def _is_phone_somewhere(number: str) -> bool:
    return any(
        PhoneNumberMatcher(number, region, leniency=Leniency.POSSIBLE).has_next()
        for region in REGIONS
    )


def _introductions(text: str, titles: KnownTitles) -> Iterator[tuple[int, int]]:
    """Yield where people give their own names."""
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
            is_title = _is_title(text, *match.span(), titles)  # "They Call Me Trinity"
            if match["who"].split()[0].casefold() not in _NO_NAMES and not is_title:
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
