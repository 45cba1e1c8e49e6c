from __future__ import annotations

from pathlib import Path

import pytest

from builder.errors import InputError
from builder.records import Verdict
from builder.taxonomy import Taxonomy
from builder.taxonomy.households import load_households
from tests.factories import GORE

TAXONOMY = Taxonomy.load(Path("data/taxonomy"))
HORROR = "Horror avoider (avoids scares & supernatural)"
FAMILY = """
households:
  - id: couple
    members:
      - {who: Ana, traits: ["Anti-gore / squeamish"]}
      - {who: Ben, traits: [gore, spiders-snakes-bugs]}
  - id: everyone
    members:
      - {who: Cleo, traits: ["Horror avoider (avoids scares & supernatural)"]}
    includes: [couple]
"""


def load(tmp_path: Path, text: str) -> dict[str, tuple[str, ...]]:
    (tmp_path / "households.yaml").write_text(text)
    found = load_households(tmp_path / "households.yaml", TAXONOMY)
    return {name: household.traits for name, household in found.items()}


def test_a_household_has_the_traits_of_all_its_people(tmp_path: Path) -> None:
    assert load(tmp_path, FAMILY) == {
        "couple": (GORE, "Arachnophobia / reptile phobia"),
        "everyone": (HORROR, GORE, "Arachnophobia / reptile phobia"),
    }


@pytest.mark.parametrize(
    ("verdicts", "expected", "spared"),
    [
        ({GORE: "unsafe", HORROR: "safe"}, "unsafe", (("Ana", GORE), ("Ben", GORE))),
        ({GORE: "safe", "Arachnophobia / reptile phobia": "safe"}, "safe", ()),
        ({GORE: "safe", "Arachnophobia / reptile phobia": "unknown"}, "unknown", ()),
        ({GORE: "safe"}, "unknown", ()),
    ],
    ids=["unsafe for one", "safe for all", "unknown for one", "nothing known for one"],
)
def test_unsafe_for_one_is_unsafe_for_all(
    tmp_path: Path,
    verdicts: dict[str, Verdict],
    expected: Verdict,
    spared: tuple[tuple[str, str], ...],
) -> None:
    (tmp_path / "households.yaml").write_text(FAMILY)
    couple = load_households(tmp_path / "households.yaml", TAXONOMY)["couple"]
    assert couple.verdict(verdicts) == expected
    assert couple.spared(verdicts) == spared


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            FAMILY.replace("traits: [gore,", "traits: [gor,"),
            r"households.yaml:6: Ben has the trait 'gor', which does not exist; "
            r"did you mean 'gore'\?",
        ),
        (
            FAMILY.replace("traits: [gore,", "traits: [spiders,"),
            r"'spiders', which does not exist; did you mean 'spiders-snakes-bugs'\?",
        ),
        (
            FAMILY.replace("includes: [couple]", "includes: [coupel]"),
            r"households.yaml:10: household 'everyone' includes 'coupel', which does not exist; "
            r"did you mean 'couple'\?",
        ),
        (
            FAMILY.replace("  - id: everyone", "    includes: [everyone]\n  - id: everyone"),
            r"a circle: couple includes everyone includes couple",
        ),
        ("households:\n  - id: nobody\n", r"households.yaml:2: household 'nobody' has no members"),
        (
            "households:\n  - id: x\n    members:\n      - {who: Ana, traits: []}\n",
            r"households.yaml:4: members.0.traits: List should have at least 1 item",
        ),
        ("households: []\n", "households.yaml: has no households; add one"),
        ("households:\n  - id: x\n    members: 5\n", "members: Input should be a valid list"),
        ("households:\n  - id: x\n    people: []\n", r"households.yaml:3: people: Extra inputs"),
    ],
    ids=[
        "trait",
        "part of a trait",
        "household",
        "circle",
        "nobody",
        "no traits",
        "none",
        "no list",
        "unknown key",
    ],
)
def test_a_wrong_household_is_refused_with_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        load(tmp_path, text)
