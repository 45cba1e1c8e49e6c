"""Where a turn may name an item: titles with a year, titles without, and unknown titles."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from builder.linking.candidates.turn_text import TurnText
from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.lexicon.ordinary_words import WORDS_LEADING, WORDS_WITHIN

_YEAR = r"(?:18[89]|19\d|20\d)\d"
_IN_BRACKETS = re.compile(r"[(\[]\s*(?P<inside>[^()\[\]\n]{4,40}?)\s*[)\]]")
_ONE_YEAR = re.compile(rf"(?<![\d'’])({_YEAR})(?![\d'’s])")
_YEAR_AFTER = re.compile(rf"[\])]?(?:,| -| –)? ({_YEAR})\b(?!['’]?s\b)")
_THING = r"(?:one|version|film|movie|game|original|remake|classic)"
_YEAR_NEAR = re.compile(
    rf" from ({_YEAR})\b(?!['’]?s\b)|[^.!?\n()\d]{{0,16}}\bthe ({_YEAR}) {_THING}\b"
)
_YEAR_BEFORE = re.compile(rf"\b({_YEAR})(?:['’]s| {_THING} of)(?: the)? [\"“'‘]?$")
_ENDS_TITLE = re.compile(r"[ \"'”’*.!?…,\])]{0,5}")  # the title itself may be "[REC]"
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
    """Words that may name an item.

    Attributes:
        first: First token of the title.
        last: Token after the last one.
        start: Offset of the title.
        title_end: Offset of the end of the title.
        end: Offset of the end, its year included.
        key: Title key; None if the catalogue has no such title.
        year: As written next to the title.
        similarity: Of the words to the title, in [0, 1]; 1 unless the title is misspelled.
        is_part: The words say which part of a series is meant.
        series: Title key of a series that is no item itself.
    """

    first: int
    last: int
    start: int
    title_end: int
    end: int
    key: str | None
    year: int | None
    similarity: float = 1.0
    is_part: bool = False
    series: str = ""


def find_candidates(turn_text: TurnText, lexicon: Lexicon) -> list[Candidate]:
    """Return the candidates in the order of the text; of overlapping ones, the longest.

    Titles with a year in brackets take precedence: their words belong to no other title.
    """
    spans = lexicon.spans(turn_text.tokens)
    dated = list(_dated(turn_text, lexicon))
    taken = {place for candidate in dated for place in range(candidate.first, candidate.last)}
    plain: list[Candidate] = []
    place = 0
    while place < len(turn_text.tokens):
        candidate = None if place in taken else _longest(turn_text, lexicon, spans, place, taken)
        if (
            candidate is not None
            and turn_text.tokens[place].key in _ARTICLES
            and place + 1 not in taken
        ):
            inner = _longest(
                turn_text, lexicon, spans, place + 1, taken
            )  # in "the Toy Story films"
            candidate = inner if inner is not None and inner.last > candidate.last else candidate
        if candidate is not None:
            plain.append(candidate)
        place = candidate.last if candidate else place + 1
    return sorted([*dated, *plain], key=lambda candidate: candidate.start)


def _longest(
    turn_text: TurnText,
    lexicon: Lexicon,
    spans: Mapping[int, Sequence[int]],
    first: int,
    taken: set[int],
) -> Candidate | None:
    for length in spans.get(first, ()):
        last = first + length
        if taken.isdisjoint(range(first, last)) and _is_unbroken(turn_text, first, last):
            candidate = candidate_at(turn_text, lexicon, first, last)
            return candidate if last in taken else _with_year_after(turn_text, lexicon, candidate)
    return None


def candidate_at(turn_text: TurnText, lexicon: Lexicon, first: int, last: int) -> Candidate:
    """Return tokens [first, last) as a candidate; its key is None if they spell no title."""
    words = turn_text.tokens[first:last]
    key = lexicon.key_of(words)
    is_owner = key is not None and key.split()[-1] != words[-1].key
    end = words[-1].owner_end if is_owner else words[-1].end
    if _INITIALS.search(turn_text.text, max(0, end - 4), end + 1):
        end += 1  # the last full stop of "E.T."
    return Candidate(first, last, words[0].start, end, end, key, None)


def _with_year_after(turn_text: TurnText, lexicon: Lexicon, candidate: Candidate) -> Candidate:
    """Return the candidate with the year after it, if an item of exactly that year exists."""
    match = _YEAR_AFTER.match(turn_text.text, candidate.title_end)
    if match is None or candidate.key is None:
        return _with_year_near(turn_text, lexicon, candidate)
    year = int(match[1])
    if not lexicon.has_year(candidate.key, year, exactly=True):
        return candidate
    return replace(candidate, last=candidate.last + 1, end=match.end(), year=year)


def _with_year_near(turn_text: TurnText, lexicon: Lexicon, candidate: Candidate) -> Candidate:
    """Return the candidate with the year of "1995's Heat" or "Heat, the 1995 one"."""
    before = _YEAR_BEFORE.search(
        turn_text.text, max(0, candidate.start - _YEAR_CHARS), candidate.start
    )
    match = _YEAR_NEAR.match(turn_text.text, candidate.title_end) or before
    is_large = any(map(turn_text.is_capital, range(candidate.first, candidate.last)))
    if match is None or candidate.key is None or not is_large:
        return candidate
    year = int(match[match.lastindex or 1])
    return (
        replace(candidate, year=year)
        if lexicon.has_year(candidate.key, year, exactly=True)
        else candidate
    )


def _is_unbroken(turn_text: TurnText, first: int, last: int) -> bool:
    """Return whether no line or sentence ends between the tokens: "I saw her. Story of my life"."""
    for place in range(first + 1, last):
        word = turn_text.tokens[place - 1].key
        is_abbreviated = len(word) == 1 or word in _ABBREVIATIONS
        gap = turn_text.gap(place)
        if re.search(r"[\n;()\[\]]", gap) or (not is_abbreviated and re.search(r"[.!?]\s", gap)):
            return False
    return True


def _dated(turn_text: TurnText, lexicon: Lexicon) -> Iterator[Candidate]:
    free_from = 0  # the first token that belongs to no earlier title
    ends = [token.end for token in turn_text.tokens]
    for match in _IN_BRACKETS.finditer(turn_text.text):
        years = _ONE_YEAR.findall(match["inside"])
        if len(years) != 1 or len(match["inside"].split()) > _MAX_YEAR_WORDS:
            continue
        last = bisect_right(ends, match.start())
        if last <= free_from or not _ENDS_TITLE.fullmatch(
            turn_text.text[turn_text.tokens[last - 1].end : match.start()]
        ):
            continue
        candidate = _before_year(turn_text, lexicon, (free_from, last), int(years[0]))
        if candidate is not None:
            next_place = bisect_right(ends, match.end())
            yield replace(candidate, last=next_place, end=match.end(), year=int(years[0]))
            free_from = next_place


def _before_year(
    turn_text: TurnText, lexicon: Lexicon, within: tuple[int, int], year: int
) -> Candidate | None:
    """Return the title that ends where a year begins: the longest with an item of about then."""
    free_from, last = within
    begin = _phrase_begin(turn_text, free_from, last)
    fallback: Candidate | None = None
    for first in range(max(free_from, last - _MAX_WORDS), last):
        if "\n" in turn_text.text[turn_text.tokens[first].start : turn_text.tokens[last - 1].end]:
            continue
        if lexicon.key_of(turn_text.tokens[first:last]) is None:
            continue
        candidate = candidate_at(turn_text, lexicon, first, last)
        is_near = lexicon.has_year(candidate.key or "", year, exactly=False)
        is_exact = is_near and lexicon.has_year(candidate.key or "", year, exactly=True)
        is_pronoun = begin == last and first == last - 1  # "I saw it (2018)" names no film
        if is_exact or (is_near and first <= begin and not is_pronoun):
            return candidate
        fallback = fallback or (candidate if first <= begin and not is_pronoun else None)
    if fallback is not None or begin == last:
        return fallback
    words = turn_text.tokens[begin:last]
    stranger = Candidate(begin, last, words[0].start, words[-1].end, words[-1].end, None, None)
    return _respelled(stranger, " ".join(token.key for token in words), lexicon, year)


def _respelled(stranger: Candidate, words: str, lexicon: Lexicon, year: int) -> Candidate:
    """Return an unknown title with the key it abbreviates or misspells, if that has this year."""
    key, similarity = lexicon.abbreviated(words), 1.0
    if key is None and (near := lexicon.fuzzy.near(words)) is not None:
        key, similarity = near.key, near.similarity
    if key is None or not lexicon.has_year(key, year, exactly=False):
        return stranger
    return replace(stranger, key=key, similarity=similarity)


def _phrase_begin(turn_text: TurnText, free_from: int, last: int) -> int:
    """Return where the capitalised phrase up to `last` begins; `last` if there is none."""
    begin = place = last
    while place > free_from:
        place -= 1
        token = turn_text.tokens[place]
        if turn_text.is_capital(place) or token.key.isdigit():
            begin = place
        elif token.key not in WORDS_WITHIN:
            break
        if place == free_from or not _INSIDE_TITLE.fullmatch(turn_text.gap(place)):
            break
        if "," in turn_text.gap(place):
            break
    while begin < last - 1 and turn_text.tokens[begin].key in WORDS_LEADING:
        begin += 1
    return begin
