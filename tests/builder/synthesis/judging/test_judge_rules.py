from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from builder.synthesis.judging.judge_rules import (
    JudgeRules,
    Limits,
    find_contradictions,
    find_slips,
    read_rules,
)
from builder.synthesis.judging.rule_judges import ConversationRules, ScenarioRules
from builder.synthesis.offline.constraint_grammar import write_constraint
from builder.synthesis.penguin.templates import ScenarioGrammar, ScenarioTemplates
from builder.synthesis.text_limits import QueryLength
from builder.taxonomy import Taxonomy

LIMITS = Limits(
    constraint_min_words=2,
    constraint_max_words=30,
    queries=QueryLength(min_words=4, max_words=20),
    near_copy=0.6,
)
WISH = "Slow westerns, please. Old ones too."
TEXT = "Nothing where a horse gets hurt, please."
PERSON = {
    "source": "synthetic",
    "query": "How do I sleep after a night shift?",
    "scenario": "Burnout on Night Shifts",
    "education_level": "Bachelor's",
    "age": "26-34 years",
    "gender": "Female",
    "marital_status": "Single",
    "profession": "Registered nurse",
    "economic_status": "Stable",
    "health_status": "Good",
    "mental_health_status": "Burnout",
    "emotional_state": "The user is tired.",
    "self_harm_history": "None",
}


@pytest.fixture(scope="module")
def rules() -> JudgeRules:
    return read_rules()


def judge_talk(rules: JudgeRules, **changes: Any) -> dict[str, tuple[int, str]]:
    text = changes.get("text", TEXT)
    inputs = {
        "trait_id": "animal-harm",
        "short": "animals being hurt or dying",
        "style": "stated",
        "text": text,
        "earlier": "",
        "message": f"{WISH} {text}",
        "own": [f"{WISH} {text}"],
        "original": [WISH],
        "nearest": 0.1,
        "n_copies": 0,
        "writes_lower": False,
        "faults": [],
        **changes,
    }
    marks = ConversationRules(rules, LIMITS)(inputs, random.Random(0))
    return {name: (mark["score"], mark["note"]) for name, mark in marks.items()}


def judge_person(rules: JudgeRules, **changes: Any) -> dict[str, tuple[int, str]]:
    compared = {"nearest": 0.0, "n_copies": 0, "writes_lower": False}
    asked = {name: changes.pop(name, value) for name, value in compared.items()}
    marks = ScenarioRules(rules, LIMITS)({"row": PERSON | changes, **asked}, random.Random(0))
    return {name: (mark["score"], mark["note"]) for name, mark in marks.items()}


def test_a_good_row_scores_five_throughout(rules: JudgeRules) -> None:
    assert judge_talk(rules) == {
        "constraint_comes_through": (5, "names the trait and refuses it"),
        "wish_intact": (5, "the request stands word for word"),
        "natural": (5, "no slip"),
        "facts_right": (5, "every title exists, and the lists agree"),
    }


@pytest.mark.parametrize(
    ("changes", "score", "note"),
    [
        ({"message": WISH}, 1, "the text does not stand in its message"),
        ({"text": "Nothing too long, please."}, 1, "no word of the trait"),
        ({"text": "A horse gets hurt in it."}, 3, "names the trait without refusing it"),
        ({"style": "household"}, 3, "nobody else is spoken of"),
        (
            {"style": "household", "text": "My sister can't see a horse hurt."},
            5,
            "names the trait and refuses it",
        ),
        ({"style": "life_story"}, 2, "a tacit text that names the trait and refuses it"),
        (
            {"style": "life_story", "text": "The stall has been empty since January."},
            3,
            "tacit, as its style says; whether the trait comes through rules cannot tell",
        ),
        (
            {"style": "cue", "text": "The stall is empty."},
            3,
            "the seeker's own words; whether they mean the trait rules cannot tell",
        ),
        ({"trait_id": "my-own", "short": "trains and tunnels"}, 1, "no word of the trait"),
        (
            {"trait_id": "my-own", "short": "trains and tunnels", "text": "No tunnels, please."},
            5,
            "names the trait and refuses it",
        ),
    ],
    ids=[
        "not there",
        "unnamed",
        "not refused",
        "no other",
        "other",
        "outright story",
        "story",
        "cue",
        "own trait unnamed",
        "own trait",
    ],
)
def test_how_a_constraint_comes_through(
    rules: JudgeRules, changes: dict[str, Any], score: int, note: str
) -> None:
    assert judge_talk(rules, **changes)["constraint_comes_through"] == (score, note)


