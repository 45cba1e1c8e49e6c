"""Titles as people type them, and what is known of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.errors import InputError
from builder.oracle.files.oracle import Oracle
from builder.records import Item, Reason, Risk
from builder.tables import write_table
from pipelines.cli.commands.show import NotOne, Shown, find_item, interval_of, look_up
from tests.factories import make_item, make_risk, write_oracle_file
from tests.support.projects import write_settings

DVC = """
vars: [paths: {items: i.parquet, oracle_build: b.arrow, oracle_grade: g.arrow}]
stages: {}
"""


ITEMS = {
    i.item_id: i
    for i in (
        make_item("imdb:tt1", "The Thing", 1982),
        make_item("imdb:tt2", "The Thing", 2011),
        make_item("imdb:tt3", "Paddington", 2014, aliases=("Peru's bear",)),
    )
}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the thing (2011)", "imdb:tt2"),
        ("Thing, The (1982)", "imdb:tt1"),
        ("perus bear", "imdb:tt3"),
        ("imdb:tt1", "imdb:tt1"),
        ("The Thing", NotOne(("The Thing (1982)", "The Thing (2011)"), ())),
        ("The Thing (1951)", NotOne(("The Thing (1982)", "The Thing (2011)"), ())),
        ("Padington", NotOne((), ("Paddington (2014)",))),
        ("zzqqxx", NotOne((), ())),
    ],
    ids=["year", "article", "alias", "id", "no-year", "other-year", "misspelt", "nothing"],
)
def test_a_title_means_one_item_or_is_answered_with_others(
    tmp_path: Path, words: str, expected: str | NotOne
) -> None:
    write_table(tmp_path / "items", Item, ITEMS.values())
    assert find_item(Oracle.of([], ITEMS.values()), tmp_path / "items", words) == expected


def risk(item_id: str, oracle: str) -> Risk:
    return make_risk(
        item_id,
        "gore",
        "unsafe",
        oracle=oracle,
        ddd_trigger=1,
        source="DDD",
        reasons=(Reason("base_rate", ()),),
    )


def test_both_oracles_are_shown_once_they_are_made(tmp_path: Path) -> None:
    (tmp_path / "dvc.yaml").write_text(DVC)
    write_settings(tmp_path)
    with pytest.raises(InputError, match=r"i\.parquet: does not exist yet; run `make repro` first"):
        look_up(tmp_path, "Paddington")
    write_table(tmp_path / "i.parquet", Item, ITEMS.values())
    for oracle in ("build", "grade"):
        rows = [risk(item_id, oracle) for item_id in ITEMS]
        write_oracle_file(tmp_path / f"{oracle[0]}.arrow", rows, ITEMS.values(), oracle)
    shown = look_up(tmp_path, "Paddington")
    assert isinstance(shown, Shown)
    assert shown.item == ITEMS["imdb:tt3"]
    told = [(t.trait, t.build, t.grade) for t in shown.traits]
    assert told == [("gore", risk("imdb:tt3", "build"), risk("imdb:tt3", "grade"))]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.031, 0.284, "3–28%"),
        (0.981, 0.9849, "98%"),
        (0.9996, 0.9998, ">99%"),
        (0.001, 0.2, "<1–20%"),
        (1.0, 1.0, "100%"),
    ],
    ids=["wide", "narrow", "not-quite-sure", "nor-that", "by-the-formula"],
)
def test_an_interval_is_read_in_percent(low: float, high: float, words: str) -> None:
    shown = make_risk("i", "gore", "unknown", low=low, high=high)
    assert interval_of(shown) == words
