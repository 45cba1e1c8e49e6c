from __future__ import annotations

import pytest

from builder.statistics.intervals import wilson


def test_wilson_of_three_in_four() -> None:
    share = wilson(3, 4)
    assert share is not None
    assert (share.value, share.n_samples) == (0.75, 4)
    assert (share.low, share.high) == pytest.approx((0.3006, 0.9544), abs=5e-5)


def test_nothing_has_no_share() -> None:
    assert wilson(0, 0) is None
