"""Stretches of a turn that look like a title, and the titles that are spelled nearly so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from builder.linking.candidates.mention_candidates import Candidate, candidate_at, find_candidates
from builder.linking.candidates.turn_text import Page
from builder.linking.titles.lexicon import Lexicon
from builder.linking.titles.ordinary_words import WORDS_LEADING, WORDS_WITHIN
from builder.linking.titles.spellings import SERIES_BY_ABBREVIATION, number_of, numbered
from builder.titles import without_article

_BETWEEN = re.compile(r"(?: ?[-–:&'’] ?| |, (?=\d))?")
_ORDINAL = re.compile(r"\b(\w+)(?: of the| the)? $", re.IGNORECASE)
_ORDINAL_CHARS = 24
_SURE, _SURE_OF_WHOLE = 0.99, 0.91
"""Likeness from which a misspelt title is preferred to one within it: any, or of as many words."""


def find_all(page: Page, lexicon: Lexicon) -> list[Candidate]:
    """Return exact candidates, abbreviations, parts of a series, and misspelt titles, in order."""
    exact = [_part(page, lexicon, found) for found in find_candidates(page, lexicon)]
    near, covered = [], set[int]()
    for first, last in _stretches(page):
        found = _misspelt(page, lexicon, first, last, exact)
        if found is not None and covered.isdisjoint(range(first, last)):
            near.append(found)
            covered.update(range(first, last))
    kept = [found for found in exact if covered.isdisjoint(range(found.first, found.last))]
    taken = covered | {place for found in kept for place in range(found.first, found.last)}
    short = _abbreviations(page, lexicon, taken)
    return sorted([*kept, *near, *short], key=lambda found: found.start)


def _part(page: Page, lexicon: Lexicon, found: Candidate) -> Candidate:
    """Return part 2 of a series where the words are "the second Toy Story"."""
    before = _ORDINAL.search(page.text, max(0, found.start - _ORDINAL_CHARS), found.start)
    number = number_of(before[1].casefold()) if before else None
    if number is None or found.key is None or found.year is not None:
        return found
    keys = [key for key in numbered(found.key, number) if lexicon.bears(key)]
    return replace(found, key=keys[0], is_part=True) if keys else found


def _stretches(page: Page) -> Iterator[tuple[int, int]]:
    """Yield tokens [first, last) with capitals, and those within quotes, italics and links."""
    yield from page.set_apart_tokens()
    place = 0
    while place < len(page.tokens):
        last = _capitals_end(page, place)
        first = place
        while first < last and page.tokens[first].key in WORDS_LEADING:
            first += 1
        if last - place > max(1, last - first):  # "How to Lose a Guy" begins with such a word
            yield place, last
        if last - first > 1 or (last > first and not page.opens_sentence(first)):
            yield first, last
        place = max(last, place + 1)


def _capitals_end(page: Page, first: int) -> int:
    end = place = first
    while place < len(page.tokens):
        if place > first and not _BETWEEN.fullmatch(page.gap(place)):
            break
        if page.is_capital(place) or (place > first and page.tokens[place].key.isdigit()):
            end = place + 1
        elif place == first or page.tokens[place].key not in WORDS_WITHIN:
            break
        place += 1
    return end


def _misspelt(
    page: Page, lexicon: Lexicon, first: int, last: int, exact: list[Candidate]
) -> Candidate | None:
    inside = [found for found in exact if found.first < last and first < found.last]
    if any(found.year is not None for found in inside):
        return None
    if any(found.first <= first and last <= found.last for found in inside):
        return None
    near = lexicon.speller.near(" ".join(token.key for token in page.tokens[first:last]))
    if near is None or any(found.key == near.key for found in inside):
        return None
    is_whole = len(without_article(near.key).split()) >= last - first - 1  # "Mama Mia"
    if inside and near.likeness < (_SURE_OF_WHOLE if is_whole else _SURE):
        return None
    found = candidate_at(page, lexicon, first, last)
    return replace(found, key=near.key, likeness=near.likeness)


def _abbreviations(page: Page, lexicon: Lexicon, taken: Collection[int]) -> Iterator[Candidate]:
    for place, token in enumerate(page.tokens):
        is_shouted = page.text[token.start : token.end].isupper() and page.capitals_tell(place)
        if place in taken or not is_shouted:
            continue
        found = candidate_at(page, lexicon, place, place + 1)
        key = lexicon.abbreviated(token.key)
        if key is not None:
            yield replace(found, key=key)
        elif token.key in SERIES_BY_ABBREVIATION:
            yield replace(found, key=None, series=SERIES_BY_ABBREVIATION[token.key])
