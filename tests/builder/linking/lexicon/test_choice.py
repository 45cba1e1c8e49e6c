from __future__ import annotations

import pytest

from builder.linking.lexicon.choice import Choice, Chooser
from builder.records import Domain
from tests.factories import make_item

IDS = ("old", "new", "game")


def chooser(**popularity: int) -> Chooser:
    rows: list[tuple[str, Domain, int | None]] = [
        ("old", "film", 1953),
        ("new", "film", 1997),
        ("game", "game", 1997),
        ("some", "film", None),
    ]
    return Chooser(
        [
            make_item(i, "Titanic", year, domain=domain, popularity=popularity.get(i))
            for i, domain, year in rows
        ]
    )


@pytest.mark.parametrize(
    ("year", "domain", "named", "choice"),
    [
        (1953, None, frozenset(), Choice("old", 1.0, 0)),
        (1954, None, frozenset(), Choice("old", 1.0, 1)),
        (1960, None, frozenset(), Choice(None, 0.0, None)),
        (1997, "film", frozenset(), Choice("new", 1.0, 0)),
        (1997, None, frozenset(), Choice("new", 0.0, 0)),
        (None, "game", frozenset(), Choice("game", 1.0, None)),
        (None, None, frozenset({"old"}), Choice("old", 1.0, None)),
        (None, "film", frozenset(), Choice("old", 0.0, None)),
    ],
)
def test_year_thread_and_community_decide(
    year: int | None, domain: Domain | None, named: frozenset[str], choice: Choice
) -> None:
    assert chooser().choose(IDS, year, domain=domain, named=named) == choice


def test_the_popular_one_leads_by_the_ratio_of_ratings() -> None:
    found = chooser(old=1, new=200).choose(IDS[:2], None, domain=None, named=frozenset())
    assert (found.item_id, round(found.lead, 3)) == ("new", 0.979)
    assert chooser(new=10**6).choose(IDS[:2], None, domain=None, named=frozenset()).lead == 1.0


def test_an_item_without_a_year_is_of_no_year() -> None:
    assert chooser().of_year(("some",), 1997) == []
    assert chooser().years_off("some", 1997) is None


@pytest.mark.parametrize(
    ("popularity", "named", "meant"),
    [
        ({"old": 1, "some": 200}, frozenset[str](), "some"),
        ({"old": 50, "some": 200}, frozenset[str](), "old"),
        ({}, frozenset[str](), "old"),
        ({}, frozenset({"some"}), "some"),
        ({"some": 200}, frozenset({"old"}), "old"),
    ],
    ids=["far better known", "better known", "nobody rated", "named", "the other named"],
)
def test_another_spelling_is_meant_where_much_speaks_for_it(
    popularity: dict[str, int], named: frozenset[str], meant: str
) -> None:
    own = chooser(**popularity)
    found = own.choose(("old",), None, domain=None, named=named, similar=("some",))
    assert found.item_id == meant
