from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from builder.records import Conversation, Filtered
from builder.synthesis.facts import Fault, find_faults

TITLES = {
    "imdb:k0": "Unforgiven (1992)",
    "imdb:k1": "Heat (1995)",
    "imdb:f0": "War Horse (2011)",
    "imdb:u0": "Tracks (2013)",
}
REASONING = "I leave out War Horse (2011): a horse dies. Too little is known of Tracks (2013)."


@pytest.fixture
def row(a_conversation: Callable[..., Conversation]) -> Conversation:
    return a_conversation(reasoning=REASONING)


def test_a_right_row_has_no_fault(row: Conversation) -> None:
    assert find_faults(row, TITLES) == []


def test_a_title_may_be_left_out_for_a_further_wish(row: Conversation) -> None:
    gore = "Anti-gore / squeamish"
    beside = replace(row, also=(gore,), filtered=(Filtered("imdb:f0", (gore,)),))
    assert find_faults(beside, TITLES) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"seen": ("imdb:x",)}, Fault("wrong", "imdb:x is not in the catalogue")),
        (
            {"safe": ("imdb:k0",)},
            Fault("wrong", "safe, filtered and unknown are not the recommended items"),
        ),
        (
            {"safe": ("imdb:k0", "imdb:k1", "imdb:u0")},
            Fault("wrong", "safe, filtered and unknown are not the recommended items"),
        ),
        (
            {"filtered": (Filtered("imdb:f0", ("Anti-gore / squeamish",)),)},
            Fault("wrong", "imdb:f0 was left out for another trait"),
        ),
        (
            {"reasoning": REASONING + " Jaws (1975) too."},
            Fault("wrong", "the reasoning names a title that nobody recommended"),
        ),
        ({"reasoning": ""}, Fault("thin", "nothing says why titles were left out")),
        (
            {"reasoning": "A horse dies in one."},
            Fault("thin", "the reasoning does not name War Horse (2011)"),
        ),
    ],
    ids=["catalogue", "item lost", "item twice", "trait", "foreign title", "silent", "unnamed"],
)
def test_a_wrong_row_is_caught(row: Conversation, changes: dict[str, object], fault: Fault) -> None:
    assert find_faults(replace(row, **changes), TITLES) == [fault]  # type: ignore[arg-type]
