"""SafeRec's risk of an item for a trait (arXiv 2603.03536, traits_with_parents_guide_weights.json).

    pg_risk = (w . s) / (3 * sum(w))        0 where sum(w) is 0
    final   = max(ddd_trigger, pg_risk)     unsafe where final >= 0.66

`s` are severities from 0 (none) to 3 (severe) and `w` weights of the five Parents Guide categories.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.taxonomy import MAX_SEVERITY

RISK_DECIMALS = 4
"""Decimals of a risk in the released files."""


def pg_risk(severities: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted severity of each item in [0, 1], to `RISK_DECIMALS`.

    Args:
        severities: (..., 5), each in [0, 3].
        weights: (5,), each in [0, 1].
    """
    total = weights.sum()
    if total == 0:
        return np.zeros(severities.shape[:-1])
    risk: NDArray[np.float64] = (severities @ weights) / (MAX_SEVERITY * total)
    return np.round(risk, RISK_DECIMALS)


def final_risk(trigger: NDArray[np.bool_], pg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the greater of trigger (1 where a warning is answered yes) and `pg_risk`."""
    return np.maximum(trigger.astype(np.float64), pg)
