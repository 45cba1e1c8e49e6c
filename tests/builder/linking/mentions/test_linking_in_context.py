"""What a date, popularity, the other speaker and a question say about titles without a year."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from builder.linking.lexicon.lexicon import Lexicon
from builder.linking.lexicon.popularity_rank import PopularityRank
from builder.linking.mentions.linker import link_dialog
from builder.records import TurnRole
from tests.factories import make_dialog, make_item, make_turn
from tests.support.linking import RULES

ROWS = [
    ("Halloween", 1978, 240_000), ("Halloween", 2018, 160_000), ("Smart", 2016, None),
    ("Parasite", 1982, 90_000), ("Parasite", 2019, 850_000), ("Joker", 2019, 900_000),
    ("Emma Stone", 2017, None), ("Jerry Maguire", 1996, 800_000), ("Midway", 2019, 300_000),
    ("Fast & Furious Presents: Hobbs & Shaw", 2019, 500_000), ("Endgame", 2009, 2_000),
    ("Avengers: Endgame", 2019, 1_000_000), ("Pursuit of Happiness", 2001, 3_000),
    ("The Pursuit of Happyness", 2006, 600_000), ("Ring", 1998, 800), ("Dune", 2021, 700_000),
]  # fmt: skip
ITEMS = [
    make_item(f"{title} ({year})", title, year, popularity=votes) for title, year, votes in ROWS
]
LEXICON = Lexicon(ITEMS)


def linked(*texts: str, year: int | None = None) -> list[str]:
    """Return the items that a seeker and a recommender name in turn, in a dialog of a year."""
    roles: tuple[TurnRole, ...] = ("seeker", "recommender")
    held = int(datetime(year, 6, 1, tzinfo=UTC).timestamp()) if year else 0
    turns = tuple(
        make_turn(
            text,
            turn_id=f"t{n}",
            author=roles[n % 2],
            role=roles[n % 2],
            created_utc=held,
            reply_to=f"t{n - 1}" if n else None,
        )
        for n, text in enumerate(texts)
    )
    dialog = make_dialog(*turns, community="", created_utc=held)
    return [m.item_id for m in link_dialog(dialog, LEXICON, RULES) if m.item_id is not None]


@pytest.mark.parametrize(
    ("text", "year", "items"),
    [
        ("Have you seen Parasite?", 2019, ["Parasite (2019)"]),
        ("Have you seen Parasite?", 1990, ["Parasite (1982)"]),
        ("I saw the new Halloween", 2018, ["Halloween (2018)"]),
        ("I saw the new Halloween", 2008, []),
        ("I saw the new Halloween", None, []),
        ("Have you seen Dune?", 2019, ["Dune (2021)"]),
    ],
    ids=["of that year", "not yet", "new", "new, long ago", "undated", "to come, but the only one"],
)
def test_the_date_of_the_talk_chooses(text: str, year: int | None, items: list[str]) -> None:
    assert linked(text, year=year) == items


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Funny, Smart, and kind. I love Emma Stone", []),
        ("I love Jerry Maguire", ["Jerry Maguire (1996)"]),
        ("I love Pursuit of Happiness", ["The Pursuit of Happyness (2006)"]),
        ("Toys and Endgame", ["Avengers: Endgame (2019)"]),
        ("I just saw Hobbs & Shaw.", ["Fast & Furious Presents: Hobbs & Shaw (2019)"]),
        ('He is in a "ring" all day', []),
    ],
)
def test_what_hardly_anyone_knows_is_hardly_meant(text: str, items: list[str]) -> None:
    assert linked(text) == items


def test_a_title_that_both_speakers_name_is_one() -> None:
    assert linked("I like midway of it all") == []
    assert linked("i saw midway of course", "And how did you like Midway then") == [
        "Midway (2019)",
        "Midway (2019)",
    ]


def test_a_title_is_the_answer_to_a_question_for_one() -> None:
    asked = "What is the last movie you watched?"
    assert linked("hi", "How are you?", "joker.") == []
    assert linked("hi", asked, "joker.") == ["Joker (2019)"]
    assert linked("hi", asked, "the joker in me says no") == []


def test_popularity_ranks_within_a_domain_and_is_silent_where_few_are_counted() -> None:
    films = [make_item(f"f{n}", "x", popularity=n) for n in (0, 1, 99, 9_999)]
    games = [make_item(f"g{n}", "x", domain="game", popularity=7 if n else None) for n in range(3)]
    few = [make_item(f"s{n}", "x", domain="game", popularity=None if n else 7) for n in range(3)]
    rank = PopularityRank([*films, *games])
    assert [rank.of(f"f{n}") for n in (0, 99, 9_999)] == pytest.approx([0.0, 0.5, 1.0])
    assert [rank.of("g0"), rank.of("g1"), rank.of("nobody")] == [0.0, 1.0, None]
    assert PopularityRank([*films, *few]).of("s0") is None


def test_popularity_is_high_where_all_are_known_and_ranks_where_counts_are_low() -> None:
    known = [make_item(f"k{n}", "x", popularity=n) for n in (10**5, 10**6)]
    assert PopularityRank(known).of("k100000") == pytest.approx(5 / 6, abs=0.001)
    counts = (1, 1, 1, 3, 50)
    films = [make_item(f"c{n}", "x", popularity=c) for n, c in enumerate(counts)]
    assert PopularityRank(films).of("c3") == pytest.approx(0.6)
