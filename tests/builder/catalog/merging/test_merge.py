from __future__ import annotations

from typing import Any

import pytest

from builder.catalog.draft import Draft
from builder.catalog.merging.merge import merge_drafts
from builder.catalog.tidy import Limits, tidy_draft
from builder.records import FieldSource
from builder.sources import Reject
from tests.factories import make_draft, make_rated_draft, make_source, make_text

Rejected = list[tuple[str, str, str]]


def test_sources_join_by_any_shared_id(reject: Reject, rejected: Rejected) -> None:
    items, evidence, _ = merge_drafts(
        [
            make_rated_draft("imdb:tt1", spec=make_source("b"), adds_item=False),
            make_draft("imdb:tt1 tmdb:9", "Saw", 2004),
            make_rated_draft("tmdb:9", spec=make_source("c"), adds_item=False),
        ],
        reject,
    )
    assert [(item.item_id, item.title) for item in items] == [("imdb:tt1", "Saw")]
    assert [found.item_id for found in evidence] == ["imdb:tt1", "imdb:tt1"]
    assert rejected == []


def test_a_source_without_ids_joins_by_title_and_near_year(
    reject: Reject, rejected: Rejected
) -> None:
    _, evidence, conflicts = merge_drafts(
        [
            make_draft("imdb:tt1", "The Thing", 1982),
            make_draft("imdb:tt2", "The Thing", 2011),
            make_rated_draft(title="The Thing", year=1983, spec=make_source("b"), adds_item=False),
            make_rated_draft(
                title="The Thing", year=1996, spec=make_source("b"), adds_item=False, place="b:7"
            ),
        ],
        reject,
    )
    assert [found.item_id for found in evidence] == ["imdb:tt1"]
    assert conflicts == {"year": 1}
    assert [(place, reason) for place, reason, _ in rejected] == [
        ("b:7", "no matching item"),
        ("a:1", "conflicting year"),
    ]


def test_two_films_of_one_title_and_year_stay_two(reject: Reject) -> None:
    items, _, _ = merge_drafts(
        [
            make_draft("imdb:tt1", "Aladdin", 1992),
            make_draft("imdb:tt2", "Aladdin", 1992, spec=make_source("b")),
        ],
        reject,
    )
    assert [item.item_id for item in items] == ["imdb:tt1", "imdb:tt2"]


def test_a_duplicate_id_in_one_source_is_rejected(reject: Reject, rejected: Rejected) -> None:
    items, _, _ = merge_drafts(
        [make_draft("imdb:tt1", "Saw", 2004), make_draft("imdb:tt1", "Saw", 2004, place="a:2")],
        reject,
    )
    assert len(items) == 1
    assert rejected == [("a:2", "duplicate id", "Saw (2004) imdb:tt1 stands in ours twice")]


def test_the_first_source_wins_and_every_field_says_whose_it_is(
    reject: Reject, rejected: Rejected
) -> None:
    [item], _, conflicts = merge_drafts(
        [
            make_draft("imdb:tt1", "Saw", 2004),
            make_draft(
                "imdb:tt1",
                "SAW: The Movie",
                2004,
                spec=make_source("b", licence="MIT", retrieved="2026-01-02"),
                genres=("Horror",),
                rating="R",
                popularity=0,
                texts=(
                    make_text(
                        "Two men wake up.", source="b", licence="MIT", retrieved="2026-01-02"
                    ),
                ),
            ),
        ],
        reject,
    )
    assert (item.title, item.aliases, item.rating) == ("Saw", ("SAW: The Movie",), "R")
    assert item.provenance == (
        FieldSource("item_id", "ours", "CC0-1.0", "2026-11-21"),
        FieldSource("title", "ours", "CC0-1.0", "2026-11-21"),
        FieldSource("year", "ours", "CC0-1.0", "2026-11-21"),
        FieldSource("rating", "b", "MIT", "2026-01-02"),
        FieldSource("aliases", "b", "MIT", "2026-01-02"),
        FieldSource("genres", "b", "MIT", "2026-01-02"),
        FieldSource("popularity", "b", "MIT", "2026-01-02"),
    )
    assert (conflicts, rejected) == ({}, [])


def joined(items: list[Draft], title: str, year: int | None, **more: Any) -> str | None:
    """Return the item that a row without ids joins, None where it joins none."""
    as_written = make_rated_draft(
        title=title, year=year, spec=make_source("b"), adds_item=False, **more
    )
    row = tidy_draft(as_written, Limits(max_title_chars=100, max_text_chars=9), lambda *_: None)
    assert row is not None
    _, evidence, _ = merge_drafts([*items, row], lambda *_: None)
    return evidence[0].item_id if evidence else None


