from __future__ import annotations

from builder.evaluation.popularity import popular_items
from builder.export.naming import Names
from builder.records import Domain
from tests.factories import make_item

DOMAINS: dict[str, Domain] = {"1": "film", "2": "film", "3": "film", "4": "film", "5": "game"}
TITLES = {"1": "Up", "2": "Saw", "3": "Heat", "4": "Heat", "5": "Hades"}
NAMES = Names(make_item(item_id, title) for item_id, title in TITLES.items())


def test_the_most_recommended_come_first_in_each_domain() -> None:
    truths = [("1", "2"), ("2",), ("4", "5"), ("3",)]
    assert popular_items(truths, DOMAINS, NAMES, 3) == {"film": ("2", "3", "4"), "game": ("5",)}


def test_no_train_rows_make_no_list() -> None:
    assert popular_items([], DOMAINS, NAMES, 10) == {}
