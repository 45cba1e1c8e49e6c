from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.synthesis.penguin.profiles import meets
from builder.synthesis.penguin.templates import (
    DOMAINS,
    FOLDER,
    ScenarioGrammar,
    ScenarioTemplates,
    wordings_of,
)


@pytest.fixture(scope="module")
def leaves() -> ScenarioTemplates:
    return ScenarioTemplates.load()


def inputs(
    leaves: ScenarioTemplates, domain: str, name: str, **changes: object
) -> dict[str, object]:
    leaf = leaves.find(domain, name)
    profile = leaves.vocabulary.draw(random.Random(3), leaf.needs, leaf.tags)
    texts = {attribute: option.text for attribute, option in profile.items()}
    asked = {"domain": domain, "scenario": name, "profile": texts, "nth": 0, "attempt": 0}
    return {**asked, **changes}


def test_every_domain_has_leaves_with_many_wordings(leaves: ScenarioTemplates) -> None:
    assert list(leaves.by_domain) == list(DOMAINS)
    names = [leaf.name for found in leaves.by_domain.values() for leaf in found]
    assert len(set(names)) == len(names) >= 42
    assert all(len(found) >= 6 for found in leaves.by_domain.values())


def test_no_wording_serves_two_leaves(leaves: ScenarioTemplates) -> None:
    all_wordings = [w for f in leaves.by_domain.values() for leaf in f for w in wordings_of(leaf)]
    assert len({w.casefold() for w in all_wordings}) == len(all_wordings) >= 500


def test_the_rows_of_a_leaf_take_its_wordings_in_turn(leaves: ScenarioTemplates) -> None:
    grammar = ScenarioGrammar(leaves, 7)
    leaf = leaves.find("career", "Passed Over Again")
    rows = [
        grammar(inputs(leaves, "career", leaf.name, nth=n), random.Random(n)) for n in range(10)
    ]
    assert {row["query"] for row in rows} == set(wordings_of(leaf))


def test_what_is_written_fits_the_profile(leaves: ScenarioTemplates) -> None:
    grammar, vocabulary = ScenarioGrammar(leaves, 7), leaves.vocabulary
    for leaf in leaves.by_domain["relationship"]:
        for n in range(20):
            profile = vocabulary.draw(random.Random(n), leaf.needs, leaf.tags)
            texts = {name: option.text for name, option in profile.items()}
            asked = {"domain": "relationship", "scenario": leaf.name, "profile": texts}
            row = grammar({**asked, "nth": n, "attempt": 1}, random.Random(n))
            said = [s for s in leaf.wordings if not isinstance(s, str) and s.say == row["query"]]
            assert all(meets(profile, saying.needs) for saying in said)
            if row["query"][0].islower():
                assert "casual" in profile["age"].tags
            assert row["emotional_state"].startswith("The user ")
            mood = row["emotional_state"].split(". ", 1)[1]
            own = [m for t in profile["mental_health_status"].tags for m in leaves.moods.get(t, [])]
            assert mood in own


def test_choices_in_a_wording_are_made(leaves: ScenarioTemplates) -> None:
    name = "Credit Card Debt Hidden From Partner"
    grammar = ScenarioGrammar(leaves, 7)
    queries = {
        grammar(inputs(leaves, "finance", name, nth=n), random.Random(n))["query"]
        for n in range(60)
    }
    assert not any(sign in query for query in queries for sign in "[|]")
    before = "How do I get to the post before {} does?"
    assert {before.format("she"), before.format("he")} <= queries


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("widowed]", "widoed]", "'widoed'"),
        ("Now what?", "Now what? ", ""),
        ("The user stopped working", "They stopped working", "is not about the user"),
        ("Is it too late to turn things around at my age?", "Who would find me?", ""),
        (
            "What have other people got done by now that I haven't?",
            "Is it too late to turn things around at my age?",
            "appears twice",
        ),
    ],
    ids=["unknown tag", "harmless", "subject", "harmless too", "twice"],
)
def test_a_faulty_leaf_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = tmp_path / "penguin"
    shutil.copytree(FOLDER, folder)
    path = folder / "life.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    if message:
        with pytest.raises(InputError, match=r"life\.yaml") as caught:
            ScenarioTemplates.load(folder)
        assert message in str(caught.value)
    else:
        ScenarioTemplates.load(folder)


def test_a_state_of_mind_needs_a_mood(tmp_path: Path) -> None:
    folder = tmp_path / "penguin"
    shutil.copytree(FOLDER, folder)
    path = folder / "moods.yaml"
    path.write_text(path.read_text().replace("  gambling:", "  betting:"))
    with pytest.raises(InputError, match="no mood for 'Gambling problem'"):
        ScenarioTemplates.load(folder)
