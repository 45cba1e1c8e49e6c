"""Where a turn names what may be an item: titles with a year, titles without, strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from builder.linking.candidates.turn_text import Page
from builder.linking.titles.lexicon import Lexicon
from builder.linking.titles.ordinary_words import WORDS_LEADING, WORDS_WITHIN

_YEAR = r"(?:18[89]|19\d|20\d)\d"
_IN_BRACKETS = re.compile(r"[(\[]\s*(?P<inside>[^()\[\]\n]{4,40}?)\s*[)\]]")
_ONE_YEAR = re.compile(rf"(?<![\d'’])({_YEAR})(?![\d'’s])")
_YEAR_BEHIND = re.compile(rf"(?:,| -| –)? ({_YEAR})\b(?!['’]?s\b)")
_THING = r"(?:one|version|film|movie|game|original|remake|classic)"
_YEAR_NEAR = re.compile(
    rf" from ({_YEAR})\b(?!['’]?s\b)|[^.!?\n()\d]{{0,16}}\bthe ({_YEAR}) {_THING}\b"
)
_YEAR_BEFORE = re.compile(rf"\b({_YEAR})(?:['’]s| {_THING} of)(?: the)? [\"“'‘]?$")
_ENDS_TITLE = re.compile(r"[ \"'”’*.!?…,]{0,5}")
_INSIDE_TITLE = re.compile(r"(?: ?[-–:&/,.!'’] ?| |\.\.\. ?)?")
_INITIALS = re.compile(r"\w\.\w\.$")
_ABBREVIATIONS = frozenset(
    {"mr", "mrs", "ms", "dr", "vs", "vol", "st", "jr", "inc", "pt", "no", "ft"}
)
_ARTICLES = frozenset({"a", "an", "the"})
_YEAR_CHARS = 24
_MAX_WORDS = 14
_MAX_YEAR_WORDS = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """Tokens [first, last) that spell a title, `key`; text[start:end] includes its year.

    `key` is None where the catalogue has no such title. `title_end` is the offset behind the title.
    `likeness` in [0, 1] is that of the words to the title: 1 unless it is misspelt. `is_part`: the
    words say which part of a series. `series` is the key of a series that stands for no item.
    """

    first: int
    last: int
    start: int
    title_end: int
    end: int
    key: str | None
    year: int | None
    likeness: float = 1.0
    is_part: bool = False
    series: str = ""


def find_candidates(page: Page, lexicon: Lexicon) -> list[Candidate]:
    """Return the candidates in the order of the text, none overlapping, the longest where several.

    Titles with a year in brackets go first: their words can be part of no other title.
    """
    spans = lexicon.spans(page.tokens)
    dated = list(_dated(page, lexicon))
    taken = {place for found in dated for place in range(found.first, found.last)}
    plain: list[Candidate] = []
    place = 0
    while place < len(page.tokens):
        found = None if place in taken else _longest(page, lexicon, spans, place, taken)
        if found is not None and page.tokens[place].key in _ARTICLES and place + 1 not in taken:
            inner = _longest(page, lexicon, spans, place + 1, taken)  # in "the Toy Story films"
            found = inner if inner is not None and inner.last > found.last else found
        if found is not None:
            plain.append(found)
        place = found.last if found else place + 1
    return sorted([*dated, *plain], key=lambda found: found.start)


def _longest(
    page: Page,
    lexicon: Lexicon,
    spans: Mapping[int, Sequence[int]],
    first: int,
    taken: set[int],
) -> Candidate | None:
    for length in spans.get(first, ()):
        last = first + length
        if taken.isdisjoint(range(first, last)) and _is_unbroken(page, first, last):
            found = candidate_at(page, lexicon, first, last)
            return found if last in taken else _behind(page, lexicon, found)
    return None


def candidate_at(page: Page, lexicon: Lexicon, first: int, last: int) -> Candidate:
    """Return tokens [first, last) as a candidate, its key None where they spell no title."""
    words = page.tokens[first:last]
    key = lexicon.key_of(words)
    is_owner = key is not None and key.split()[-1] != words[-1].key
    end = words[-1].owner_end if is_owner else words[-1].end
    if _INITIALS.search(page.text, max(0, end - 4), end + 1):
        end += 1  # the last point of "E.T."
    return Candidate(first, last, words[0].start, end, end, key, None)


def _behind(page: Page, lexicon: Lexicon, found: Candidate) -> Candidate:
    """Return the candidate with the year behind it, where an item of that very year exists."""
    match = _YEAR_BEHIND.match(page.text, found.title_end)
    if match is None or found.key is None:
        return _near_year(page, lexicon, found)
    year = int(match[1])
    if not lexicon.has_year(found.key, year, exactly=True):
        return found
    return replace(found, last=found.last + 1, end=match.end(), year=year)


def _near_year(page: Page, lexicon: Lexicon, found: Candidate) -> Candidate:
    """Return the candidate with the year of "1995's Heat" or "Heat, the 1995 one"."""
    before = _YEAR_BEFORE.search(page.text, max(0, found.start - _YEAR_CHARS), found.start)
    match = _YEAR_NEAR.match(page.text, found.title_end) or before
    is_large = any(map(page.is_capital, range(found.first, found.last)))
    if match is None or found.key is None or not is_large:
        return found
    year = int(match[match.lastindex or 1])
    return replace(found, year=year) if lexicon.has_year(found.key, year, exactly=True) else found


def _is_unbroken(page: Page, first: int, last: int) -> bool:
    """Return whether no line or sentence ends between the tokens: "I saw her. Story of my life"."""
    for place in range(first + 1, last):
        word = page.tokens[place - 1].key
        is_abbreviated = len(word) == 1 or word in _ABBREVIATIONS
        gap = page.gap(place)
        if re.search(r"[\n;()\[\]]", gap) or (not is_abbreviated and re.search(r"[.!?]\s", gap)):
            return False
    return True


def _dated(page: Page, lexicon: Lexicon) -> Iterator[Candidate]:
    free_from = 0  # the first token that belongs to no earlier title
    for match in _IN_BRACKETS.finditer(page.text):
        years = _ONE_YEAR.findall(match["inside"])
        if len(years) != 1 or len(match["inside"].split()) > _MAX_YEAR_WORDS:
            continue
        last = sum(token.end <= match.start() for token in page.tokens)
        if last <= free_from or not _ENDS_TITLE.fullmatch(
            page.text[page.tokens[last - 1].end : match.start()]
        ):
            continue
        found = _before_year(page, lexicon, (free_from, last), int(years[0]))
        if found is not None:
            behind = sum(token.end <= match.end() for token in page.tokens)
            yield replace(found, last=behind, end=match.end(), year=int(years[0]))
            free_from = behind


def _before_year(
    page: Page, lexicon: Lexicon, within: tuple[int, int], year: int
) -> Candidate | None:
    """Return the title that ends where a year begins: the longest that has an item of about it."""
    free_from, last = within
    begin = _phrase_begin(page, free_from, last)
    known: Candidate | None = None
    for first in range(max(free_from, last - _MAX_WORDS), last):
        if "\n" in page.text[page.tokens[first].start : page.tokens[last - 1].end]:
            continue
        if lexicon.key_of(page.tokens[first:last]) is None:
            continue
        found = candidate_at(page, lexicon, first, last)
        is_near = lexicon.has_year(found.key or "", year, exactly=False)
        is_exact = is_near and lexicon.has_year(found.key or "", year, exactly=True)
        is_pronoun = begin == last and first == last - 1  # "I saw it (2018)" names no film
        if is_exact or (is_near and first <= begin and not is_pronoun):
            return found
        known = known or (found if first <= begin and not is_pronoun else None)
    if known is not None or begin == last:
        return known
    words = page.tokens[begin:last]
    stranger = Candidate(begin, last, words[0].start, words[-1].end, words[-1].end, None, None)
    return _spelled(stranger, " ".join(token.key for token in words), lexicon, year)


def _spelled(stranger: Candidate, words: str, lexicon: Lexicon, year: int) -> Candidate:
    """Return a dated stranger as the title that it abbreviates or misspells, if of that year."""
    key, likeness = lexicon.abbreviated(words), 1.0
    if key is None and (near := lexicon.speller.near(words)) is not None:
        key, likeness = near.key, near.likeness
    if key is None or not lexicon.has_year(key, year, exactly=False):
        return stranger
    return replace(stranger, key=key, likeness=likeness)


def _phrase_begin(page: Page, free_from: int, last: int) -> int:
    """Return where the capitalised phrase up to `last` begins, `last` where there is none."""
    begin = place = last
    while place > free_from:
        place -= 1
        token = page.tokens[place]
        if page.is_capital(place) or token.key.isdigit():
            begin = place
        elif token.key not in WORDS_WITHIN:
            break
        if place == free_from or not _INSIDE_TITLE.fullmatch(page.gap(place)):
            break
        if "," in page.gap(place):
            break
    while begin < last - 1 and page.tokens[begin].key in WORDS_LEADING:
        begin += 1
    return begin
