"""Which reasons an answer names."""

from __future__ import annotations

import pytest

from builder.records import Reason
from builder.synthesis.answers.grounds import grounds
from builder.taxonomy import Taxonomy

DOGS, GORE = "Animal lover (avoid animal harm/death)", "Anti-gore / squeamish"


def yes(warning: str, source: str = "ours") -> Reason:
    return Reason("yes", (warning,), source)


def rated(category: str, level: float, source: str = "pg") -> Reason:
    return Reason("severity", (category,), source, level)


HORROR, TEETH = yes("is-there-body-horror"), yes("are-any-teeth-damaged")
EYES = Reason("similarity", ("is-there-eye-mutilation",), "wiki", 0.7, quote="Eyes.", place="plot")
VIOLENT, RUDE = rated("violence_gore", 3.0), rated("profanity", 2.0)
TEXTS, NOES = Reason("likelihood", (), "wiki", 2.0), Reason("no", ("is-there-amputation",), "ours")


@pytest.mark.parametrize(
    ("reasons", "named"),
    [
        pytest.param([HORROR, EYES, VIOLENT, TEXTS, NOES], [HORROR, EYES], id="facts-not-signs"),
        pytest.param([HORROR, EYES, TEETH], [HORROR, EYES], id="two-facts"),
        pytest.param(
            [TEETH, yes("are-any-teeth-damaged", "other")], [TEETH], id="one-fact-by-two-sources"
        ),
        pytest.param([RUDE, VIOLENT, TEXTS], [VIOLENT], id="the-rating-that-tells-most"),
        pytest.param(
            [rated("violence_gore", 2.0), rated("violence_gore", 3.0, "other")],
            [rated("violence_gore", 3.0, "other")],
            id="one-rating-for-a-category",
        ),
        pytest.param([rated("violence_gore", 1.0), TEXTS, NOES], [], id="mild-is-no-ground"),
    ],
)
def test_grounds_are_facts_else_the_ratings_that_tell_most(
    taxonomy: Taxonomy, reasons: list[Reason], named: list[Reason]
) -> None:
    assert grounds({GORE: reasons}, taxonomy) == tuple(named)


def test_of_ratings_that_tell_as_much_the_severe_come_first(taxonomy: Taxonomy) -> None:
    torture = "Avoid torture & extreme violence"
    violent, frightening = rated("violence_gore", 2.0), rated("frightening_intense", 3.0)
    assert grounds({torture: [violent, frightening]}, taxonomy) == (frightening, violent)


def test_things_that_say_much_the_same_are_named_once(taxonomy: Taxonomy) -> None:
    horse = yes("does-a-horse-die")
    assert grounds({DOGS: [horse, yes("does-an-animal-die")]}, taxonomy) == (horse,)


def test_the_first_trait_with_a_ground_speaks_for_the_others(taxonomy: Taxonomy) -> None:
    assert grounds({DOGS: [TEXTS], GORE: [VIOLENT]}, taxonomy) == (VIOLENT,)
    horse = yes("does-a-horse-die")
    assert grounds({DOGS: [horse], GORE: [HORROR, TEETH]}, taxonomy) == (horse, HORROR)
