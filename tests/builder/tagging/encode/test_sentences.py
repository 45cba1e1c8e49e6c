from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.records import FieldSource
from builder.tagging.encode.sentences import (
    split_items,
    split_phrases,
    split_prose,
    split_reason,
    unique_texts,
)
from tests.factories import make_item, make_text

Reject = Callable[[str, str, str], None]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param("A dog dies. It rains!", ["A dog dies.", "It rains!"], id="two"),
        pytest.param("Mr. Fox and J. R. Bell met Dr. No.", None, id="titles-and-initials"),
        pytest.param('"Run!" She runs.', ['"Run!"', "She runs."], id="quotation"),
        pytest.param("It cost 3.5 dollars and more... or less.", None, id="no-capital-after"),
        pytest.param("", [], id="empty"),
    ],
)
def test_prose_is_split_at_ends_of_sentences(text: str, sentences: list[str] | None) -> None:
    assert split_prose(text) == ([text] if sentences is None else sentences)


@given(st.lists(st.sampled_from(["He runs.", "Dr. Lee waits!", "Who?", '"No."'])))
def test_splitting_prose_keeps_every_word(sentences: list[str]) -> None:
    assert " ".join(split_prose(" ".join(sentences))) == " ".join(sentences)


def test_phrases_of_a_list_stand_once_and_never_empty() -> None:
    assert split_phrases("dog,  dead  dog, , dog") == ["dog", "dead dog"]


def test_a_reason_is_read_whole_and_by_its_phrases() -> None:
    reason = "Rated R for strong bloody violence, language and some drug use"
    phrases = ["Rated R", "strong bloody violence", "language", "some drug use"]
    assert split_reason(reason) == [reason, *phrases]
    assert split_reason("language") == ["language"]


def test_genres_are_a_text_of_the_source_that_named_them(reject: Reject) -> None:
    origin = (
        FieldSource("year", "x", "MIT", ""),
        FieldSource("genres", "ours", "CC0-1.0", "2026-11-21"),
    )
    film = make_item("a", "A", genres=("Horror", "Drama"), provenance=origin)
    found = split_items([film], ["genres"], 9, reject)
    assert [(s.kind, s.text, s.source, s.licence, s.retrieved) for s in found] == [
        ("genres", "Horror", "ours", "CC0-1.0", "2026-11-21"),
        ("genres", "Drama", "ours", "CC0-1.0", "2026-11-21"),
    ]


def test_same_words_share_a_vector_and_rows_do_not_depend_on_the_order_of_items(
    reject: Reject,
) -> None:
    first = make_item("a", texts=(make_text("It rains. A dog dies."),))
    second = make_item("b", texts=(make_text("zebra, It rains.", kind="tags", source="theirs"),))
    forth = split_items([first, second], ["plot", "tags"], 9, reject)
    assert [(s.item_id, s.kind, s.text, s.source, s.index, s.vector) for s in forth] == [
        ("a", "plot", "It rains.", "ours", 0, 1),
        ("a", "plot", "A dog dies.", "ours", 1, 0),
        ("b", "tags", "zebra", "theirs", 0, 2),
        ("b", "tags", "It rains.", "theirs", 1, 1),
    ]
    assert unique_texts(forth) == ["A dog dies.", "It rains.", "zebra"]
    back = split_items([second, first], ["plot", "tags"], 9, reject)
    assert unique_texts(back) == unique_texts(forth)


def test_what_is_not_embedded_is_rejected(
    reject: Reject, rejected: list[tuple[str, str, str]]
) -> None:
    texts = (
        make_text("One. Two. Three."),
        make_text("Blood", kind="descriptors"),
    )
    kept = split_items([make_item("a", texts=texts)], ["plot"], 2, reject)
    assert [s.text for s in kept] == ["One.", "Two."]
    assert rejected == [
        ("a plot of ours", "text truncated", "1 sentences past the limit"),
        ("a descriptors of ours", "kind of text not embedded", "Blood"),
    ]
