"""How well scores rank what holds above what does not."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Ranking:
    """Labelled samples ranked by a score, once for any number of weightings of the samples."""

    def __init__(self, is_positive: NDArray[np.bool_], scores: ArrayLike) -> None:
        """Rank.

        Args:
            is_positive: (n,), the labels.
            scores: (n,), higher for what is more likely positive.
        """
        levels, self._level = np.unique(np.asarray(scores), return_inverse=True)
        self._is_positive, self._n_levels = is_positive, len(levels)

    def auroc(self, weights: ArrayLike | None = None) -> float:
        """Return the area under the ROC curve, in [0, 1]; nan without both classes.

        It is the chance that a positive sample scores above a negative one, ties as one half.

        Args:
            weights: (n,), how often each sample counts; None for once.
        """
        positive, negative = self._counts(weights)
        if not positive.any() or not negative.any():
            return float("nan")
        below = np.cumsum(negative) - negative
        area = (positive * (below + negative / 2)).sum()
        return float(area / (positive.sum() * negative.sum()))

    def average_precision(self, weights: ArrayLike | None = None) -> float:
        """Return the mean precision at each positive sample, in [0, 1]; nan without one.

        As scikit-learn defines it: without interpolation, samples of one score together.
        """
        positive, negative = (counts[::-1] for counts in self._counts(weights))
        if not positive.any():
            return float("nan")
        seen = np.cumsum(positive + negative)
        hits = np.cumsum(positive)
        precision = np.divide(hits, seen, out=np.zeros_like(seen), where=seen > 0)
        return float((precision * positive).sum() / positive.sum())

    def _counts(self, weights: ArrayLike | None) -> tuple[Floats, Floats]:
        """Return the weight of positive and of negative samples by level of score, from below."""
        each = np.ones(len(self._level)) if weights is None else np.asarray(weights, np.float64)
        positive, negative = (
            np.bincount(self._level, each * kept, self._n_levels).astype(np.float64)
            for kept in (self._is_positive, ~self._is_positive)
        )
        return positive, negative
