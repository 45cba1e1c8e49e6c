"""A row's answer in sentences."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from builder.explanations.renderer import Renderer
from builder.records import Filtered, OpenPoint, Reason
from builder.synthesis.answers.reasoning import (
    Reasoner,
    open_sentences,
    plain_answer,
    with_open_points,
)
from builder.synthesis.styles import CUE, STYLES, force_of
from builder.taxonomy import Taxonomy
from tests.factories import make_conversation

DOGS, GORE = "Animal lover (avoid animal harm/death)", "Anti-gore / squeamish"
DOG_DIES = Reason("yes", ("does-the-dog-die",), "ours")
NAMES = {
    "a": "Saw (2004)",
    "b": "Up (2009)",
    "c": "Babe (1995)",
    "d": "Heat (1995)",
}
Write = Callable[..., str]


@pytest.fixture
def reasoner(taxonomy: Taxonomy) -> Reasoner:
    return Reasoner(taxonomy, Renderer(taxonomy), seed=4)


@pytest.fixture
def reason(reasoner: Reasoner) -> Write:
    """Write the reasoning of a conversation about DOGS."""

    def write(**changes: Any) -> str:
        empty = {"filtered": (), "unknown": (), "trait": DOGS}
        return reasoner.reasoning(make_conversation(**(empty | changes)), NAMES.__getitem__)

    return write


def left_out(item_id: str, *reasons: Reason, trait: str = DOGS) -> Filtered:
    return Filtered(item_id, (trait,), reasons)


def test_nothing_left_out_needs_no_reasoning(reason: Write) -> None:
    assert reason() == ""


def test_a_title_is_left_out_for_the_reasons_that_its_row_holds(reason: Write) -> None:
    text = reason(filtered=(left_out("a", DOG_DIES),))
    assert text.count("Saw (2004)") == 1
    assert "a dog dies" in text
    assert "animals being hurt or dying" in text
    bare = reason(filtered=(left_out("a"),))
    assert "what is known of it goes against that wish" in bare


def test_what_is_unknown_is_said_to_be(reason: Write) -> None:
    text = reason(filtered=(left_out("a"),), unknown=("b", "c", "d"))
    assert "Up (2009), Babe (1995) and Heat (1995)" in text
    assert "too little is known" in text


def test_further_wishes_are_named_and_what_is_unknown_for_which(reason: Write) -> None:
    text = reason(
        trait=GORE,
        also=(DOGS,),
        filtered=(left_out("a", DOG_DIES),),
        unknown=("b", "c"),
        open_points=(OpenPoint("b", DOGS, ()), OpenPoint("c", DOGS, ())),
    )
    assert "gore, mutilation and bloody injuries" in text
    assert "a dog dies" in text
    assert "Up (2009) and Babe (1995)" in text
    assert text.count("animals being hurt or dying") == 2  # the wish, and what is not known


@pytest.mark.parametrize("style", [*(s for s in STYLES if force_of(s) != "void"), CUE])
def test_every_style_has_its_words(reason: Write, style: str) -> None:
    assert reason(variant=style, filtered=(left_out("a"),)).count("Saw (2004)") == 1


def test_a_row_keeps_its_words_and_another_row_draws_its_own(reason: Write) -> None:
    rows = [f"t{n}/1#stated" for n in range(20)]
    texts = [reason(conversation_id=row, filtered=(left_out("a"),)) for row in rows]
    assert texts == [reason(conversation_id=row, filtered=(left_out("a"),)) for row in rows]
    assert len(set(texts)) > 10


def test_what_is_open_is_told_of_the_titles_listed(reasoner: Reasoner) -> None:
    row = make_conversation(
        open_points=(
            OpenPoint("a", DOGS, ("does-the-dog-die",)),
            OpenPoint("a", GORE, ("are-any-teeth-damaged", "does-the-dog-die")),
            OpenPoint("b", DOGS, ("does-the-dog-die",)),
            OpenPoint("c", DOGS, ()),
        )
    )
    assert reasoner.whether_by_title(row, ["c", "a", "d"], NAMES.__getitem__) == {
        "Saw (2004)": "whether a dog dies and whether teeth are broken, knocked out or pulled"
    }


OPEN = {"A (2000)": "whether a dog dies", "B (2001)": "whether a cat dies"}


@pytest.mark.parametrize("seed", range(6))
def test_titles_of_which_the_same_is_open_share_a_sentence(seed: int) -> None:
    text = open_sentences(OPEN | {"C (2002)": "whether a dog dies"}, random.Random(seed))
    assert text.count("whether a dog dies") == 1
    assert "A (2000) and C (2002)" in text
    assert text.count("whether") == text.count(".") == 2
    assert open_sentences({}, random.Random(seed)) == ""


def test_what_is_open_comes_after_what_was_left_out() -> None:
    text = with_open_points("Saw (2004) drops out.", OPEN, random.Random(1))
    assert text.startswith("Saw (2004) drops out. ")
    assert with_open_points("Saw (2004) drops out.", {}, random.Random(1)) == (
        "Saw (2004) drops out."
    )
    assert with_open_points("", {}, random.Random(1)) == ""
    alone = with_open_points("", OPEN, random.Random(1))
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
