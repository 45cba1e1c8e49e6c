"""Risks that mean what they say: odds bent until they fit labels from outside the oracle.

Several texts and sources speak of the same scene, and the posterior counts them as if each were
news, so its risks are too sure. Where labels are, the log odds of each trait get a slope and an
intercept by logistic regression (Platt 1999). An item is bent by a fit that has not seen the
labels of its fold, and so are its fold's thresholds: as the bend keeps the order, verdicts are the
same as before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit  # type: ignore[import-untyped]

from builder.oracle.evidence.answers import Bools, Floats
from builder.oracle.posterior.posterior import Posterior
from builder.oracle.verdicts.thresholds import Thresholds

_TINY = 1e-6
_PENALTY = 1e6
"""scikit-learn's C: as good as no penalty, on two coefficients."""


@dataclass(frozen=True, slots=True)
class Bend:
    """(folds, t) each: log odds become `slope` times themselves plus `shift`."""

    slope: Floats
    shift: Floats


def fit_bend(
    found: Posterior, violates: Bools, counted: Bools, thresholds: Thresholds, min_labels: int
) -> Bend:
    """Return the bend of every fold and trait, fitted on the other folds' labels.

    Traits with fewer than `min_labels` of an answer share one bend, those without any keep their
    risks as they are.

    Args:
        found: Of n items and t traits.
        violates: (n, t), where a label says that an item violates a trait.
        counted: (n, t), where a label says anything.
        thresholds: For their folds.
        min_labels: Of either answer, for a bend of a trait's own.
    """
    odds = logit(np.clip(found.risk, _TINY, 1 - _TINY))
    n_folds, n_traits = thresholds.clears_below.shape
    slope, shift = np.ones((n_folds, n_traits)), np.zeros((n_folds, n_traits))
    answers = [(violates & counted).sum(axis=0), (~violates & counted).sum(axis=0)]
    has_own = np.minimum(*answers) >= min_labels
    for k in range(n_folds):
        taught = counted & (thresholds.fold != k)[:, None]
        pooled = _fitted(odds[taught], violates[taught])
        for t in np.flatnonzero(counted.any(axis=0)):
            own = taught[:, t]
            fit = _fitted(odds[own, t], violates[own, t]) if has_own[t] else None
            slope[k, t], shift[k, t] = fit or pooled or (1.0, 0.0)
    return Bend(slope, shift)


def _fitted(odds: Floats, is_yes: Bools) -> tuple[float, float] | None:
    """Return slope and shift; None where one answer is missing or more odds mean less."""
    from sklearn.linear_model import LogisticRegression  # takes a second to import

    if is_yes.all() or not is_yes.any():
        return None
    fit = LogisticRegression(C=_PENALTY).fit(odds[:, None], is_yes)
    slope = float(fit.coef_[0, 0])
    return (slope, float(fit.intercept_[0])) if slope > 0 else None


def bend(found: Posterior, thresholds: Thresholds, by: Bend) -> tuple[Posterior, Thresholds]:
    """Return risks, intervals and thresholds on the scale of the labels."""
    slope, shift = by.slope[thresholds.fold], by.shift[thresholds.fold]
    risk, low, high = (_bent(part, slope, shift) for part in (found.risk, found.low, found.high))
    edges = thresholds.clears_below, thresholds.hints_clear_below, thresholds.convicts_from
    clears, hints_clear, convicts = (
        np.where(np.isfinite(edge), _bent(edge, by.slope, by.shift), edge) for edge in edges
    )
    posterior = replace(found, risk=risk, low=low, high=high)
    return posterior, replace(
        thresholds, clears_below=clears, hints_clear_below=hints_clear, convicts_from=convicts
    )


def _bent(risk: Floats, slope: Floats, shift: Floats) -> Floats:
    """Return bent risks; where nothing bends, those given, to the last digit."""
    is_bent = (slope != 1.0) | (shift != 0.0)
    odds = logit(np.clip(risk, _TINY, 1 - _TINY))
    bent: Floats = np.where(is_bent, expit(slope * odds + shift), risk)
    return bent
