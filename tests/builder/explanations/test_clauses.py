"""A warning's description as a clause."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.explanations.clauses import clause_of, distinct_clauses, says_alike
from builder.taxonomy import Taxonomy

WARNINGS = Taxonomy.load(Path("data/taxonomy")).warnings


@pytest.mark.parametrize(
    ("warning", "clause"),
    [
        ("does-the-dog-die", "a dog dies"),
        ("are-any-teeth-damaged", "teeth are broken, knocked out or pulled"),
    ],
)
def test_a_clause_is_a_description_without_asides(warning: str, clause: str) -> None:
    assert clause_of(WARNINGS[warning]) == clause


def test_the_same_bloodshed_is_named_once() -> None:
    shown = "blood or bloody injuries are shown"
    drawn_out = "injuries and bloodshed are shown in an extreme, drawn-out way"
    tied, captive = (
        "someone is tied up, chained or otherwise held down",
        "someone is abducted or held captive",
    )
    assert says_alike(shown, drawn_out)
    assert not says_alike(tied, captive)
    assert distinct_clauses([shown, drawn_out, tied, captive]) == (shown, tied, captive)