FILMS = [
    make_draft("imdb:tt1", "The Thing", 1982),
    make_draft("imdb:tt2", "The Thing", 2011),
    make_draft("imdb:tt3", "Alien: Covenant", 2017),
    make_draft("imdb:tt4", "Alien", 1979),
    make_draft("imdb:tt5", "Amélie", 2001, aliases=("Le Fabuleux Destin d'Amélie Poulain",)),
    make_draft("imdb:tt6", "Smultronstället", 1957, aliases=("Wild Strawberries",)),
    make_draft("imdb:tt7", "Fargo", 2014, kind="series"),
    make_draft("imdb:tt8", "Fargo", 1996, kind="film"),
    make_draft("imdb:tt9", "The Office", 2005, kind="series"),
    make_draft("imdb:tt10", "The Office", 2005, kind="film"),
    make_draft("imdb:tt11", "Birdman: The Unexpected Virtue of Ignorance", 2014),
    make_draft("imdb:tt12", "Aladdin", 1992),
    make_draft("imdb:tt13", "Aladdin", 1992),
    make_draft("imdb:tt14", "Old Boy", 2003),
    make_draft("imdb:tt15", "Kød & Blod", 2020),
    make_draft("esrb:portal-2", "Portal 2", None, domain="game"),
]


@pytest.mark.parametrize(
    ("title", "year", "kind", "expected"),
    [
        pytest.param(*case, id=f"{rule}: {case[0]} {case[1]}")
        for rule, cases in {
            "remakes": [
                ("The Thing", 1982, None, "imdb:tt1"),
                ("The Thing", 2011, None, "imdb:tt2"),
                ("The Thing", 1996, None, None),
                ("The Thing", None, None, None),
            ],
            "two of one name and year": [("Aladdin", 1992, None, None)],
            "year off by one": [
                ("the thing", 2012, None, "imdb:tt2"),
                ("Alien", 1978, None, "imdb:tt4"),
                ("The Thing", 1984, None, None),
            ],
            "article": [
                ("Thing, The", 1982, None, "imdb:tt1"),
                ("Thing", 2011, None, "imdb:tt2"),
                ("Thing", 2012, None, None),
            ],
            "series or film": [
                ("Fargo", 2014, "series", "imdb:tt7"),
                ("Fargo", 2014, "film", None),
                ("Fargo", 1996, "film", "imdb:tt8"),
                ("The Office", 2005, "series", "imdb:tt9"),
                ("The Office", 2005, "film", "imdb:tt10"),
                ("The Office", 2005, None, None),
            ],
            "subtitle": [
                ("Alien Covenant", 2017, None, "imdb:tt3"),
                ("Alien", 2017, None, "imdb:tt3"),
                ("Birdman", 2014, None, "imdb:tt11"),
                ("Alien: Resurrection", 1997, None, None),
                ("Alien: Covenant: Advent", 2017, None, None),
            ],
            "diacritics": [
                ("AMELIE", 2001, None, "imdb:tt5"),
                ("Smultronstallet", 1957, None, "imdb:tt6"),
                ("Kod and Blod", 2020, None, "imdb:tt15"),
            ],
            "alias": [
                ("Le fabuleux destin d’Amelie Poulain", 2002, None, "imdb:tt5"),
                ("Wild Strawberries", 1957, None, "imdb:tt6"),
            ],
            "blanks": [("Oldboy", 2003, None, "imdb:tt14")],
            "a game is no film": [("Portal 2", 2011, None, None)],
        }.items()
        for case in cases
    ],
)
def test_a_row_joins_what_its_title_and_year_mean(
    title: str, year: int | None, kind: Any, expected: str | None
) -> None:
    assert joined(FILMS, title, year, kind=kind) == expected


def test_a_game_may_do_without_a_year() -> None:
    assert joined(FILMS, "PORTAL 2", 2011, domain="game") == "esrb:portal-2"
    assert joined(FILMS, "Portal", None, domain="game") is None


def test_a_row_that_could_be_two_items_is_rejected(reject: Reject, rejected: Rejected) -> None:
    merge_drafts(
        [*FILMS, make_draft(title="Aladdin", year=1992, adds_item=False, spec=make_source("b"))],
        reject,
    )
    assert rejected == [
        ("a:1", "several matching items", "Aladdin (1992) may be imdb:tt12, imdb:tt13")
    ]


