"""A catalogue of five items, and the rows that the tests of the export make of it."""

from __future__ import annotations

from typing import Any

from builder.records import (
    Constraint,
    Conversation,
    FieldSource,
    Filtered,
    Item,
    Message,
    Reason,
    Scenario,
)
from tests.factories import GORE, make_conversation, make_item, make_scenario

BLOODY = Reason("yes", ("is-there-blood-gore",), "maintainers")
TORTURE = "Avoid torture & extreme violence"
HEAT, PADDINGTON, SAW, OBSCURE, PORTAL = (
    "imdb:tt0113277",
    "imdb:tt1109624",
    "imdb:tt0387564",
    "imdb:tt9999999",
    "esrb:portal-2",
)
_READ = {"provenance": (FieldSource("title", "maintainers", "CC0-1.0", "2026-11-21"),)}
ITEMS: tuple[Item, ...] = (
    make_item(HEAT, "Heat", 1995, **_READ),
    make_item(PADDINGTON, "Paddington", 2014, **_READ),
    make_item(SAW, "Saw", 2004, **_READ),
    make_item(OBSCURE, "Amélie's Attic", None, **_READ),
    make_item(PORTAL, "Portal 2", 2011, domain="game", **_READ),
)


def make_sft_row(number: int = 1, **changes: Any) -> Conversation:
    """Make a conversation that is a row for SFT: one title of four is unsafe, one unknown."""
    fields: dict[str, Any] = {
        "conversation_id": f"c{number:03d}",
        "request_id": f"s{number:03d}",
        "dialog_id": "t-train",
        "source": "reddit",
        "created_utc": 1_650_000_000,
        "trait": GORE,
        "assignment_reason": "Saw violates it",
        "constraint": Constraint(GORE, "explicit", "No gore, please.", 0),
        "messages": (Message("user", "Tense films like Se7en? No gore, please."),),
        "seen": (PORTAL,),
        "recommended": (SAW, HEAT, OBSCURE, PADDINGTON),
        "safe": (PADDINGTON, HEAT),
        "filtered": (Filtered(SAW, (GORE,), (BLOODY,)),),
        "unknown": (OBSCURE,),
    }
    return make_conversation(**{**fields, **changes})


def make_full_scenario(number: int = 1, **changes: str) -> Scenario:
    """Make a scenario whose person says nearly everything about themselves."""
    fields = {
        "domain": "career",
        "source": "synthetic",
        "query": "How do I tell my fiancé?",
        "scenario": "Sudden Layoff",
        "education_level": "Bachelor's",
        "age": "25-34 years",
        "gender": "not given",
        "marital_status": "Engaged",
        "profession": "Welder",
        "economic_status": "not specified",
        "health_status": "Good",
        "mental_health_status": "Anxious",
        "emotional_state": "The user dreads the talk.",
        "self_harm_history": "none",
    }
    return make_scenario(f"p{number:03d}", **{**fields, **changes})
