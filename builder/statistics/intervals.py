"""A figure with its interval; the interval of a share by a formula."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest  # type: ignore[import-untyped]

Counts = NDArray[np.int64]
_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the limits of its interval.

    Attributes:
        value: The figure.
        low: Lower limit.
        high: Upper limit.
        n_samples: How many samples the figure is a mean or a share of.
    """

    value: float
    low: float
    high: float
    n_samples: int


def wilson(part: int, whole: int) -> Interval | None:
    """Return the share part / whole with its 95% Wilson interval, None of an empty whole.

    Wilson, Probable inference, the law of succession, and statistical inference (1927); it takes
    the samples as independent.
    """
    if not whole:
        return None
    limits = binomtest(part, whole).proportion_ci(method="wilson")
    return Interval(part / whole, float(limits.low), float(limits.high), whole)


def wilson_high(parts: Counts, wholes: Counts) -> NDArray[np.float64]:
    """Return (n,), the upper ends of the 95% Wilson intervals of parts / wholes.

    Args:
        parts: (n,), from 0 up to the wholes.
        wholes: (n,), each at least 1.
    """
    shares, z2 = parts / wholes, _Z95**2
    middles = shares + z2 / (2 * wholes)
    reaches = _Z95 * np.sqrt(shares * (1 - shares) / wholes + z2 / (4 * wholes**2))
    highs: NDArray[np.float64] = (middles + reaches) / (1 + z2 / wholes)
    return highs
