"""How well the text around a title fits the plots of the items of that title.

Used only where year, thread and community leave several items. The encoder is loaded, and a plot
encoded, when the first such mention comes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from builder.records import Item, TextKind
from builder.tagging.encode.encoder import EncoderSettings, untracked

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to vectors: one L2-normalised row per text."""

_KINDS: tuple[TextKind, ...] = ("plot", "overview")
_PLOT_CHARS = 1000
_CONTEXT_CHARS = 300
_MIN_CONTEXT_WORDS = 6
"""Fewer words ("The Thing, of course") resemble plots only by chance."""


class PlotSimilarity(Protocol):
    """Compares a context with the plots of items."""

    def of(self, context: str, item_ids: Sequence[str]) -> list[float]:
        """Return the cosine of a context to each item's plot, in [-1, 1].

        All are 0 if one of the items has no plot, or the context is too short.
        """


def plot_encoder(settings: EncoderSettings) -> Encode:
    """Return the function that encodes plots and contexts.

    Raises:
        InputError: If the encoder cannot be loaded.
    """
    # Imports torch: seconds, and most runs compare no plots.
    from builder.tagging.encode.sentence_encoder import load_encoder

    encoder = load_encoder(settings, workers=1, precision="float32")
    return lambda texts: encoder.encode(texts, untracked)


class PlotVectors:
    """Plots and contexts as vectors of an encoder.

    Args:
        items: The catalogue.
        load: Loads the encoder; called once, when it is first needed.
    """

    def __init__(self, items: Collection[Item], load: Callable[[], Encode]) -> None:
        self._load = load
        self._plot_by_id = {i.item_id: plot for i in items if (plot := _plot(i))}
        self._vector_by_id: dict[str, NDArray[np.float32]] = {}

    def of(self, context: str, item_ids: Sequence[str]) -> list[float]:
        """See `PlotSimilarity`."""
        have_plots = all(item_id in self._plot_by_id for item_id in item_ids)
        if not have_plots or len(context.split()) < _MIN_CONTEXT_WORDS:
            return [0.0] * len(item_ids)
        vector = self._encode([context])[0]
        return [float(vector @ self._vector(item_id)) for item_id in item_ids]

    def _vector(self, item_id: str) -> NDArray[np.float32]:
        if item_id not in self._vector_by_id:  # one at a time: a batch would change the last bits
            self._vector_by_id[item_id] = self._encode([self._plot_by_id[item_id]])[0]
        return self._vector_by_id[item_id]

    @cached_property
    def _encode(self) -> Encode:
        return self._load()


def context_of(text: str, start: int, end: int) -> str:
    """Return the text around text[start:end], without it."""
    return f"{text[max(0, start - _CONTEXT_CHARS) : start]} {text[end : end + _CONTEXT_CHARS]}"


def _plot(item: Item) -> str:
    texts = {text.kind: text.text for text in item.texts}
    return next((texts[kind][:_PLOT_CHARS] for kind in _KINDS if kind in texts), "")
