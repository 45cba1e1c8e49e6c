from __future__ import annotations

import pytest

from builder.errors import InputError
from builder.oracle.lookup import Oracle, Purpose
from builder.records import Item, Risk, Verdict
from builder.titles import parse_title

GORE = "Anti-gore / squeamish"


def item(item_id: str, title: str, year: int | None, *aliases: str) -> Item:
    return Item(item_id, "film", title, year, aliases, (), None, (), ())


def risk(item_id: str, verdict: Verdict, oracle: str = "build", trait: str = GORE) -> Risk:
    return Risk(item_id, trait, oracle, verdict, None, 0.0, 1.0, 0, None, "", ())


CATALOGUE = (
    item("imdb:1", "The Shining", 1980, "Shining"),
    item("imdb:2", "Up", 2009),
    item("imdb:3", "The Lion King", 1994),
    item("imdb:4", "The Lion King", 2019),
    item("imdb:5", "Heat", 1995),
)
RISKS = (risk("imdb:1", "unsafe"), risk("imdb:2", "safe"), risk("imdb:3", "safe"))


def oracle() -> Oracle:
    return Oracle.of(RISKS, CATALOGUE, purpose="build")


@pytest.mark.parametrize(
    ("title", "year", "expected"),
    [
        pytest.param("The Shining", 1980, "unsafe", id="exact"),
        pytest.param("Shining, The", 1980, "unknown", id="unparsed trailing article means no item"),
        pytest.param("shining", 1980, "unsafe", id="article and case do not matter"),
        pytest.param("The Shining", 1982, "unsafe", id="two years off"),
        pytest.param("The Shining", 1983, "unknown", id="three years off"),
        pytest.param("Up", None, "safe", id="no year, unique title"),
        pytest.param("The Lion King", 1994, "safe", id="year tells remakes apart"),
        pytest.param("The Lion King", None, "unknown", id="two items without a year"),
        pytest.param("The Lion King", 2019, "unknown", id="item without a row"),
        pytest.param("Heat", 1995, "unknown", id="item the oracle never saw"),
        pytest.param("Gentle Invention", 2001, "unknown", id="invented title"),
    ],
)
def test_verdict_by_title(title: str, year: int | None, expected: Verdict) -> None:
    assert oracle().verdict(title, year, GORE) == expected


def test_another_trait_is_unknown() -> None:
    assert oracle().verdict("Up", 2009, "Needle/medical procedure phobia") == "unknown"


def test_a_list_keeps_its_order() -> None:
    listed = [parse_title(t) for t in ("Up (2009)", "Nothing (1999)", "Shining, The (1980)")]
    assert oracle().verdicts(listed, GORE) == ("safe", "unknown", "unsafe")


@pytest.mark.parametrize(
    ("found", "purpose"), [("grade", "build"), ("build", "grade")], ids=["reward", "grade"]
)
def test_an_oracle_refuses_the_other_purpose(found: str, purpose: Purpose) -> None:
    with pytest.raises(InputError, match=f"oracle '{found}': was asked to {purpose}"):
        Oracle.of([risk("imdb:1", "safe", found)], CATALOGUE, purpose=purpose)
