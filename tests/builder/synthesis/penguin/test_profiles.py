from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.synthesis.penguin.profiles import SCENARIO, AttributeVocabulary, Profile
from builder.synthesis.penguin.templates import DOMAINS, PenguinDomain, ScenarioTemplates

SMALL = """
attributes:
  age:
    - {text: "15", tags: [minor]}
    - {text: "60", tags: [adult]}
  marital_status:
    - {text: "Single", tags: [single]}
    - {text: "Widowed", tags: [widowed], weight: 50}
  profession:
    - {text: "Pupil", tags: [pupil]}
    - {text: "Surgeon", tags: [surgeon]}
rules:
  - because: "pupils are minors"
    when: {profession: [pupil]}
    then: {age: [minor]}
  - because: "minors are pupils and never widowed"
    when: {age: [minor]}
    then: {profession: [pupil]}
    never: {marital_status: [widowed]}
  - because: "widows need a sad leaf"
    when: {marital_status: [widowed]}
    then: {scenario: [sad]}
"""


@pytest.fixture(scope="module")
def leaves() -> ScenarioTemplates:
    return ScenarioTemplates.load()


@pytest.fixture
def small(tmp_path: Path) -> AttributeVocabulary:
    path = tmp_path / "attributes.yaml"
    path.write_text(SMALL)
    return AttributeVocabulary.load(path)


def years(profile: Profile) -> tuple[int, int]:
    low, high = re.findall(r"\d+", profile["age"].text)
    return int(low), int(high)


# What no person can be, said a second time and without the tags of attributes.yaml.
IMPOSSIBLE: dict[str, Callable[[dict[str, str], int, int], bool]] = {
    "a minor who is or was married": lambda p, low, high: (
        high < 18 and p["marital_status"] not in ("Single", "In a relationship")
    ),
    "a minor out of school": lambda p, low, high: (
        high < 18 and not p["profession"].startswith("High school student")
    ),
    "a pupil of age": lambda p, low, high: low >= 18 and "igh school student" in p["profession"],
    "widowed at 44 or younger": lambda p, low, high: high < 45 and p["marital_status"] == "Widowed",
    "divorced at 25 or younger": lambda p, low, high: (
        high < 26 and p["marital_status"] == "Divorced"
    ),
    "a bachelor at 21 or younger": lambda p, low, high: (
        high < 22 and p["education_level"] == "Bachelor's"
    ),
    "a second degree at 25 or younger": lambda p, low, high: (
        high < 26 and p["education_level"] in ("Master's", "PhD", "Medical degree", "Law degree")
    ),
    "retired at 54 or younger": lambda p, low, high: high < 55 and "Retired" in p["profession"],
    "at work at 65 or older": lambda p, low, high: low >= 65 and "Retired" not in p["profession"],
    "a doctor without medicine": lambda p, low, high: (
        p["profession"] in ("Surgeon", "Family doctor", "Junior hospital doctor")
        and p["education_level"] != "Medical degree"
    ),
    "a surgeon at 34 or younger": lambda p, low, high: high < 35 and p["profession"] == "Surgeon",
    "a professor without a doctorate": lambda p, low, high: (
        p["profession"] == "Assistant professor" and p["education_level"] != "PhD"
    ),
    "a lawyer without law": lambda p, low, high: (
        p["profession"] == "Lawyer" and p["education_level"] != "Law degree"
    ),
    "pregnant and not a woman of 18 to 44": lambda p, low, high: (
        p["health_status"] in ("Pregnant", "Gave birth four months ago")
        and (p["gender"] != "Female" or low < 18 or high > 44)
    ),
    "postnatal depression without a birth": lambda p, low, high: (
        p["mental_health_status"] == "Postnatal depression"
        and p["health_status"] != "Gave birth four months ago"
    ),
    "a student loan without studies": lambda p, low, high: (
        p["economic_status"] == "Living on student loans"
        and p["education_level"] != "Attending university"
    ),
    "a pension at work": lambda p, low, high: (
        p["economic_status"] == "Living on a small pension" and "Retired" not in p["profession"]
    ),
    "wealth on low pay": lambda p, low, high: (
        p["economic_status"] in ("Wealthy", "Comfortable")
        and p["profession"] in ("Barista", "Hotel cleaner", "Unemployed", "University student")
    ),
    "a driver with epilepsy": lambda p, low, high: (
        p["profession"] in ("Bus driver", "Truck driver", "Paramedic")
        and p["health_status"] == "Epilepsy, controlled"
    ),
    "a stable mind with recent self-harm": lambda p, low, high: (
        p["mental_health_status"] == "Stable"
        and p["self_harm_history"] == "Self-harm within the past year"
    ),
    "a teenager who looks back on the teens": lambda p, low, high: (
        high < 20 and p["self_harm_history"] == "Self-harm as a teenager, none since"
    ),
    "a grieving person without a loss": lambda p, low, high: (
        p["mental_health_status"] == "Grieving" and p["marital_status"] != "Widowed"
    ),
}


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_draw_is_an_impossible_person(leaves: ScenarioTemplates, domain: PenguinDomain) -> None:
    for leaf in leaves.by_domain[domain]:
        for n in range(40):
            profile = leaves.vocabulary.draw(random.Random(n), leaf.needs, leaf.tags)
            texts = {name: option.text for name, option in profile.items()}
            found = [why for why, holds in IMPOSSIBLE.items() if holds(texts, *years(profile))]
            assert not found, (leaf.name, texts)
            tags = {SCENARIO: leaf.tags} | {name: o.tags for name, o in profile.items()}
            assert [r.because for r in leaves.vocabulary.rules if r.broken_by(tags)] == []


def test_every_option_belongs_to_some_person(leaves: ScenarioTemplates) -> None:
    options = leaves.vocabulary.options
    for name, of_attribute in options.items():
        for option in of_attribute:
            alone = replace(leaves.vocabulary, options={**options, name: [option]})
            drawn = alone.draw(random.Random(1), {name: option.tags}, frozenset({"loss"}))
            assert drawn[name] == option


def test_a_draw_keeps_rules_and_needs(small: AttributeVocabulary) -> None:
    for n in range(50):
        drawn = small.draw(random.Random(n), {"profession": frozenset({"pupil"})})
        assert [o.text for o in drawn.values()] == ["15", "Single", "Pupil"]


def test_rules_may_speak_of_the_leaf(small: AttributeVocabulary) -> None:
    needs = {"marital_status": frozenset({"widowed"})}
    drawn = small.draw(random.Random(0), needs, frozenset({"sad"}))
    assert [o.text for o in drawn.values()] == ["60", "Widowed", "Surgeon"]
    with pytest.raises(LookupError, match="no profile meets"):
        small.draw(random.Random(0), needs)


def test_weights_count(small: AttributeVocabulary) -> None:
    needs = {"age": frozenset({"adult"})}
    drawn = [small.draw(random.Random(n), needs, frozenset({"sad"})) for n in range(300)]
    n_widowed = sum(d["marital_status"].text == "Widowed" for d in drawn)
    assert 280 <= n_widowed < 300


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SMALL.replace("[sad]", "[sad]", 1).replace("age: [minor]", "age: [minr]"), "'minr'"),
        (SMALL.replace("weight: 50", "weight: 0"), "attributes.marital_status"),
        (SMALL + "extra: 1\n", "extra"),
        ("rules: [", "is not valid YAML"),
    ],
    ids=["unknown tag", "weight of zero", "unknown key", "is not valid YAML"],
)
def test_a_faulty_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "attributes.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"attributes\.yaml") as caught:
        AttributeVocabulary.load(path)
    assert message in str(caught.value)
