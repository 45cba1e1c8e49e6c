"""The commands about catalogues as people run them: what they print and the exit code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from builder.records import Evidence, Item
from builder.tables import write_table
from tests.factories import (
    GORE,
    make_evidence,
    make_item,
    make_risk,
    make_text,
    write_oracle_file,
)
from tests.support.projects import saferec, write_settings

FAMILY = "households: [{id: home, members: [{who: Ana, traits: [gore]}]}]"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_settings(tmp_path)
    shutil.copyfile("dvc.yaml", tmp_path / "dvc.yaml")
    shutil.copytree("data/taxonomy", tmp_path / "data/taxonomy")
    (tmp_path / "family.yaml").write_text(FAMILY)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DDD_API_KEY", raising=False)
    return tmp_path


def with_saw(folder: Path) -> None:
    plot = make_text("Two men wake up.", source="guide", licence="l")
    item = make_item("imdb:tt1", "Saw", 2004, texts=(plot,))
    votes = make_evidence(
        "severity", "violence_gore", 3.0, item_id="imdb:tt1", votes=(0, 0, 1, 9), source="guide"
    )
    write_table(folder / "data/interim/items.parquet", Item, [item])
    write_table(folder / "data/interim/evidence.parquet", Evidence, [votes])
    for oracle in ("build", "grade"):
        risk = make_risk("imdb:tt1", GORE, "unsafe", oracle=oracle)
        write_oracle_file(folder / f"data/interim/oracle_{oracle}.arrow", [risk], [item], oracle)


def test_fetch_without_a_name_lists_what_is_known(folder: Path) -> None:
    told = saferec("fetch")
    assert told.exit_code == 0
    assert "movielens-25m" in told.stdout
    listed = json.loads(saferec("fetch", "--json").stdout)
    assert {"name", "licence", "licence_page", "reader"} <= listed[0].keys()


@pytest.mark.parametrize(
    ("source", "code", "told"),
    [
        ("wikipedia-plots", 0, "wikipedia-plots (CC-BY-SA-4.0, https://creativecommons.org"),
        ("imbd", 2, "source 'imbd': is not in the register; did you mean 'imdb'?"),
        ("ddd", 2, "environment variable DDD_API_KEY: is not set; make an account at"),
    ],
    ids=["by hand", "unknown", "no key"],
)
def test_fetch_says_in_one_line_what_to_do(folder: Path, source: str, code: int, told: str) -> None:
    result = saferec("fetch", source)
    assert result.exit_code == code
    assert told in result.output
    assert result.output.count("\n") == 1
    assert not (folder / "data/raw").exists()


def test_fetch_shows_the_licence_and_fetches_nothing_unaccepted(folder: Path) -> None:
    result = saferec("fetch", "movielens-latest-small")
    assert result.exit_code == 2
    assert "978,202 bytes, sha256:696d65a3" in result.output
    assert "its licence (GroupLens research use) is not accepted; read https://" in result.output
    assert not (folder / "data/raw").exists()


def test_coverage_counts_by_source_and_trait(folder: Path) -> None:
    assert "run `dvc repro`" in saferec("catalog", "coverage").output
    with_saw(folder)
    told = saferec("catalog", "coverage")
    assert told.exit_code == 0
    [line] = [line for line in told.stdout.splitlines() if GORE in line]
    assert line.split(GORE)[1].split() == ["1", "(100%)", "1", "(100%)"]
    [plots] = [line for line in told.stdout.splitlines() if "plot" in line]
    assert plots.split() == ["plot", "1", "(100%)", "1", "(100%)"]
    found = json.loads(saferec("catalog", "coverage", "--json").stdout)
    assert [row["severities"] for row in found["evidence"] if row["trait"] == GORE] == [1, 1]
    assert [row["characters"] for row in found["texts"]] == [16, 16]


def test_a_household_is_told_who_would_suffer(folder: Path) -> None:
    with_saw(folder)
    told = saferec("household", "family.yaml", "Saw (2004)")
    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        "home: unsafe (grading oracle: unsafe)",
        f"  unsafe for Ana: {GORE}",
    ]
    assert saferec("household", "family.yaml", "Sawn").exit_code == 1
    (folder / "family.yaml").write_text(FAMILY.replace("gore", "gor"))
    refused = saferec("household", "family.yaml", "Saw (2004)")
    assert refused.exit_code == 2
    assert refused.output == (
        "saferec: family.yaml:1: Ana has the trait 'gor', which does not exist; "
        "did you mean 'gore'?\n"
    )
