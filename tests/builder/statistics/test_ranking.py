from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from builder.statistics.ranking import Ranking

ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 3)), min_size=1)


@given(ROWS)
def test_areas_are_those_of_scikit_learn(rows: list[tuple[bool, int, int]]) -> None:
    yes, scores, weights = (np.array(column) for column in zip(*rows, strict=True))
    ranking = Ranking(yes, scores)
    area, precision = ranking.auroc(weights), ranking.average_precision(weights)
    if not (weights * yes).any():
        assert math.isnan(area)
        assert math.isnan(precision)
        return
    assert precision == pytest.approx(average_precision_score(yes, scores, sample_weight=weights))
    if (weights * ~yes).any():
        assert area == pytest.approx(roc_auc_score(yes, scores, sample_weight=weights))
    else:
        assert math.isnan(area)


def test_ties_count_one_half() -> None:
    ranking = Ranking(np.array([True, False, True, False]), [0.9, 0.5, 0.5, 0.1])
    assert ranking.auroc() == 3.5 / 4
    assert ranking.average_precision() == pytest.approx((1 + 2 / 3) / 2)
    assert ranking.auroc([1, 0, 1, 1]) == 1.0
