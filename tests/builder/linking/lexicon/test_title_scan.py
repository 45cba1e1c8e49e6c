from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builder.linking.lexicon.folding import fold
from builder.linking.lexicon.title_scan import TitleScanner
from builder.titles import title_key

KEYS = ["it", "heat", "toy story", "toy story 2", "story", "the lord of the rings", "lord of the",
        "of the rings", "amelie", "tom and jerry", "a b c d", "b c"]  # fmt: skip
SCANNER = TitleScanner(KEYS)


def found(text: str) -> list[tuple[str, str]]:
    matches = SCANNER.scan(text)
    rows = zip(matches.title, matches.start, matches.end, strict=True)
    return [(KEYS[title], text[start:end]) for title, start, end in rows]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Toy Story 2!", ["toy story", "toy story 2", "story"]),
        ("sit, hit; IT?", ["it"]),
        ("The Lord -- of the 'Rings'", ["the lord of the rings", "lord of the", "of the rings"]),
        ("AMÉLIE Ame\u0301lie", ["amelie", "amelie"]),
        ("Tom & Jerry", ["tom and jerry"]),
        ("it it heat", ["it", "it", "heat"]),
        ("a b c a b c d", ["b c", "a b c d", "b c"]),
        ("", []),
        (" .,'", []),
        ("x" * 3000 + " heat", ["heat"]),
    ],
    ids=[
        *("overlapping", "word boundaries", "punctuation", "accents", "ampersand", "again"),
        *("begun twice", "empty", "no word", "long word"),
    ],
)
def test_titles_are_found_at_word_boundaries(text: str, titles: list[str]) -> None:
    assert [key for key, _ in found(text)] == titles


@given(st.text(alphabet="abcdheatoysrig it2é&'’ .,\n-İß\u0301", max_size=80))
def test_the_surface_of_a_match_spells_its_title(text: str) -> None:
    for key, surface in found(text):
        assert title_key(surface) == key


@given(st.lists(st.sampled_from([*"abcd", "it", "toy", "story", "2", "the", "of", "rings", "x"])))
def test_nothing_is_missed(words: list[str]) -> None:
    spans = range(len(words)), range(1, 7)
    there = [
        key
        for first in spans[0]
        for size in spans[1]
        if (key := " ".join(words[first : first + size])) in KEYS and first + size <= len(words)
    ]
    assert [key for key, _ in found(" ".join(words))] == there


@given(st.text(max_size=60))
@example("0:'&")
def test_a_folded_text_has_single_spaces_and_places_within_the_text(text: str) -> None:
    folded = fold(text)
    line = folded.data.tobytes().decode()
    assert line.startswith(" ")
    assert line.endswith(" ")
    assert "  " not in line.strip(" ")
    assert "'" not in line
    assert len(folded.place) == len(folded.data)
    assert all(0 <= place <= len(text) for place in folded.place)


def test_a_scanner_of_nothing_finds_nothing() -> None:
    assert len(TitleScanner([]).scan("it is heat").title) == 0


def test_long_texts_are_cut_at_lines() -> None:
    text = ("toy story of it\n" * 90_000)[:-1]
    matches = SCANNER.scan(text)
    assert len(matches.title) == 3 * 90_000
    assert text[matches.start[-1] : matches.end[-1]] == "it"
