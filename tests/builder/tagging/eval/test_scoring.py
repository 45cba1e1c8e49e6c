from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from builder.tagging.eval.scoring import (
    Scored,
    auroc,
    average_precision,
    calibration_error,
    score_table,
)

ROWS = st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 3)), min_size=2)


@given(ROWS)
def test_areas_are_those_of_scikit_learn(rows: list[tuple[bool, int, int]]) -> None:
    yes, scores, weights = (np.array(column) for column in zip(*rows, strict=True))
    ours = [f(yes, scores.astype(float), weights.astype(float)) for f in (auroc, average_precision)]
    if not (weights * yes).any():
        assert math.isnan(ours[0])
        assert math.isnan(ours[1])
        return
    assert ours[1] == pytest.approx(average_precision_score(yes, scores, sample_weight=weights))
    if (weights * ~yes).any():
        assert ours[0] == pytest.approx(roc_auc_score(yes, scores, sample_weight=weights))


def test_calibration_error_is_the_mean_gap_over_bins() -> None:
    yes = np.array([True, False, True, True])
    shares = np.array([0.5, 0.5, 0.9, 1.0])
    assert calibration_error(yes, shares, np.ones(4)) == pytest.approx((0.0 + 0.1) / 4)
    assert calibration_error(yes, shares, np.array([0, 2, 0, 0.0])) == pytest.approx(0.5)


def scored(**scores: list[float]) -> Scored:
    yes = np.array([True, True, False, False])
    return Scored(tuple("abcd"), yes, {name: np.array(own) for name, own in scores.items()})


def test_the_table_holds_values_leads_and_means() -> None:
    good, bad = [0.9, 0.8, 0.2, 0.1], [0.0, 1.0, 0.5, 0.4]
    one = scored(head=good, cosine=bad)
    table = score_table({"t": one, "u": one}, n_resamples=200, seed=1, peers=["cosine"])
    told = table["by_trait"]["t"]
    assert (told["n"], told["n_unsafe"]) == (4, 2)
    assert told["auroc"]["head"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert told["auroc"]["cosine"]["value"] == 0.5
    lead = told["auroc"]["head - cosine"]
    assert lead["value"] == 0.5
    assert lead["low"] < lead["value"] <= lead["high"] <= 1.0
    assert told["calibration_error"]["head"]["value"] == 0.15
    assert table["mean"]["auroc"]["head - cosine"] == lead
    assert list(table["mean"]) == ["auroc", "average_precision", "calibration_error"]


def test_one_class_alone_has_no_area() -> None:
    one = Scored(("a",), np.array([True]), {"head": np.array([0.4])})
    table = score_table({"t": one}, n_resamples=5, seed=1, peers=[])
    none = {"value": None, "low": None, "high": None}
    assert table["by_trait"]["t"]["auroc"]["head"] == none
    assert table["mean"]["calibration_error"]["head"]["value"] == 0.6
