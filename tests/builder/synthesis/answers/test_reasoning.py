import random
from collections.abc import Callable

import pytest

from builder.records import Reason
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
from tests.factories import DOGS, GORE

DOG_DIES = Reason("yes", ("does-the-dog-die",), "ours")


@pytest.fixture
def reason(taxonomy: Taxonomy) -> Callable[..., str]:
    """Write a reasoning for titles given with the reasons that speak against them."""

    def write(
        trait: str,
        left_out: list[tuple[str, list[Reason]]],
        unknown: tuple[str, ...] = (),
        style: str = "stated",
    ) -> str:
        entries = [LeftOut(title, {trait: tuple(reasons)}) for title, reasons in left_out]
        not_known = [Unknown(title, (trait,)) for title in unknown]
        return Reasoner(taxonomy).reasoning(style, [trait], entries, not_known, random.Random(4))

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


def test_further_wishes_are_told_and_what_is_unknown_of_which(taxonomy: Taxonomy) -> None:
    text = Reasoner(taxonomy).reasoning(
        "stated",
        [GORE, DOGS],
        [LeftOut("Saw (2004)", {DOGS: (DOG_DIES,)})],
        [Unknown("Up (2009)", (DOGS,)), Unknown("Babe (1995)", (DOGS,))],
        random.Random(4),
    )
    assert "gore, mutilation and bloody injuries" in text
    assert "a dog dies" in text
    assert "Up (2009) and Babe (1995)" in text
    assert text.count("animals being hurt or dying") == 2  # the wish, and what is not known


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
    text = reason(DOGS, [("John Wick (2014)", [DOG_DIES])])
    assert "John Wick (2014)" in text
    assert "a dog dies" in text
    assert "animals being hurt or dying" in text


def test_what_is_unknown_is_said_to_be(reason: Callable[..., str]) -> None:
    text = reason(DOGS, [("A (2000)", [])], ("B (2001)", "C (2002)", "D (2003)"))
    assert "B (2001), C (2002) and D (2003)" in text
    assert "too little is known" in text


@pytest.mark.parametrize("style", [*(s for s in STYLES if force_of(s) != "void"), "cue"])
def test_every_style_has_its_words(reason: Callable[..., str], style: str) -> None:
    assert reason(DOGS, [("A (2000)", [])], style=style).count("A (2000)") == 1
