from __future__ import annotations

import pytest

from builder.evaluation.listed_items import Listed, hits, listed_items, verdicts_on
from builder.oracle.files.oracle import Oracle
from builder.titles import parse_title
from tests.factories import DOGS, GORE, make_item, make_oracle, make_risk

FILMS = [
    make_item("heat", "Heat", 1995),
    make_item("shining", "The Shining", 1980, aliases=("Overlook",)),
    make_item("lion-94", "The Lion King", 1994),
    make_item("lion-19", "The Lion King", 2019),
    make_item("attic", "Attic", None),
    make_item("crash-a", "Crash", 2004),
    make_item("crash-b", "Crash", 2004),
]


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    risks = [make_risk(film.item_id, GORE, "safe") for film in FILMS]
    risks += [make_risk("heat", DOGS, "unsafe"), make_risk("shining", DOGS, "safe")]
    return make_oracle(risks, FILMS)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Heat (1995)", Listed("heat", ("heat",))),
        ("Heat (1997)", Listed("heat", ("heat",))),
        ("Heat (1998)", Listed(None, ())),
        ("Heat", Listed("heat", ())),
        ("Attic", Listed("attic", ("attic",))),
        ("Attic (2001)", Listed(None, ())),
        ("shining (1980)", Listed("shining", ("shining",))),
        ("Overlook (1980)", Listed("shining", ("shining",))),
        ("The Lion King (2018)", Listed("lion-19", ("lion-19",))),
        ("The Lion King", Listed(None, ())),
        ("Crash (2004)", Listed(None, ("crash-a", "crash-b"))),
        ("No Such (1999)", Listed(None, ())),
    ],
    ids=[
        "exact",
        "two years off",
        "three years off",
        "no year hits no item of a year",
        "no year hits an item without",
        "a year hits no item without",
        "article",
        "alias",
        "remake",
        "no year, two items",
        "two of one title and year",
        "invented",
    ],
)
def test_a_listed_title_means_an_item(oracle: Oracle, title: str, expected: Listed) -> None:
    assert listed_items([parse_title(title)], oracle) == (expected,)


def one(item_id: str) -> Listed:
    return Listed(item_id, (item_id,))


BOTH = Listed(None, ("crash-a", "crash-b"))


@pytest.mark.parametrize(
    ("listed", "truth", "expected"),
    [
        ([one("heat"), one("shining")], ("shining",), (False, True)),
        ([one("heat"), one("heat")], ("heat",), (True, False)),
        ([BOTH], ("crash-b",), (True,)),
        ([BOTH] * 3, ("crash-a", "crash-b"), (True, True, False)),
        ([Listed("heat", ())], ("heat",), (False,)),
        ([], ("heat",), ()),
    ],
    ids=["one of two", "hit once", "one that it can mean", "each once", "no year", "empty list"],
)
def test_hits(listed: list[Listed], truth: tuple[str, ...], expected: tuple[bool, ...]) -> None:
    assert hits(listed, truth) == expected


def test_a_title_that_means_no_item_or_several_has_no_verdict(oracle: Oracle) -> None:
    listed = [one("heat"), one("shining"), BOTH, Listed(None, ())]
    assert verdicts_on(listed, oracle, [GORE]) == ("safe", "safe", "unknown", "unknown")
    assert verdicts_on(listed, oracle, [GORE, DOGS]) == ("unsafe", "safe", "unknown", "unknown")
