from __future__ import annotations

from builder.evaluation.popularity import popular_titles
from builder.records import Domain
from builder.titles import TitleYear

HEAT, SAW, UP = TitleYear("Heat", 1995), TitleYear("Saw", 2004), TitleYear("Up", 2009)
HADES = TitleYear("Hades", 2020)
DOMAINS: dict[TitleYear, Domain] = {HEAT: "film", SAW: "film", UP: "film", HADES: "game"}


def test_the_most_recommended_come_first_in_each_domain() -> None:
    truths = [(UP, SAW), (SAW,), (HEAT, HADES), (TitleYear("Elsewhere", 2001),)]
    assert popular_titles(truths, DOMAINS, 2) == {"film": (SAW, HEAT), "game": (HADES,)}


def test_no_train_rows_make_no_list() -> None:
    assert popular_titles([], DOMAINS, 10) == {}
