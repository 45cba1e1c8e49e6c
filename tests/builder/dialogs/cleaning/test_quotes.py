from __future__ import annotations

import pytest

from builder.dialogs.cleaning.quotes import drop_repeated_quotes
from tests.factories import make_post, make_thread

ASK = "Films with trains?\n\nNothing sad, please: no dog dies."
LINE = "> I see dead people"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("> Nothing sad, please\n\nThen Snowpiercer", "Then Snowpiercer"),
        ("> NOTHING *sad*\n> no dog dies\n\nOk", "Ok"),
        (f"{LINE}\n\nwhich film is that?", f"{LINE}\n\nwhich film is that?"),
        ("> Nothing sad, please", ""),
        (f"> Films with trains?\n{LINE}\n\nHeat", f"{LINE}\n\nHeat"),
    ],
    ids=["repeats", "two lines", "new", "nothing else", "one of two"],
)
def test_a_quote_that_repeats_the_thread_goes(said: str, left: str) -> None:
    settled = drop_repeated_quotes(make_thread(ASK, make_post("t1_b", said)), frozenset())
    assert settled.posts[1].text.text == left


def test_the_marks_stay_on_their_words() -> None:
    asked = make_thread(ASK, make_post("t1_b", f"> Nothing sad\n\n*Heat*\n\n{LINE}"))
    text = drop_repeated_quotes(asked, frozenset()).posts[1].text
    assert [(text.text[s.start : s.end], s.kind) for s in text.spans] == [
        ("Heat", "emphasis"),
        ("I see dead people", "quote"),
    ]


@pytest.mark.parametrize(
    ("other", "gone"), [("[deleted]", frozenset[str]()), ("Heat", frozenset({"t1_b"}))]
)
def test_no_quote_stays_where_a_post_is_gone(other: str, gone: frozenset[str]) -> None:
    asked = make_thread(ASK, make_post("t1_b", other), make_post("t1_c", f"{LINE}\n\nyes"))
    assert drop_repeated_quotes(asked, gone).posts[2].text.text == "yes"


def test_a_thread_without_quotes_is_the_same() -> None:
    asked = make_thread(ASK, make_post("t1_b", "Heat"))
    assert drop_repeated_quotes(asked, frozenset()) is asked


def test_a_thread_of_many_quotes_is_settled_to_its_end() -> None:
    replies = [
        make_post(f"t1_{n}", f"> line {n - 1} of the thread\n\nline {n} of the thread")
        for n in range(1, 5_000)  # minutes, were every quote looked for in every post in turn
    ]
    settled = drop_repeated_quotes(make_thread("Line 0 of the thread", *replies), frozenset())
    assert settled.posts[2].text.text == "line 2 of the thread"
    assert not any(">" in post.text.text for post in settled.posts)


def test_a_post_may_quote_itself_alone() -> None:
    said = f"{LINE}\n\nI see dead people"
    settled = drop_repeated_quotes(make_thread(ASK, make_post("t1_b", said)), frozenset())
    assert settled.posts[1].text.text == said
