"""Logistic fits: many slopes under a penalty, a score's calibration, one slope with offsets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]

Floats = NDArray[np.float64]

_NEVER = 1e6
"""Inverse penalty that is none, for slopes of one or two numbers."""

_STEEPEST = 5.0
"""Logits for one standard deviation of the nearest warning; measured slopes are below 1."""


def fit_logistic(x: Floats, shares: Floats, inverse_penalty: float) -> tuple[Floats, float]:
    """Return slopes, (n_columns,), and constant; of one class only, noughts.

    A share between 0 and 1 counts as so much of a yes and the rest of a no.

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
    """Return factor and shift that make a logit of scores (Platt, 1999).

    A factor below 0 would say that the scores are worse than nothing: it is 0 then.
    """
    slope, shift = fit_logistic(scores[:, None], y.astype(np.float64), _NEVER)
    return (float(slope[0]), shift) if slope[0] > 0 else (0.0, logit(y.mean()))


def logit(share: float) -> float:
    """Return the logit of a share, which is kept between 0.001 and 0.999."""
    clipped = min(max(float(share), 1e-3), 1 - 1e-3)
    return float(np.log(clipped / (1 - clipped)))


def fit_slope(x: Floats, offsets: Floats, y: NDArray[np.int64]) -> float:
    """Return the slope of x, not below 0, under which y is likeliest; all are (n,)."""

    def loss(slope: float) -> float:
        logits = offsets + slope * x
        return float((np.logaddexp(0, logits) - y * logits).mean())

    return float(minimize_scalar(loss, bounds=(0, _STEEPEST), method="bounded").x)
