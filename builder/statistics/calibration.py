"""How far probabilities are from the shares that come true, over bins of equal width."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

N_BINS = 15


def bins_of(probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the bin, from 0, of each probability in [0, 1]; the last bin holds 1 as well."""
    return np.minimum((probabilities * N_BINS).astype(np.int64), N_BINS - 1)


def calibration_error(
    probabilities: NDArray[np.float64],
    comes_true: NDArray[np.bool_],
    weights: ArrayLike | None = None,
) -> float:
    """Return the expected calibration error, in [0, 1]; nan without weight.

    The distance of mean probability and observed share of each bin, weighted by its samples (Guo
    et al., On calibration of modern neural networks, 2017, equation 3).

    Args:
        probabilities: (n,), in [0, 1].
        comes_true: (n,), whether each did.
        weights: (n,), how often each sample counts; None for once.
    """
    each = np.ones(len(probabilities)) if weights is None else np.asarray(weights, np.float64)
    if not each.any():
        return float("nan")
    gaps = np.bincount(bins_of(probabilities), each * (probabilities - comes_true), N_BINS)
    return float(np.abs(gaps).sum() / each.sum())