@pytest.mark.parametrize(
    ("own", "score"),
    [
        ([f"Slow westerns, please. {TEXT} Old ones too."], 5),
        ([f"Slow westerns, please. {TEXT}"], 2),
        ([TEXT], 1),
        ([WISH, TEXT], 5),
        ([WISH], 5),
    ],
    ids=["in the middle", "half lost", "lost", "own message", "untouched"],
)
def test_how_much_of_the_wish_stands(rules: JudgeRules, own: list[str], score: int) -> None:
    assert judge_talk(rules, own=own)["wish_intact"][0] == score


def test_a_wish_for_the_thing_itself_is_not_intact(rules: JudgeRules) -> None:
    wish, text = "I want gore and slime.", "No blood, please."
    changes = {"trait_id": "gore", "text": text, "original": [wish], "own": [f"{wish} {text}"]}
    assert judge_talk(rules, **changes)["wish_intact"][0] == 3
    wish = "I want slime without gore."
    changes |= {"original": [wish], "own": [f"{wish} {text}"]}
    assert judge_talk(rules, **changes)["wish_intact"][0] == 5


@pytest.mark.parametrize(
    ("changes", "score", "note"),
    [
        ({"text": "No horse horse deaths."}, 3, "a doubled word"),
        ({"text": "No {x}, please."}, 1, "an unfilled blank"),
        ({"text": "No horses. they cry."}, 4, "lower case after a full stop"),
        ({"text": "no horses. they cry.", "writes_lower": True}, 5, "no slip"),
        ({"text": "No horses , please."}, 3, "a space before a stop"),
        ({"text": "I saw a animal die, no more."}, 4, "a for an"),
        ({"text": "Horses"}, 4, "1 words"),
        ({"n_copies": 2}, 3, "word for word in 2 other threads"),
        (
            {"text": "No horses, I mean it.", "writes_lower": True},
            3,
            "capitals in a post that has none",
        ),
        ({"text": "no horses, I mean it.", "writes_lower": True}, 5, "no slip"),
        ({"text": "no horses, I mean it."}, 4, "no capitals in a post that has them"),
        ({"text": "NO DEAD HORSES PLEASE."}, 2, "shouted"),
        ({"nearest": 0.6}, 4, "a near copy, 0.60 of its word runs"),
        ({"message": f"{WISH}{TEXT}So"}, 3, "no space around it"),
        (
            {"own": [WISH], "text": "horse horse", "message": "horse horse"},
            5,
            "the seeker's own words",
        ),
    ],
    ids=[
        "doubled",
        "blank",
        "lower",
        "a lower voice",
        "space",
        "article",
        "short",
        "copy",
        "another voice",
        "the same voice",
        "a lower voice than the post's",
        "shouted",
        "near copy",
        "glued",
        "own words",
    ],
)
def test_how_natural_a_constraint_is(
    rules: JudgeRules, changes: dict[str, Any], score: int, note: str
) -> None:
    assert judge_talk(rules, **changes)["natural"] == (score, note)


def test_faults_of_fact_decide_the_facts(rules: JudgeRules) -> None:
    thin, wrong = {"severity": "thin", "text": "silent"}, {"severity": "wrong", "text": "invented"}
    assert judge_talk(rules, faults=[thin])["facts_right"] == (3, "silent")
    assert judge_talk(rules, faults=[thin, wrong])["facts_right"] == (1, "silent; invented")


def test_a_plausible_person_scores_five(rules: JudgeRules) -> None:
    assert judge_person(rules) == {
        "profile_consistent": (5, "no contradiction"),
        "query_plausible": (5, "no slip"),
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"age": "15", "marital_status": "widowed", "profession": "not given"},
        {"age": "14-17 years", "profession": "Surgeon", "education_level": "Medical degree"},
        {"age": "22", "profession": "Retired engineer"},
        {"gender": "Male", "health_status": "Pregnant"},
        {"profession": "Family doctor", "education_level": "Trade certificate"},
        {"age": "55-64 years", "economic_status": "Supported by parents"},
        {"mental_health_status": "Stable", "self_harm_history": "Passing thoughts of suicide"},
        {"query": "Should I tell my wife about it?"},
    ],
    ids=["widow", "surgeon", "retired", "pregnant", "doctor", "supported", "stable", "wife"],
)
def test_contradictions_are_found(rules: JudgeRules, changes: dict[str, Any]) -> None:
    assert judge_person(rules, **changes)["profile_consistent"][0] == 1


