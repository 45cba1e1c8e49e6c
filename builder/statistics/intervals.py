"""A figure with its interval; the interval of a share by a formula."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import binomtest  # type: ignore[import-untyped]


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
