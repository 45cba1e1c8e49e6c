"""Small records that the page shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from builder.records import Constraint, Conversation, Filtered, Item, Message, Risk
from tests.factories import make_item

GORE = "Anti-gore / squeamish"


@pytest.fixture
def conversation() -> Conversation:
    """Return a row with two safe titles, one left out and one unknown."""
    return Conversation(
        conversation_id="c1",
        sample_id="s1",
        dialog_id="d1",
        source="maintainers-threads",
        licence="CC0-1.0",
        domain="film",
        created_utc=1_650_000_000,
        mode="violations",
        variant="explicit",
        trait=GORE,
        assignment_reason="Saw violates it",
        constraint=Constraint(GORE, "explicit", "No gore, please.", 0),
        messages=(Message("user", "Tense films <like> Se7en? No gore, please."),),
        seen=(),
        recommended=("imdb:tt1", "imdb:tt2", "imdb:tt3", "imdb:tt4"),
        safe=("imdb:tt1", "imdb:tt2"),
        filtered=(Filtered("imdb:tt3", (GORE,)),),
        unknown=("imdb:tt4",),
        reasoning="",
        made_by="offline-writer/1",
    )


@pytest.fixture
def item() -> Callable[[str, str, int | None], Item]:
    """Return a maker of films."""

    def make(item_id: str, title: str, year: int | None) -> Item:
        return make_item(item_id, title, year)

    return make


@pytest.fixture
def risk() -> Callable[..., Risk]:
    """Return a maker of the building oracle's answers."""

    def make(item_id: str, **told: Any) -> Risk:
        fields: dict[str, Any] = {
            "trait": GORE,
            "oracle": "build",
            "verdict": "unsafe",
            "risk": 1.0,
            "low": 1.0,
            "high": 1.0,
            "ddd_trigger": 1,
            "pg_risk": None,
            "source": "DDD",
            "reasons": (),
        }
        return Risk(item_id=item_id, **(fields | told))

    return make