@pytest.mark.parametrize("silence", ["not given", "not specified"])
def test_what_is_not_given_contradicts_nothing(rules: JudgeRules, silence: str) -> None:
    row = dict.fromkeys(PERSON, silence) | {"query": "Should I tell my wife about it?"}
    assert find_contradictions(row, rules) == []
    assert find_contradictions(row | {"age": "16"}, rules) == []


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        ({"n_copies": 1}, 1),
        ({"query": "Sleep how?"}, 3),
        ({"query": "As a registered nurse, how do I sleep?"}, 3),
        ({"query": "What are effective strategies to sleep?"}, 3),
        ({"query": "Something soft after a shift", "source": "real"}, 4),
        ({"nearest": 0.7}, 4),
    ],
    ids=["copy", "short", "recited", "stock phrase", "request", "near copy"],
)
def test_how_plausible_a_query_is(rules: JudgeRules, changes: dict[str, Any], score: int) -> None:
    assert judge_person(rules, **changes)["query_plausible"][0] == score


def test_every_bundled_trait_has_words(rules: JudgeRules) -> None:
    traits = {t.id for t in Taxonomy.load(Path("data/taxonomy")).traits.values()}
    assert set(rules.direct) == traits
    assert set(rules.subjects) < traits


def test_the_judge_finds_nothing_against_drawn_profiles(rules: JudgeRules) -> None:
    leaves = ScenarioTemplates.load()
    grammar = ScenarioGrammar(leaves, 1)
    for domain, found in leaves.by_domain.items():
        for leaf in found:
            for n in range(12):
                rng = random.Random(n)
                profile = leaves.vocabulary.draw(rng, leaf.needs, leaf.tags)
                texts = {name: option.text for name, option in profile.items()}
                asked = {"domain": domain, "scenario": leaf.name, "profile": texts}
                row = texts | dict(grammar({**asked, "nth": n, "attempt": 0}, rng))
                assert find_contradictions(row, rules) == [], row
                assert find_slips(row["query"], rules) == [], row["query"]
                assert find_slips(row["emotional_state"], rules) == [], row["emotional_state"]


@pytest.mark.parametrize(
    ("style", "earlier", "text", "score"),
    [
        ("weakened", "", "Preferably no dying dogs. If you're not sure, leave it in.", 5),
        ("weakened", "", "Nothing with dying dogs.", 3),
        ("negated", "", "I used to skip films with dying dogs. Not any more.", 5),
        ("negated", "", "I skip films with dying dogs.", 3),
        ("retracted", "No dying dogs, please.", "Forget what I said about dying dogs.", 5),
        ("retracted", "Dogs are fine.", "Forget what I said about dying dogs.", 3),
        ("contradicted", "Don't leave anything out for dogs.", "Actually, no dying dogs.", 5),
        ("contradicted", "I love dogs.", "Actually, no dying dogs.", 3),
        ("across", "Our collie's basket is empty.", "Yes. Please go easy on me.", 3),
        ("across", "Not said anywhere.", "Yes. Please go easy on me.", 1),
    ],
)
def test_each_rung_is_held_to_what_it_says(
    rules: JudgeRules, style: str, earlier: str, text: str, score: int
) -> None:
    said = "" if earlier == "Not said anywhere." else earlier
    own = [f"{WISH} {said}", text]
    found = judge_talk(rules, style=style, earlier=earlier, text=text, message=text, own=own)
    assert found["constraint_comes_through"][0] == score
    if score != 1:
        assert found["wish_intact"] == (5, "the request stands word for word")


def test_the_writers_own_rungs_pass_the_judge(rules: JudgeRules) -> None:
    for style in ("weakened", "negated", "retracted", "contradicted"):
        for draw in range(150):
            asked = {"style": style, "place": "end", "also": False, "domain": "film"}
            asked |= {"trait_id": "animal-harm", "wording": draw, "conversation": []}
            asked |= {"short": "", "descriptions": []}
            written = write_constraint(asked, random.Random(f"{style} {draw}"))
            own = [f"{WISH} {written['earlier']}", written["text"]]
            found = judge_talk(rules, style=style, message=written["text"], own=own, **written)
            assert found["constraint_comes_through"][0] == 5, (style, written)
