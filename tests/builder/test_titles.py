from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.titles import Named, TitleIndex, TitleYear, parse_title, title_key, without_article

INDEX = TitleIndex(
    [
        Named("thing-1982", ("The Thing",), 1982),
        Named("thing-2011", ("The Thing",), 2011),
        Named("dune-1984", ("Dune",), 1984),
        Named("up", ("Up",), 2009),
        Named("amelie", ("Amélie", "Le Fabuleux Destin d'Amélie Poulain"), 2001),
        Named("undated", ("Undated Game",), None),
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Shining, The (1980)", TitleYear("The Shining", 1980)),
        ("Avventura, L' (1960)", TitleYear("L'Avventura", 1960)),
        ("2001: A Space Odyssey (1968)", TitleYear("2001: A Space Odyssey", 1968)),
        ("1984", TitleYear("1984", None)),
        ("Blade Runner 2049", TitleYear("Blade Runner 2049", None)),
        ("Léon: The Professional (1994) ", TitleYear("Léon: The Professional", 1994)),
    ],
)  # fmt: skip
def test_a_publishers_title_gives_title_and_year(text: str, expected: TitleYear) -> None:
    assert parse_title(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amélie", "AMELIE"),
        ("WALL·E", "Wall-E"),
        ("Fast & Furious", "Fast and Furious"),
        ("Ocean's Eleven", "Oceans Eleven"),
        ("Se7en ", "se7en"),
    ],
)
def test_spellings_of_one_title_share_a_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_different_titles_have_different_keys() -> None:
    assert title_key("The Thing") != title_key("Thing")
    assert without_article(title_key("The Thing")) == "thing"
    assert without_article("the") == "the"


@pytest.mark.parametrize(
    ("title", "year", "expected"),
    [
        ("The Thing", 1982, "thing-1982"),
        ("Thing, The", 1982, None),
        ("thing", 2012, "thing-2011"),
        ("The Thing", 1996, None),
        ("The Thing", None, None),
        ("The Up", 2009, "up"),
        ("up", None, "up"),
        ("Dune", 1986, "dune-1984"),
        ("Dune", 1987, None),
        ("le fabuleux destin d’Amelie Poulain", 2001, "amelie"),
        ("Undated Game", 2001, None),
        ("Undated Game", None, "undated"),
        ("Nothing of the kind", 2001, None),
    ],
)
def test_a_title_resolves_to_one_item_or_none(
    title: str, year: int | None, expected: str | None
) -> None:
    assert INDEX.resolve(title, year).item_id == expected


def test_an_abstention_keeps_its_candidates() -> None:
    assert INDEX.resolve("The Thing", 1996).candidates == ("thing-1982", "thing-2011")


@given(st.text())
def test_a_key_is_its_own_key(title: str) -> None:
    assert title_key(title_key(title)) == title_key(title)


@given(st.text("abcdefgh ", min_size=1).map(str.strip).filter(bool), st.integers(1900, 2030))
def test_a_rendered_title_parses_back(title: str, year: int) -> None:
    assert parse_title(str(TitleYear(title, year))) == TitleYear(title, year)