def test_an_id_that_two_items_claim_finds_neither(reject: Reject, rejected: Rejected) -> None:
    items, evidence, _ = merge_drafts(
        [
            make_draft("imdb:tt1 tmdb:9", "Saw", 2004),
            make_draft("imdb:tt2 tmdb:9", "Saw II", 2005, place="a:2"),
            make_rated_draft("tmdb:9", spec=make_source("b"), adds_item=False, place="b:1"),
        ],
        reject,
    )
    assert [item.item_id for item in items] == ["imdb:tt1", "imdb:tt2"]
    assert evidence == []
    assert rejected == [
        (
            "a:2",
            "conflicting id",
            "tmdb:9 for imdb:tt2, imdb:tt1 has it too; neither is found by it",
        ),
        ("b:1", "several matching items", "tmdb:9 may be imdb:tt1, imdb:tt2"),
    ]


def test_a_row_whose_ids_contradict_an_item_joins_nothing(
    reject: Reject, rejected: Rejected
) -> None:
    _, evidence, _ = merge_drafts(
        [
            make_draft("imdb:tt1 tmdb:9", "Saw", 2004),
            make_rated_draft(
                "imdb:tt5 tmdb:9", "Saw", 2004, spec=make_source("b"), adds_item=False, place="b:1"
            ),
        ],
        reject,
    )
    assert evidence == []
    assert rejected == [
        (
            "b:1",
            "conflicting id",
            "Saw (2004) imdb:tt5 tmdb:9 is imdb:tt1 elsewhere, which was kept; the row is left out",
        )
    ]


def test_a_joining_row_teaches_an_id(reject: Reject, rejected: Rejected) -> None:
    third = make_source("c")
    _, evidence, _ = merge_drafts(
        [
            make_rated_draft("tmdb:9", spec=third, adds_item=False),
            make_draft("imdb:tt1", "Saw", 2004),
            make_rated_draft("imdb:tt1 tmdb:9", spec=make_source("b"), adds_item=False),
        ],
        reject,
    )
    assert [found.source for found in evidence] == ["c", "b"]
    assert rejected == []


def test_sources_without_a_common_id_are_united_by_title(reject: Reject) -> None:
    items, _, conflicts = merge_drafts(
        [
            make_draft("tmdb:9", "Saw", 2005, spec=make_source("b"), rating="R"),
            make_draft("imdb:tt1", "Saw", 2004, rating="NC-17"),
            make_draft("tmdb:10", "Saw", 2010, spec=make_source("b")),
            make_draft(title="Saw", year=2004, spec=make_source("c")),
        ],
        reject,
    )
    assert [(item.item_id, item.year) for item in items] == [("imdb:tt1", 2005), ("tmdb:10", 2010)]
    assert conflicts == {"year": 2, "rating": 1}


def test_a_title_that_nobody_else_gives_is_reported(reject: Reject, rejected: Rejected) -> None:
    items, _, conflicts = merge_drafts(
        [
            make_draft(
                "imdb:tt1", "Spirited Away", 2001, aliases=("Sen to Chihiro no kamikakushi",)
            ),
            make_draft("imdb:tt1", "Heat", spec=make_source("b"), adds_item=False, place="b:1"),
            make_draft(
                "imdb:tt1",
                "Sen to Chihiro no Kamikakushi",
                spec=make_source("c"),
                adds_item=False,
            ),
        ],
        reject,
    )
    given = ("Sen to Chihiro no kamikakushi", "Heat", "Sen to Chihiro no Kamikakushi")
    assert items[0].aliases == given
    assert conflicts == {"title": 1}
    detail = "'Heat' for imdb:tt1, 'Spirited Away' kept, the other as an alias"
    assert rejected == [("b:1", "conflicting title", detail)]


def test_genres_of_all_sources_are_joined(reject: Reject) -> None:
    [item], _, _ = merge_drafts(
        [
            make_draft("imdb:tt1", "Saw", 2004, genres=("Horror",)),
            make_draft(
                "imdb:tt1", "Saw", 2004, spec=make_source("b"), genres=("Thriller", "Horror")
            ),
        ],
        reject,
    )
    assert item.genres == ("Horror", "Thriller")
    assert [part.source for part in item.provenance if part.field == "genres"] == ["ours", "b"]
