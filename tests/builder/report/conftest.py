"""A conversation that the page shows."""

from __future__ import annotations

import pytest

from builder.records import Constraint, Conversation, Filtered, Message
from tests.factories import GORE, make_conversation


@pytest.fixture
def conversation() -> Conversation:
    """Return a row with two safe titles, one left out and one unknown."""
    return make_conversation(
        "c1",
        request_id="s1",
        dialog_id="d1",
        source="maintainers-threads",
        trait=GORE,
        assignment_reason="Saw violates it",
        constraint=Constraint(GORE, "explicit", "No gore, please.", 0),
        messages=(Message("user", "Tense films <like> Se7en? No gore, please."),),
        recommended=("imdb:tt1", "imdb:tt2", "imdb:tt3", "imdb:tt4"),
        safe=("imdb:tt1", "imdb:tt2"),
        filtered=(Filtered("imdb:tt3", (GORE,)),),
        unknown=("imdb:tt4",),
    )
