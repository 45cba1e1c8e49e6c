from __future__ import annotations

from dataclasses import replace

import pytest

from builder.oracle.files.oracle import Oracle
from builder.records import Conversation, Filtered, OpenPoint, Reason
from builder.synthesis.judging.consistency import Fault, find_faults
from tests.factories import DOGS, GORE, make_conversation, make_oracle, make_risk

TITLES = {
    "imdb:k0": "Unforgiven (1992)",
    "imdb:k1": "Heat (1995)",
    "imdb:f0": "War Horse (2011)",
    "imdb:u0": "Tracks (2013)",
}
HORSE_DIES = Reason("yes", ("does-a-horse-die",), "ours")
DOG_OPEN = ("does-the-dog-die",)


@pytest.fixture
def row() -> Conversation:
    return make_conversation(
        filtered=(Filtered("imdb:f0", (DOGS,), (HORSE_DIES,)),),
        open_points=(OpenPoint("imdb:k0", DOGS, DOG_OPEN), OpenPoint("imdb:u0", DOGS, ())),
    )


@pytest.fixture
def oracle() -> Oracle:
    """Say what each item's name says, and that War Horse and Heat are gory."""
    said = {"k": "safe", "f": "unsafe", "u": "unknown"}
    why = {
        "imdb:f0": (HORSE_DIES, Reason("no", ("does-a-cat-die",), "ours")),
        "imdb:k0": (Reason("unanswered", DOG_OPEN),),
    }
    risks = [make_risk(i, DOGS, said[i[5]], reasons=why.get(i, ())) for i in TITLES]
    risks += [make_risk(item_id, GORE, "unsafe") for item_id in ("imdb:f0", "imdb:k1")]
    return make_oracle([*risks, make_risk("imdb:k0", GORE, "safe")])


def test_a_right_row_has_no_fault(row: Conversation, oracle: Oracle) -> None:
    assert find_faults(row, TITLES, oracle) == []


def test_every_wish_in_force_is_asked_of_every_title(row: Conversation, oracle: Oracle) -> None:
    beside = replace(row, also=(GORE,), filtered=(Filtered("imdb:f0", (GORE,)),))
    assert find_faults(beside, TITLES, oracle) == [
        Fault("wrong", "Heat (1995) stands as safe and is unsafe")
    ]
    fixed = replace(
        beside,
        safe=("imdb:k0",),
        filtered=(Filtered("imdb:f0", (DOGS, GORE), (HORSE_DIES,)), Filtered("imdb:k1", (GORE,))),
    )
    assert find_faults(fixed, TITLES, oracle) == []


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
            {"safe": ("imdb:k0", "imdb:k1", "imdb:f0"), "filtered": ()},
            Fault("wrong", "War Horse (2011) stands as safe and is unsafe"),
        ),
        (
            {"safe": ("imdb:k0", "imdb:k1", "imdb:u0"), "unknown": ()},
            Fault("wrong", "Tracks (2013) stands as safe and is unknown"),
        ),
        (
            {"alternatives": ("imdb:f0",)},
            Fault("wrong", "War Horse (2011) stands as safe and is unsafe"),
        ),
        (
            {"filtered": (Filtered("imdb:f0", ("Anti-gore / squeamish",)),)},
            Fault("wrong", "imdb:f0 was left out for another trait"),
        ),
        (
            {"filtered": (Filtered("imdb:f0", (DOGS,), (Reason("yes", DOG_OPEN, "ours"),)),)},
            Fault("wrong", "War Horse (2011) is left out for what the oracle does not say"),
        ),
        (
            {"filtered": (Filtered("imdb:f0", (DOGS,)),)},
            Fault("thin", "nothing says why War Horse (2011) is left out"),
        ),
        (
            {"open_points": (OpenPoint("imdb:k0", DOGS, ("does-a-horse-die",)),)},
            Fault("wrong", "what is said to be open of Unforgiven (1992) is answered"),
        ),
        ({"open_points": ()}, Fault("thin", "nothing says what is open of Unforgiven (1992)")),
    ],
    ids=[
        "catalogue",
        "item lost",
        "item twice",
        "unsafe kept",
        "unknown kept",
        "unsafe alternative",
        "trait",
        "another reason",
        "no reason",
        "not open",
        "open in silence",
    ],
)
def test_a_wrong_row_is_caught(
    row: Conversation, oracle: Oracle, changes: dict[str, object], fault: Fault
) -> None:
    assert fault in find_faults(replace(row, **changes), TITLES, oracle)  # type: ignore[arg-type]
