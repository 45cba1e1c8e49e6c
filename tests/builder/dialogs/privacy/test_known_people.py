from __future__ import annotations

import pytest

from builder.dialogs.privacy.known_people import SourceAuthors, ThreadPeople
from builder.dialogs.privacy.people import PersonSpan
from builder.dialogs.privacy.protection import Privacy
from tests.factories import make_post, make_thread


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("RetractCanary44 nailed it", ["RetractCanary44"]),
        ("retractcanary44's list", ["retractcanary44"]),
        ("RetractCanary447 and xRetractCanary44", []),
        ("a velvet fox, velvet said velvet", ["velvet"]),
        ("thanks, velvet", ["velvet"]),
        ("İ wrote to RetractCanary44", ["RetractCanary44"]),
        ("Torvaldina, hope it helps", ["Torvaldina"]),
        ("torvaldina-marie", ["torvaldina"]),
    ],
    ids=["name", "case", "longer", "word", "called", "longer in lower case", "own", "hyphen"],
)
def test_a_thread_names_its_people(text: str, named: list[str]) -> None:
    people = ThreadPeople(["RetractCanary44", "velvet"], ["Torvaldina"])
    assert [text[span.start : span.end] for span in people.spans(text)] == named


def test_a_thread_without_names_names_nobody() -> None:
    assert list(ThreadPeople([], []).spans("Heat")) == []


def test_only_distinctive_authors_of_a_source_are_looked_for() -> None:
    authors = SourceAuthors()
    for author in ("QuoteCanary55", "film_fan", "Heat", "1980s", "sci-fi", "DiCaprio"):
        authors.add(author)
    text = "QuoteCanary55, film_fan; Heat 1980s sci-fi DiCaprio quotecanary55"
    assert list(authors.spans(text)) == [PersonSpan(0, 13, "USER"), PersonSpan(15, 23, "USER")]


def test_those_who_were_left_out_are_named_by_nobody() -> None:
    asked = make_thread("Films? FilmFan said Heat, and so did Alan44x.")
    left_out = make_post("t1_b", "[deleted]", author="FilmFan")
    thread = make_thread(asked.posts[0].text.text, as_read=(*asked.posts, left_out))
    privacy = Privacy(b"k")
    privacy.authors_of("ours").add("Alan44x")
    privacy.authors_of("another").add("Heat1995")
    [turn] = privacy.protect(thread).turns
    assert turn.text == "Films? <USER> said Heat, and so did <USER>."


def test_a_thread_of_many_authors_is_read_to_its_end() -> None:
    replies = [
        make_post(f"t1_{n}", f"as Odd-Name{n - 1} said, Heat", author=f"Odd-Name{n}")
        for n in range(1, 20_000)  # minutes, were every post searched for every name in turn
    ]
    turns = Privacy(b"k").protect(make_thread("Films?", *replies, author="Odd-Name0")).turns
    assert {turn.text for turn in turns} == {"Films?", "as <USER> said, Heat"}
