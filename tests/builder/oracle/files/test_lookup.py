from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import InputError
from builder.oracle.files.compiled import compile_oracle, write_compiled
from builder.oracle.files.lookup import VERDICTS, Oracle
from builder.oracle.files.store import Label, Role
from builder.records import Risk, Verdict
from builder.tables import write_bytes
from builder.titles import Named, TitleIndex, TitleYear, parse_title
from tests.factories import GORE, make_item, make_risk


def risk(item_id: str, verdict: Verdict, oracle: str = "build", trait: str = GORE) -> Risk:
    return make_risk(item_id, trait, verdict, oracle=oracle)


CATALOGUE = (
    make_item("imdb:1", "The Shining", 1980, aliases=("Shining",)),
    make_item("imdb:2", "Up", 2009),
    make_item("imdb:3", "The Lion King", 1994),
    make_item("imdb:4", "The Lion King", 2019),
    make_item("imdb:5", "Heat", 1995),
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
def test_an_oracle_refuses_the_other_purpose(found: str, purpose: Role) -> None:
    with pytest.raises(InputError, match=f"oracle '{found}': was asked to {purpose}"):
        Oracle.of([risk("imdb:1", "safe", found)], CATALOGUE, purpose=purpose)


def test_a_compiled_oracle_answers_from_its_file(tmp_path: Path) -> None:
    label = Label("build", {"ours:statement": 3}, {})
    write_compiled(tmp_path / "o.arrow", label, compile_oracle(RISKS, CATALOGUE, "build"))
    loaded = Oracle.load(tmp_path / "o.arrow", purpose="build")
    titles = ["The Shining", "SHINING!", "Up", "The Lion King", "The Lion King", "Nothing"]
    years = np.array([1980, 1981, 0, 1994, 0, 1990])
    codes = loaded.check_many(titles, years, [GORE] * 6)
    assert [VERDICTS[code] for code in codes] == [
        "unsafe",
        "unsafe",
        "safe",
        "safe",
        "unknown",
        "unknown",
    ]
    with pytest.raises(InputError, match="is the oracle 'build', fed by ours:statement, and was"):
        Oracle.load(tmp_path / "o.arrow", purpose="grade")


@pytest.mark.parametrize("content", [None, b"", b"ARROW1", b"PAR1 something else"])
def test_a_file_that_is_no_compiled_oracle_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        write_bytes(tmp_path / "o.arrow", content)
    with pytest.raises(InputError, match=r"o\.arrow: (no such file|is not a compiled oracle)"):
        Oracle.load(tmp_path / "o.arrow", purpose="build")


def test_lengths_must_agree_and_nothing_asked_is_nothing_answered() -> None:
    assert oracle().check_many([], np.array([], dtype=np.int64), []).shape == (0,)
    with pytest.raises(ValueError, match="2 titles, 1 years, 2 traits"):
        oracle().check_many(["Up", "Up"], np.array([2009]), [GORE, GORE])


WORDS = st.sampled_from(["The Up", "Up", "up!", "A Up", "Up, The", "Üp", "An Inn", "Inn", ""])
YEARS = st.sampled_from([None, 1990, 1991, 1992, 1993, 1995])


@given(
    films=st.lists(st.tuples(WORDS, YEARS, WORDS), max_size=5),
    asked=st.lists(st.tuples(WORDS, YEARS), min_size=1, max_size=9),
    n_copies=st.sampled_from([1, 300]),
)
def test_many_titles_mean_what_each_means_alone(
    films: list[tuple[str, int | None, str]],
    asked: list[tuple[str, int | None]],
    n_copies: int,
) -> None:
    items = [
        make_item(f"imdb:{n}", title, year, aliases=(other,))
        for n, (title, year, other) in enumerate(films)
    ]
    verdicts: list[Verdict] = ["safe", "unsafe", "unknown", "safe", "unsafe"]
    risks = [risk(own.item_id, verdicts[n]) for n, own in enumerate(items)]
    index = TitleIndex(Named(i.item_id, (i.title, *i.aliases), i.year) for i in items)
    verdict_by_id = {own.item_id: own.verdict for own in risks}
    found = (index.resolve(title, year).item_id for title, year in asked)
    expected = [verdict_by_id[i] if i else "unknown" for i in found]
    codes = Oracle.of(risks, items, purpose="build").check_many(
        pa.array([title for title, _ in asked] * n_copies),
        np.array([year or 0 for _, year in asked] * n_copies),
        [GORE] * len(asked) * n_copies,
    )
    assert [VERDICTS[code] for code in codes] == expected * n_copies


def test_somebody_with_two_traits_gets_one_verdict_a_title() -> None:
    dogs = "Animal lover (avoid animal harm/death)"
    both = (*RISKS, risk("imdb:2", "unknown", trait=dogs), risk("imdb:3", "unsafe", trait=dogs))
    known = Oracle.of(both, CATALOGUE, purpose="build")
    titles = [TitleYear("Up", 2009), TitleYear("The Lion King", 1994), TitleYear("Heat", 1995)]
    assert known.verdicts_for_all(titles, (GORE,)) == ("safe", "safe", "unknown")
    assert known.verdicts_for_all(titles, (GORE, dogs)) == ("unknown", "unsafe", "unknown")
    assert known.verdicts_for_all([], (GORE, dogs)) == ()
