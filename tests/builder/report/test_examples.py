"""Rows picked for the page."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from builder.explanations.renderer import Renderer
from builder.records import Conversation, Filtered, Reason
from builder.report.examples import (
    ShownTitle,
    pick_conversation,
    pick_scenarios,
    profile,
    show_conversation,
)
from builder.taxonomy import Taxonomy
from tests.factories import GORE, make_item, make_oracle, make_risk, make_scenario

SCENARIO = make_scenario(
    "b",
    source="synthetic",
    scenario="Fasting",
    age="25-34",
    gender="Not specified",
    marital_status="",
    profession="nurse",
    emotional_state="worried",
    self_harm_history="none",
)


def test_the_picked_conversation_has_something_kept_and_something_left_out(
    conversation: Conversation,
) -> None:
    rows = [
        replace(conversation, conversation_id="b"),
        replace(conversation, conversation_id="a"),
        replace(conversation, conversation_id="0", filtered=()),
        replace(conversation, conversation_id="1", safe=("imdb:tt1",)),
        replace(conversation, conversation_id="2", constraint=None),
    ]
    random.Random(1).shuffle(rows)
    picked = pick_conversation(rows)
    assert picked is not None
    assert picked.conversation_id == "a"
    assert pick_conversation([]) is None


def test_titles_are_shown_unsafe_first_with_their_reasons(
    conversation: Conversation,
) -> None:
    row = replace(
        conversation, safe=("imdb:tt1",), filtered=(Filtered("imdb:tt2", ("gore",)),), unknown=()
    )
    items = {
        "imdb:tt1": make_item("imdb:tt1", "Heat", 1995),
        "imdb:tt2": make_item("imdb:tt2", "It", None),
    }
    reason = Reason("yes", ("is-there-blood-gore",), "ours")
    bloody = make_risk("imdb:tt2", GORE, "unsafe", reasons=(reason,))
    renderer = Renderer(Taxonomy.load(Path("data/taxonomy")))
    shown = show_conversation(row, items, make_oracle([bloody]), renderer)
    assert shown.titles == (
        ShownTitle("It", "unsafe", ("ours says yes: Is there blood/gore",)),
        ShownTitle("Heat (1995)", "safe", ()),
    )


def test_the_fullest_scenario_of_each_kind_is_picked() -> None:
    fuller = replace(SCENARIO, scenario_id="c", education_level="college")
    real = replace(SCENARIO, scenario_id="a", source="real")
    assert pick_scenarios([SCENARIO, fuller, real]) == [real, fuller]
    assert pick_scenarios([]) == []


def test_a_profile_leaves_out_what_is_not_given() -> None:
    assert profile(SCENARIO) == [
        ("age", "25-34"),
        ("profession", "nurse"),
        ("emotional state", "worried"),
    ]
