"""What labels say of risks and verdicts, on numbers small enough to count."""

from __future__ import annotations

import numpy as np
import pytest

from builder.oracle.checks.calibration import (
    Labelled,
    coverage_risk,
    miss_rates,
    reliability,
    risk_calibration_error,
)
from builder.oracle.files.compiled import VERDICTS
from builder.oracle.posterior.posterior import Posterior
from builder.oracle.verdicts.fuse import Fused
from builder.oracle.verdicts.recalibrate import bend, fit_bend
from builder.oracle.verdicts.thresholds import Thresholds
from tests.factories import make_trait

Row = tuple[float, str, bool | None]


def as_posterior(risk: np.ndarray) -> Posterior:
    """Return a posterior of full knowledge whose interval is its risk."""
    yes = np.ones(risk.shape, dtype=bool)
    return Posterior(risk, risk, risk, yes, np.ones(risk.shape), np.ones(risk.shape), yes)


def labelled(*rows: Row) -> Labelled:
    """Return one trait's (risk, verdict, whether it is violated); None is asked of and not said."""
    risk = np.array([[r[0]] for r in rows])
    codes = np.array([[VERDICTS.index(r[1])] for r in rows], dtype=np.int8)
    violates, respects = (np.array([[r[2] is says] for r in rows]) for says in (True, False))
    counted = np.ones(risk.shape, dtype=bool)
    return Labelled("grade", Fused(codes, risk, risk, risk), violates, respects, counted)


def thresholds(n: int) -> Thresholds:
    fold = np.arange(n) % 2
    edges = np.full((2, 1), 0.25), np.full((2, 1), 0.1), np.full((2, 1), 0.5)
    return Thresholds(*edges, ("stated",), ("stated",), fold, 0.65)


def test_misses_and_false_alarms_are_counted_among_labels() -> None:
    rows = [
        (0.1, "safe", True),
        (0.9, "unsafe", True),
        (0.4, "unknown", True),
        (0.9, "unsafe", True),
    ]
    rows += [(0.1, "safe", False), (0.8, "unsafe", False), (0.9, "unsafe", None)]
    table = miss_rates(labelled(*rows), thresholds(7), [make_trait()], n_resamples=100, seed=1)
    gore = table["Gore"]
    assert (gore["violators"], gore["missed"]["share"]) == (4, 0.25)
    assert (gore["respecters"], gore["false_alarms"]["share"]) == (2, 0.5)
    assert gore["hints_clear"]
    assert gore["missed"]["low"] <= 0.25 <= gore["missed"]["high"]
    assert (gore["clears_below"], gore["clears_by"]) == (0.25, "stated")
    assert table["all"]["missed"] == gore["missed"]


def test_risks_that_come_true_have_no_calibration_error() -> None:
    rows = [(0.25, "unknown", n == 0) for n in range(4)]
    rows += [(0.75, "unknown", n > 0) for n in range(4)]
    assert risk_calibration_error(labelled(*rows)) == 0.0
    assert risk_calibration_error(labelled((0.9, "unsafe", False))) == 0.9


def test_a_bin_has_its_share_and_interval() -> None:
    rows = [(0.5, "unknown", n < 3) for n in range(4)]
    assert list(
        reliability(labelled(*rows), [make_trait("Gore", "strong", violence_gore=1.0)])
    ) == [
        {
            "oracle": "grade",
            "group": "traits that severity ratings show well",
            "predicted": 0.5,
            "observed": 0.75,
            "low": 0.3006,
            "high": 0.9544,
            "pairs": 4,
        }
    ]


def test_the_surest_are_decided_first() -> None:
    rows = [(0.99, "unsafe", True), (0.02, "safe", False), (0.6, "unknown", False)]
    rows += [(0.45, "unknown", True)]
    steps = list(coverage_risk(labelled(*rows), [make_trait()]))
    assert [(s["coverage"], s["wrong"]) for s in steps[::5]] == [
        (0.25, 0.0),
        (0.25, 0.0),
        (0.5, 0.0),
        (0.75, 0.3333),
    ]
    assert (steps[-1]["coverage"], steps[-1]["wrong"]) == (1.0, 0.5)


def test_odds_are_bent_to_the_labels_of_other_folds_and_verdicts_stay() -> None:
    rng = np.random.default_rng(3)
    n = 3000
    truth = rng.random(n)
    violates = (rng.random(n) < truth)[:, None]
    odds = np.log(truth / (1 - truth))
    risk = (1 / (1 + np.exp(-3 * odds - 1)))[:, None]
    found = as_posterior(risk)
    counted = np.ones((n, 1), dtype=bool)
    by = fit_bend(found, violates, counted, thresholds(n), 30)
    assert by.slope.ravel().tolist() == pytest.approx([1 / 3, 1 / 3], abs=0.03)
    bent, edges = bend(found, thresholds(n), by)
    assert np.abs(bent.risk[:, 0] - truth).mean() < 0.02
    for bent_edges, plain in (
        (edges.clears_below, thresholds(n).clears_below),
        (edges.hints_clear_below, thresholds(n).hints_clear_below),
    ):
        assert np.array_equal(bent.high < bent_edges[edges.fold], risk < plain[edges.fold])
    flipped = violates.copy()
    flipped[0] = ~flipped[0]
    again = fit_bend(found, flipped, counted, thresholds(n), 30)
    assert again.slope[0, 0] == by.slope[0, 0]
    assert again.slope[1, 0] != by.slope[1, 0]


def test_without_labels_risks_and_thresholds_stay_as_they_are() -> None:
    risk = np.array([[0.3], [0.7]])
    found = as_posterior(risk)
    nothing = np.zeros((2, 1), dtype=bool)
    by = fit_bend(found, nothing, nothing, thresholds(2), 30)
    bent, edges = bend(found, thresholds(2), by)
    assert np.array_equal(bent.risk, risk)
    assert np.array_equal(edges.clears_below, thresholds(2).clears_below)


def test_a_threshold_that_promises_nothing_stays_out_of_reach() -> None:
    rng = np.random.default_rng(3)
    risk = rng.random((100, 1))
    violates = rng.random((100, 1)) < risk
    found = as_posterior(risk)
    none = np.full((2, 1), -np.inf), np.full((2, 1), -np.inf), np.full((2, 1), np.inf)
    edges = Thresholds(*none, ("own labels",), ("own labels",), np.arange(100) % 2, 0.65)
    bent = bend(found, edges, fit_bend(found, violates, violates | True, edges, 30))[1]
    assert bent.clears_below.tolist() == [[-np.inf], [-np.inf]]
    assert bent.hints_clear_below.tolist() == [[-np.inf], [-np.inf]]
    assert bent.convicts_from.tolist() == [[np.inf], [np.inf]]
