from __future__ import annotations

from collections.abc import Callable

import pytest

from builder.export.choose import Choice, ExportRule
from builder.export.naming import Names
from builder.records import (
    Constraint,
    Conversation,
    FieldSource,
    Filtered,
    Item,
    Message,
    Scenario,
)
from tests.factories import make_item

GORE, TORTURE = "Anti-gore / squeamish", "Avoid torture & extreme violence"

HEAT, PADDINGTON, SAW, OBSCURE, PORTAL = (
    "imdb:tt0113277",
    "imdb:tt1109624",
    "imdb:tt0387564",
    "imdb:tt9999999",
    "esrb:portal-2",
)


def _item(item_id: str, title: str, year: int | None) -> Item:
    told = (FieldSource("title", "maintainers", "CC0-1.0", "2026-11-21"),)
    domain = "game" if item_id.startswith("esrb:") else "film"
    return make_item(item_id, title, year, domain=domain, provenance=told)


ITEMS = (
    _item(HEAT, "Heat", 1995),
    _item(PADDINGTON, "Paddington", 2014),
    _item(SAW, "Saw", 2004),
    _item(OBSCURE, "Amélie's Attic", None),
    _item(PORTAL, "Portal 2", 2011),
)


@pytest.fixture
def items() -> tuple[Item, ...]:
    return ITEMS


@pytest.fixture
def names() -> Names:
    return Names(ITEMS)


@pytest.fixture
def choice(names: Names) -> Choice:
    rule = ExportRule(
        wanted=10,
        min_groundtruth_train=2,
        unknown_in_groundtruth="drop",
        alternatives=2,
        empty_groundtruth="drop",
    )
    splits = {"t-train": "train", "t-validation": "validation", "t-test": "test"}
    return Choice(rule, names, splits, {}, (GORE, TORTURE))  # type: ignore[arg-type]


@pytest.fixture
def conversation() -> Callable[..., Conversation]:
    """Return a maker of conversations; what is not told is that of a plain SFT row."""

    def make(number: int = 1, **told: object) -> Conversation:
        fields: dict[str, object] = {
            "conversation_id": f"c{number:03d}",
            "sample_id": f"s{number:03d}",
            "dialog_id": "t-train",
            "source": "reddit",
            "licence": "CC0-1.0",
            "domain": "film",
            "created_utc": 1_650_000_000,
            "mode": "violations",
            "variant": "explicit",
            "trait": GORE,
            "assignment_reason": "Saw violates it",
            "constraint": Constraint(GORE, "explicit", "No gore, please.", 0),
            "messages": (Message("user", "Tense films like Se7en? No gore, please."),),
            "seen": (PORTAL,),
            "recommended": (SAW, HEAT, OBSCURE, PADDINGTON),
            "safe": (PADDINGTON, HEAT),
            "filtered": (Filtered(SAW, (GORE,)),),
            "unknown": (OBSCURE,),
            "reasoning": "Saw (2004) is left out: it shows gore.",
            "made_by": "offline-writer/1",
        }
        return Conversation(**(fields | told))  # type: ignore[arg-type]

    return make


@pytest.fixture
def scenario() -> Callable[..., Scenario]:
    def make(number: int = 1, **told: str) -> Scenario:
        fields = {
            "scenario_id": f"p{number:03d}",
            "domain": "career",
            "made_by": "offline-writer/1",
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
        return Scenario(**(fields | told))  # type: ignore[arg-type]

    return make
