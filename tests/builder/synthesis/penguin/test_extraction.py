from __future__ import annotations

from pathlib import Path

import pytest

from builder.errors import InputError
from builder.synthesis.penguin.extraction import PATTERNS, Extractor


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


@pytest.mark.parametrize(
    ("post", "stated"),
    [
        ("I'm 34 and I love puzzles.", {"age": "34"}),
        ("im 17 so nothing too grim", {"age": "17"}),
        ("I (34F) want something slow.", {"age": "34", "gender": "female"}),
        ("I’m in my late forties now.", {"age": "late forties"}),
        ("Divorced, 46, first date tonight.", {"age": "46", "marital_status": "divorced"}),
        ("Nurse here, home at eight.", {"profession": "nurse"}),
        ("As a nurse I see enough of it.", {"profession": "nurse"}),
        ("I'm a very tired primary teacher, send help", {"profession": "teacher"}),
        ("I teach maths and it shows.", {"profession": "teacher (maths)"}),
        ("I study psychology so I can take it.", {"education_level": "studying psychology"}),
        (
            "I'm a PhD student in the arctic.",
            {"education_level": "phd student", "profession": "student"},
        ),
        ("My wife picks, I pay.", {"marital_status": "married"}),
        ("My late husband loved it.", {"marital_status": "widowed"}),
        ("Me and my boyfriend need a film.", {"marital_status": "in a relationship"}),
        ("I'm the fun aunt.", {"gender": "female"}),
        ("I'm broke, so free games only.", {"economic_status": "broke"}),
        ("Broke my ankle. Six weeks on a sofa.", {"health_status": "broke my ankle"}),
        ("I have epilepsy, no strobes.", {"health_status": "epilepsy"}),
        ("My anxiety is bad in winter.", {"mental_health_status": "anxiety"}),
        ("I am so lonely here.", {"emotional_state": "lonely"}),
        ("Retired, 71, and bored of chess.", {"age": "71", "profession": "retired"}),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_what_a_post_states_is_found(
    extractor: Extractor, post: str, stated: dict[str, str]
) -> None:
    found = extractor.profile(post)
    assert {name: said.value for name, said in found.items()} == stated
    assert all(said.quote in post for said in found.values())


@pytest.mark.parametrize(
    "post",
    [
        "I'm 15 years late to this.",
        "I'm 20 minutes in and bored already",
        "I'm 90% done with it.",
        "My students keep telling me games are literature.",
        "My daughter is a nurse and she turned 30 in May.",
        "My sister has just finished chemo.",
        "He was a soldier and his wife waited.",
        "I have a beard and a BMX.",
        "I'm the villain in this thread.",
        "My flatmate says that I'm desperate.",
        "If I'm a nurse in this game, do I heal?",
        "I'm not a teacher.",
        "A film about a divorced man, 46 minutes long.",
        "I'm tired of superheroes.",
        "Mum (68) has retired and asked for a farm game.",
        "I'm a teacher's son.",
    ],
    ids=lambda value: value[:24],
)
def test_nothing_is_guessed(extractor: Extractor, post: str) -> None:
    assert extractor.profile(post) == {}


@pytest.mark.parametrize(
    ("post", "asked"),
    [
        ("Where to?\n\nI'm 23. What else is on the shelf?", "What else is on the shelf?"),
        ("A kind film\n\nI want something with nice cats.", "I want something with nice cats."),
        ("Story games a non gamer can finish\n\nI'm 58.", "Story games a non gamer can finish"),
        ("Hi. Hello there. Nice weather today isn't so bad.", None),
        ("Any ideas?", None),
    ],
    ids=["question", "request", "title", "nothing", "too short"],
)
def test_the_question_of_a_post(extractor: Extractor, post: str, asked: str | None) -> None:
    assert extractor.question(post, min_words=5) == asked


def test_the_domain_of_a_post(extractor: Extractor) -> None:
    assert extractor.domain("First date on Friday, help") == "relationship"
    assert extractor.domain("Something with dragons") == "life"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<job>", "<jobb>", "unknown word <jobb>"),
        ("  gender:", "  sex:", "unknown attribute 'sex'"),
        ("\\\\bmy late (?:", "\\\\bmy late (?<:", "is not a pattern"),
    ],
    ids=["word", "attribute", "expression"],
)
def test_a_faulty_pattern_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = PATTERNS.read_text()
    assert old in text
    path = tmp_path / "extraction.yaml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        Extractor.load(path)
    assert message in str(caught.value)
