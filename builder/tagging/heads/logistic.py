"""Logistic fits: many slopes with a penalty, calibration of a score, one slope with offsets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]

Floats = NDArray[np.float64]

_NO_PENALTY = 1e6
"""Inverse penalty that amounts to no penalty, for fits of one slope."""

_STEEPEST = 5.0
"""Logits per standard deviation of the nearest warning; measured slopes are below 1."""


def fit_logistic(x: Floats, shares: Floats, inverse_penalty: float) -> tuple[Floats, float]:
    """Return slopes, (n_columns,), and constant; all 0 if there is only one class.

    A share between 0 and 1 counts as that much of a yes, and the rest as a no.

    Args:
        x: (n, n_columns).
        shares: (n,), in [0, 1].
        inverse_penalty: scikit-learn's C.
    """
    from sklearn.linear_model import LogisticRegression  # takes a second to import

    yes, no = shares > 0, shares < 1
    if not yes.any() or not no.any():
        return np.zeros(x.shape[1]), 0.0
    rows = np.concatenate([np.flatnonzero(yes), np.flatnonzero(no)])
    answers = np.repeat([1, 0], [yes.sum(), no.sum()])
    weights = np.concatenate([shares[yes], 1 - shares[no]])
    order = np.argsort(rows, kind="stable")
    model = LogisticRegression(C=inverse_penalty, tol=1e-7, max_iter=1000)
    model.fit(x[rows[order]], answers[order], sample_weight=weights[order])
    slopes: Floats = model.coef_[0]
    return slopes, float(model.intercept_[0])


def calibrate(scores: Floats, y: NDArray[np.int64]) -> tuple[float, float]:
    """Return factor and shift that turn scores into logits (Platt, 1999).

    A factor below 0 would mean that the scores are worse than none; then it is 0.
    """
    slope, shift = fit_logistic(scores[:, None], y.astype(np.float64), _NO_PENALTY)
    return (float(slope[0]), shift) if slope[0] > 0 else (0.0, logit(y.mean()))


def logit(share: float) -> float:
    """Return the logit of a share, clipped to [0.001, 0.999]."""
    clipped = min(max(float(share), 1e-3), 1 - 1e-3)
    return float(np.log(clipped / (1 - clipped)))


def fit_slope(x: Floats, offsets: Floats, y: NDArray[np.int64]) -> float:
    """Return the non-negative slope of x that makes y most likely; all arrays are (n,)."""

    def loss(slope: float) -> float:
        logits = offsets + slope * x
        return float((np.logaddexp(0, logits) - y * logits).mean())

    return float(minimize_scalar(loss, bounds=(0, _STEEPEST), method="bounded").x)
