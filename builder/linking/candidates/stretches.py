"""Stretches of a turn that look like a title, and the titles they nearly spell."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from builder.linking.candidates.mention_candidates import Candidate, candidate_at, find_candidates
from builder.linking.candidates.turn_text import TurnText
from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.lexicon.ordinary_words import WORDS_LEADING, WORDS_WITHIN
from builder.linking.lexicon.spellings import SERIES_BY_ABBREVIATION, number_of, numbered
from builder.titles import without_article

_BETWEEN = re.compile(r"(?: ?[-–:&'’] ?| |, (?=\d))?")
_ORDINAL = re.compile(r"\b(\w+)(?: of the| the)? $", re.IGNORECASE)
_ORDINAL_CHARS = 24
_CERTAIN, _CERTAIN_OF_WHOLE = 0.99, 0.91
"""Similarity from which a misspelled title beats an exact one within it: for any title, and for one
that covers the whole stretch."""


def find_all(turn_text: TurnText, lexicon: Lexicon) -> list[Candidate]:
    """Return exact candidates, abbreviations, parts of a series, and misspelled titles in order."""
    exact = [
        _part(turn_text, lexicon, candidate) for candidate in find_candidates(turn_text, lexicon)
    ]
    near, covered = [], set[int]()
    for first, last in _stretches(turn_text):
        candidate = _fuzzy_match(turn_text, lexicon, first, last, exact)
        if candidate is not None and covered.isdisjoint(range(first, last)):
            near.append(candidate)
            covered.update(range(first, last))
    kept = [
        candidate
        for candidate in exact
        if covered.isdisjoint(range(candidate.first, candidate.last))
    ]
    taken = covered | {
        place for candidate in kept for place in range(candidate.first, candidate.last)
    }
    short = _abbreviations(turn_text, lexicon, taken)
    return sorted([*kept, *near, *short], key=lambda candidate: candidate.start)


def _part(turn_text: TurnText, lexicon: Lexicon, candidate: Candidate) -> Candidate:
    """Return part 2 of a series for words like "the second Toy Story"."""
    before = _ORDINAL.search(
        turn_text.text, max(0, candidate.start - _ORDINAL_CHARS), candidate.start
    )
    number = number_of(before[1].casefold()) if before else None
    if number is None or candidate.key is None or candidate.year is not None:
        return candidate
    keys = [key for key in numbered(candidate.key, number) if lexicon.has_title(key)]
    return replace(candidate, key=keys[0], is_part=True) if keys else candidate


def _stretches(turn_text: TurnText) -> Iterator[tuple[int, int]]:
    """Yield tokens [first, last) of quotations, italics and links, and of capitalised phrases."""
    yield from turn_text.set_apart_tokens()
    place = 0
    while place < len(turn_text.tokens):
        last = _capitals_end(turn_text, place)
        first = place
        while first < last and turn_text.tokens[first].key in WORDS_LEADING:
            first += 1
        if last - place > max(1, last - first):  # "How to Lose a Guy" begins with such a word
            yield place, last
        if last - first > 1 or (last > first and not turn_text.opens_sentence(first)):
            yield first, last
        place = max(last, place + 1)


def _capitals_end(turn_text: TurnText, first: int) -> int:
    end = place = first
    while place < len(turn_text.tokens):
        if place > first and not _BETWEEN.fullmatch(turn_text.gap(place)):
            break
        if turn_text.is_capital(place) or (place > first and turn_text.tokens[place].key.isdigit()):
            end = place + 1
        elif place == first or turn_text.tokens[place].key not in WORDS_WITHIN:
            break
        place += 1
    return end


def _fuzzy_match(
    turn_text: TurnText, lexicon: Lexicon, first: int, last: int, exact: list[Candidate]
) -> Candidate | None:
    inside = [candidate for candidate in exact if candidate.first < last and first < candidate.last]
    if any(candidate.year is not None for candidate in inside):
        return None
    if any(candidate.first <= first and last <= candidate.last for candidate in inside):
        return None
    near = lexicon.fuzzy.near(" ".join(token.key for token in turn_text.tokens[first:last]))
    if near is None or any(candidate.key == near.key for candidate in inside):
        return None
    is_whole = len(without_article(near.key).split()) >= last - first - 1  # "Mama Mia"
    if inside and near.similarity < (_CERTAIN_OF_WHOLE if is_whole else _CERTAIN):
        return None
    candidate = candidate_at(turn_text, lexicon, first, last)
    return replace(candidate, key=near.key, similarity=near.similarity)


def _abbreviations(
    turn_text: TurnText, lexicon: Lexicon, taken: Collection[int]
) -> Iterator[Candidate]:
    for place, token in enumerate(turn_text.tokens):
        is_shouted = turn_text.text[token.start : token.end].isupper() and turn_text.capitals_tell(
            place
        )
        if place in taken or not is_shouted:
            continue
        candidate = candidate_at(turn_text, lexicon, place, place + 1)
        key = lexicon.abbreviated(token.key)
        if key is not None:
            yield replace(candidate, key=key)
        elif token.key in SERIES_BY_ABBREVIATION:
            yield replace(candidate, key=None, series=SERIES_BY_ABBREVIATION[token.key])
