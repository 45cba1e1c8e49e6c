from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.oracle.reference.formula import final_risk, pg_risk

GORE = np.array([0, 1, 0, 0, 0.3])
SUBSTANCE = np.array([0, 0, 0, 1, 0.1])


def test_the_worked_example_of_the_reference() -> None:
    assert pg_risk(np.array([0.0, 3, 1, 0, 2]), GORE).tolist() == 0.9231  # 3.6 / 3.9


@pytest.mark.parametrize(
    ("weights", "severities", "released"),
    [
        pytest.param(GORE, [0, 2, 0, 0, 2], 0.6667, id="gore-moderate"),
        pytest.param(GORE, [0, 2, 0, 0, 3], 0.7436, id="gore-severe-fright"),
        pytest.param(GORE, [3, 0, 3, 3, 0], 0.0, id="categories-without-a-weight"),
        pytest.param(SUBSTANCE, [0, 0, 0, 2, 1], 0.6364, id="substance-just-below"),
        pytest.param(SUBSTANCE, [0, 0, 0, 3, 3], 1.0, id="all-severe"),
        pytest.param(np.zeros(5), [3, 3, 3, 3, 3], 0.0, id="no-weights"),
    ],
)
def test_risks_as_the_release_rounds_them(
    weights: np.typing.NDArray[np.float64], severities: list[int], released: float
) -> None:
    assert pg_risk(np.array(severities, dtype=float), weights).tolist() == released


@given(
    st.lists(st.sampled_from([0.0, 1, 2, 3]), min_size=5, max_size=5),
    st.lists(st.sampled_from([0.0, 0.1, 0.3, 1]), min_size=5, max_size=5),
    st.integers(0, 4),
)
def test_risk_stays_in_its_range_and_never_falls_as_a_severity_rises(
    severities: list[float], weights: list[float], column: int
) -> None:
    worse = list(severities)
    worse[column] = 3
    low, high = pg_risk(np.array([severities, worse]), np.array(weights)).tolist()
    assert 0 <= low <= high <= 1


def test_a_trigger_is_the_greatest_risk() -> None:
    assert final_risk(np.array([True, False]), np.array([0.2, 0.2])).tolist() == [1.0, 0.2]
