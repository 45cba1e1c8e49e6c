from __future__ import annotations

import math

import numpy as np
import pytest

from builder.statistics.calibration import bins_of, calibration_error


def test_the_error_is_the_mean_gap_over_bins() -> None:
    shares, yes = np.array([0.5, 0.5, 0.9, 1.0]), np.array([True, False, True, True])
    assert calibration_error(shares, yes) == pytest.approx((0.0 + 0.1) / 4)
    assert calibration_error(shares, yes, [0, 2, 0, 0]) == pytest.approx(0.5)
    assert math.isnan(calibration_error(shares, yes, [0, 0, 0, 0]))


def test_fifteen_bins_hold_both_ends() -> None:
    assert bins_of(np.array([0.0, 0.066, 0.067, 0.999, 1.0])).tolist() == [0, 0, 1, 14, 14]
