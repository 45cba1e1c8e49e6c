from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.catalog.draft import Draft, text_of
from builder.catalog.tidy import Limits, tidy_draft, without_markup
from builder.sources import Reject
from tests.factories import make_catalog_source, make_draft

Rejected = list[tuple[str, str, str]]

LIMITS = Limits(max_title_chars=100, max_text_chars=100)


def draft_of(plot: str, title: str = "Saw") -> Draft:
    return make_draft(
        "imdb:tt0387564", title, 2004, texts=text_of(make_catalog_source(), "plot", plot)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>A dog<br/>dies.</p>", " A dog dies. "),
        ("Tom &amp; Jerry&#39;s war", "Tom & Jerry's war"),
        ("<script>if (a < b) x()</script>Seen", " Seen"),
        ("a <!-- hidden <b> --> b", "a   b"),
        ("<style>a</STYLE >b<script>c<!-- d</script>e<!-- f", " b e<!-- f"),
        ("<script>" * 200_000 + "x", " " * 200_000 + "x"),
        ("1 < 2 and 3 > 2, she <3 him", "1 < 2 and 3 > 2, she <3 him"),
        ("&notanentity; &", "¬anentity; &"),
    ],
    ids=[
        "tags",
        "entities",
        "script",
        "comment",
        "several",
        "unclosed",
        "no markup",
        "entity without end",
    ],
)
def test_markup_is_left_out(text: str, expected: str) -> None:
    assert without_markup(text) == expected


@given(st.text(st.characters(exclude_characters="<&")))
def test_text_without_markup_stays(text: str) -> None:
    assert without_markup(text) == text


def test_what_is_left_out_is_counted(reject: Reject, rejected: Rejected) -> None:
    found = tidy_draft(draft_of("<b>He\x00 wakes</b>\x1b up.\u202e"), LIMITS, reject)
    assert found is not None
    assert found.texts[0].text == "He wakes up."
    assert rejected == [
        ("a:1", "markup removed", "plot: 5 characters"),
        ("a:1", "control characters removed", "plot: 3"),
    ]


def test_ten_megabytes_are_cut_at_a_word_and_counted(reject: Reject, rejected: Rejected) -> None:
    found = tidy_draft(
        draft_of("a dog dies " * 1_000_000), Limits(max_title_chars=100, max_text_chars=15), reject
    )
    assert found is not None
    assert found.texts[0].text == "a dog dies a"
    assert rejected == [
        ("a:1", "text truncated", "plot of 10,999,999 characters, the first 15 kept")
    ]


def test_a_title_of_markup_alone_is_no_title(reject: Reject, rejected: Rejected) -> None:
    assert tidy_draft(draft_of("", title="<i></i>\x07"), LIMITS, reject) is None
    assert rejected[-1] == ("a:1", "no title", "imdb:tt0387564")


def test_names_beyond_the_limit_are_left_out_and_counted(
    reject: Reject, rejected: Rejected
) -> None:
    row = replace(draft_of("", title="x" * 100), aliases=("y" * 101, "z"))
    found = tidy_draft(row, LIMITS, reject)
    assert found is not None
    assert (found.title, found.aliases) == ("x" * 100, ("z",))
    assert tidy_draft(replace(row, title="x" * 101), LIMITS, reject) is None
    assert rejected == [
        ("a:1", "alias too long", "101 characters"),
        ("a:1", "title too long", "101 characters"),
    ]


def test_a_clean_draft_stays_as_it_is(reject: Reject, rejected: Rejected) -> None:
    clean = draft_of("Two men wake up.")
    assert tidy_draft(clean, LIMITS, reject) == clean
    assert rejected == []


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Shining, The", "The Shining"),
        ("Avventura, L'", "L'Avventura"),
        ("War, the Game", "War, the Game"),
    ],
)
def test_an_article_stands_in_front(reject: Reject, written: str, title: str) -> None:
    row = replace(draft_of("", title=written), aliases=(written,))
    found = tidy_draft(row, LIMITS, reject)
    assert found is not None
    assert (found.title, found.aliases) == (title, (title,))
