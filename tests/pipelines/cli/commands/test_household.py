from __future__ import annotations

from pathlib import Path

import pytest

from builder.errors import InputError
from builder.records import Item, Risk, Verdict
from builder.tables import write_table
from pipelines.cli.commands.household import HouseholdVerdict, household_verdicts
from pipelines.cli.commands.show import NotOne
from tests.factories import GORE, make_item, make_risk, write_oracle_file
from tests.support.projects import write_settings

DVC = """
vars: [paths: {items: i.parquet, oracle_build: b.arrow, oracle_grade: g.arrow}]
stages: {}
"""
SPIDERS = "Arachnophobia / reptile phobia"
FAMILY = """
households:
  - id: family
    members: [{who: Ana, traits: [gore]}, {who: Ben, traits: [spiders-snakes-bugs, gore]}]
  - id: ben
    members: [{who: Ben, traits: [spiders-snakes-bugs]}]
"""


def risk(trait: str, oracle: str, verdict: Verdict) -> Risk:
    return make_risk("imdb:tt1", trait, verdict, oracle=oracle, risk=0.5)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dvc.yaml").write_text(DVC)
    write_settings(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data/taxonomy").symlink_to(Path("data/taxonomy").resolve())
    (tmp_path / "family.yaml").write_text(FAMILY)
    item = make_item("imdb:tt1", "Saw", 2004)
    write_table(tmp_path / "i.parquet", Item, [item])
    for name, spiders in (("build", "safe"), ("grade", "unknown")):
        risks = [risk(GORE, name, "unsafe"), risk(SPIDERS, name, spiders)]  # type: ignore[arg-type]
        write_oracle_file(tmp_path / f"{name[0]}.arrow", risks, [item], name)
    return tmp_path


def test_unsafe_for_one_is_unsafe_for_the_household(project: Path) -> None:
    assert household_verdicts(project, project / "family.yaml", "Saw (2004)") == [
        HouseholdVerdict(
            "family", "Saw (2004)", "unsafe", "unsafe", (("Ana", GORE), ("Ben", GORE))
        ),
        HouseholdVerdict("ben", "Saw (2004)", "safe", "unknown", ()),
    ]


def test_a_missing_file_is_named(project: Path) -> None:
    with pytest.raises(InputError, match=r"fam.yaml: no such file; write one as docs/catalogs.md"):
        household_verdicts(project, project / "fam.yaml", "Saw (2004)")


def test_another_title_and_another_trait_are_named(project: Path) -> None:
    assert isinstance(household_verdicts(project, project / "family.yaml", "Sawn"), NotOne)
    (project / "family.yaml").write_text(FAMILY.replace("[gore]", "[gory]"))
    with pytest.raises(InputError, match=r"family.yaml:4: Ana has the trait 'gory'"):
        household_verdicts(project, project / "family.yaml", "Saw (2004)")
