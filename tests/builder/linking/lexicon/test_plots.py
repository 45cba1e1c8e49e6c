from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from builder.linking.lexicon.choice import Chooser
from builder.linking.lexicon.plots import PlotVectors, context_of
from builder.records import Item
from tests.factories import make_item, make_text

SAID = "a ship and a storm and a whale"


def film(year: int, plot: str) -> Item:
    texts = (make_text(plot),) if plot else ()
    return make_item(f"film:{year}", "Alba", year, texts=texts)


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Stand in for an encoder: ships point one way, farms another."""
    rows = [(float("ship" in text), float("farm" in text), 0.1) for text in texts]
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_the_context_is_compared_with_each_plot() -> None:
    items = [film(1953, "a ship"), film(1996, "a farm")]
    found = PlotVectors(items, lambda: encode).of(SAID, ("film:1953", "film:1996"))
    assert [round(value, 2) for value in found] == [1.0, 0.01]


@pytest.mark.parametrize(
    ("plot", "context"),
    [("", SAID), ("a farm", "of course, the ship")],
    ids=["no plot", "few words"],
)
def test_where_nothing_can_be_told_no_encoder_is_loaded(plot: str, context: str) -> None:
    def load() -> None:
        raise AssertionError

    items = [film(1953, "a ship"), film(1996, plot)]
    plots = PlotVectors(items, load)  # type: ignore[arg-type]
    assert plots.of(context, ("film:1953", "film:1996")) == [0.0, 0.0]


def test_the_fitting_plot_leads() -> None:
    items = [film(1996, "a farm"), film(1953, "a ship")]
    chooser = Chooser(items, PlotVectors(items, lambda: encode))
    ids = [item.item_id for item in items]
    found = chooser.choose(ids, None, domain=None, named=frozenset(), context=SAID)
    assert (found.item_id, found.lead) == ("film:1953", 1.0)
    found = chooser.choose(ids, None, domain=None, named=frozenset({"film:1996"}), context=SAID)
    assert found.item_id == "film:1996"


def test_the_context_is_what_stands_around_the_title() -> None:
    assert context_of("I saw Alba twice", 6, 10) == "I saw   twice"
