from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from builder.statistics.intervals import wilson, wilson_high


def test_wilson_of_three_in_four() -> None:
    share = wilson(3, 4)
    assert share is not None
    assert (share.value, share.n_samples) == (0.75, 4)
    assert (share.low, share.high) == pytest.approx((0.3006, 0.9544), abs=5e-5)


def test_nothing_has_no_share() -> None:
    assert wilson(0, 0) is None


def test_the_upper_end_is_wilsons() -> None:
    parts, wholes = np.array([0, 1, 5, 30]), np.array([10, 10, 100, 30])
    exact = [
        binomtest(k, n).proportion_ci(method="wilson").high
        for k, n in zip(parts, wholes, strict=True)
    ]
    assert wilson_high(parts, wholes) == pytest.approx(exact, rel=1e-5)
