from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.mentions.chunks import chunks
from builder.linking.mentions.linker import link_dialog
from builder.records import Span, Turn
from tests.factories import make_turn
from tests.support.linking import RULES, dialog_of


def turn(text: str, *spans: Span) -> Turn:
    return make_turn(text, turn_id="t", author="a", created_utc=1, spans=spans)


@given(st.text(alphabet="ab .,\n\u200b\u05d0", max_size=40).map(lambda text: text * 500))
def test_joined_pieces_are_the_text(text: str) -> None:
    found = list(chunks(turn(text)))
    assert "".join(piece.text for _, piece in found) == text
    assert [offset for offset, _ in found] == [
        sum(len(piece.text) for _, piece in found[:number]) for number in range(len(found))
    ]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("word. " * 400 + "line\n" + "word. " * 600, 2405),
        ("word. " * 1000, 4000 - 4000 % 6),
        ("word " * 1000, 4000),
        ("x" * 5000, 4000),
        ("x" * 4000, 4000),
    ],
    ids=["line", "sentence", "word", "nowhere", "short enough"],
)
def test_a_piece_ends_where_a_reader_would_stop(text: str, size: int) -> None:
    assert len(next(chunks(turn(text)))[1].text) == size


def test_spans_are_cut_with_the_text() -> None:
    text = "word " * 1000
    first, second = (piece.spans for _, piece in chunks(turn(text, Span(3990, 4010, "quote"))))
    assert first == (Span(3990, 4000, "quote"),)
    assert second == (Span(0, 10, "quote"),)


@pytest.mark.parametrize(
    "filler",
    [
        "a " * 8_000, "Nothing is said. ", "\u200b\u202e\u05e9\u05dc\u05d5\u05dd\u202c ",
        "(((1995) ", "\n", "'\"*",
    ],
    ids=["a megabyte", "prose", "right to left and zero width", "brackets", "lines", "signs"],
)  # fmt: skip
def test_titles_at_both_ends_of_a_long_body_are_linked(lexicon: Lexicon, filler: str) -> None:
    text = "Heat (1995).\n" + filler * max(60, 60_000 // len(filler)) + "\nRonin (1998)"
    dialog = replace(dialog_of([("seeker", "")], ""), turns=(turn(text),))
    found = link_dialog(dialog, lexicon, RULES)
    assert [(m.surface, text[m.start : m.end]) for m in found] == [
        ("Heat (1995)", "Heat (1995)"),
        ("Ronin (1998)", "Ronin (1998)"),
    ]
