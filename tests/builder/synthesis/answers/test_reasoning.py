import random
from collections.abc import Callable

import pytest

from builder.records import Risk
from builder.synthesis.answers.clauses import says_alike
from builder.synthesis.answers.reasoning import (
    LeftOut,
    Reasoner,
    Unknown,
    plain_answer,
    tell_all,
    tell_open,
)
from builder.synthesis.styles import STYLES, force_of
from builder.taxonomy import Taxonomy

DOGS = "Animal lover (avoid animal harm/death)"
GORE = "Anti-gore / squeamish"


@pytest.fixture
def reason(taxonomy: Taxonomy, a_risk: Callable[..., Risk]) -> Callable[..., str]:
    """Write a reasoning for titles given as (title, because)."""

    def write(
        trait: str,
        left_out: list[tuple[str, str]],
        unknown: tuple[str, ...] = (),
        style: str = "stated",
    ) -> str:
        risks = [
            LeftOut(title, (a_risk("x", trait, "unsafe", *why.split("|")),))
            for title, why in left_out
        ]
        not_known = [Unknown(title, (trait,)) for title in unknown]
        return Reasoner(taxonomy).reasoning(style, [trait], risks, not_known, random.Random(4))

    return write


def test_nothing_left_out_needs_no_reasoning(reason: Callable[..., str]) -> None:
    assert reason(DOGS, []) == ""


def test_what_is_left_out_because_nothing_is_known_of_it_is_said(
    reason: Callable[..., str],
) -> None:
    text = reason(DOGS, [], ("Heat (1995)",))
    assert "animals being hurt or dying" in text
    assert "too little is known" in text.lower()
    assert text.count("Heat (1995)") == 1


def test_further_wishes_are_told_and_what_is_unknown_of_which(
    taxonomy: Taxonomy, a_risk: Callable[..., Risk]
) -> None:
    text = Reasoner(taxonomy).reasoning(
        "stated",
        [GORE, DOGS],
        [LeftOut("Saw (2004)", (a_risk("x", DOGS, "unsafe", "ours says yes: Does the dog die"),))],
        [Unknown("Up (2009)", (DOGS,)), Unknown("Babe (1995)", (DOGS,))],
        random.Random(4),
    )
    assert "gore, mutilation and bloody injuries" in text
    assert "a dog dies" in text
    assert "Up (2009) and Babe (1995)" in text
    assert text.count("animals being hurt or dying") == 2  # the wish, and what is not known


@pytest.mark.parametrize(
    ("said", "whether"),
    [
        ("not answered: 1 of 10 warnings (Does the dog die)", "whether a dog dies"),
        (
            "not answered: 4 of 10 warnings (Does the dog die; Is there dog fighting; ...)",
            "whether a dog dies and whether dogs are made to fight each other for sport or money "
            "(4 questions are open)",
        ),
        ("ours says no to 9 of 10 warnings", ""),
        ("", ""),
    ],
    ids=["one", "four", "another line", "all answered"],
)
def test_what_nobody_answered_of_a_title_that_stays(
    taxonomy: Taxonomy, said: str, whether: str
) -> None:
    assert Reasoner(taxonomy).whether({DOGS: said}) == whether


OPEN = {"A (2000)": "whether a dog dies", "B (2001)": "whether a cat dies"}


@pytest.mark.parametrize("seed", range(6))
def test_titles_of_which_the_same_is_open_share_a_sentence(seed: int) -> None:
    told = tell_open(OPEN | {"C (2002)": "whether a dog dies"}, random.Random(seed))
    assert told.count("whether a dog dies") == 1
    assert "A (2000) and C (2002)" in told
    assert told.count("whether") == told.count(".") == 2
    assert tell_open({}, random.Random(seed)) == ""


def test_what_is_open_is_told_after_what_was_left_out() -> None:
    told = tell_all("Saw (2004) drops out.", OPEN, random.Random(1))
    assert told.startswith("Saw (2004) drops out. ")
    assert tell_all("Saw (2004) drops out.", {}, random.Random(1)) == "Saw (2004) drops out."
    assert tell_all("", {}, random.Random(1)) == ""
    alone = tell_all("", OPEN, random.Random(1))
    assert alone.partition(". ")[0] in {
        "Nothing that was recommended has to go",
        "The recommended titles can all stay",
        "No title drops out here",
    }


def test_a_plain_answer_reads_as_a_sentence() -> None:
    answers = {plain_answer(["A (2000)", "B (2001)"], {}, random.Random(n)) for n in range(40)}
    assert len(answers) == 6
    assert all("A (2000) and B (2001)" in answer for answer in answers)
    assert plain_answer([], {}, random.Random(1)) == ""


def test_a_title_is_left_out_for_what_the_oracle_knows(reason: Callable[..., str]) -> None:
    text = reason(DOGS, [("John Wick (2014)", "ours says yes: Does the dog die")])
    assert "John Wick (2014)" in text
    assert "a dog dies" in text
    assert "animals being hurt or dying" in text


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("ours says yes: Is there body horror|ours says yes: Are any teeth damaged",
         "a body is disturbingly changed, infected or deformed and teeth are broken, "
         "knocked out or pulled"),
        ("votes: violence & gore severe, 8 of 9 votes", "it is rated severe for violence & gore"),
        ("votes: profanity moderate|votes: violence & gore severe",
         "it is rated severe for violence & gore, so some of that is likely in it"),
        ("something else", "what is known of it goes against that wish"),
    ],
    ids=["two facts", "a rating", "the rating that tells most", "unreadable"],
)  # fmt: skip
def test_facts_become_clauses(reason: Callable[..., str], why: str, said: str) -> None:
    assert said in reason(GORE, [("Saw (2004)", why)])


def test_facts_that_say_much_the_same_are_said_once(reason: Callable[..., str]) -> None:
    why = "ours says yes: Does a horse die|ours says yes: Does an animal die"
    text = reason(DOGS, [("War Horse (2011)", why)])
    assert "a horse dies" in text
    assert "an animal of any kind dies" not in text


def test_the_same_bloodshed_is_told_once() -> None:
    assert says_alike(
        "blood or bloody injuries are shown",
        "injuries and bloodshed are shown in an extreme, drawn-out way",
    )
    assert not says_alike(
        "someone is tied up, chained or otherwise held down",
        "someone is abducted or held captive",
    )


def test_what_is_unknown_is_said_to_be(reason: Callable[..., str]) -> None:
    text = reason(DOGS, [("A (2000)", "")], ("B (2001)", "C (2002)", "D (2003)"))
    assert "B (2001), C (2002) and D (2003)" in text
    assert "too little is known" in text


@pytest.mark.parametrize("style", [*(s for s in STYLES if force_of(s) != "void"), "cue"])
def test_every_style_has_its_words(reason: Callable[..., str], style: str) -> None:
    assert reason(DOGS, [("A (2000)", "")], style=style).count("A (2000)") == 1
