"""Thresholds that keep a promise: ranks, folds, fallbacks, and what they decide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from builder.oracle.evidence.answers import Bools
from builder.oracle.posterior.posterior import Posterior
from builder.oracle.verdicts.thresholds import (
    Thresholds,
    choose_thresholds,
    decide,
    highest_edge,
    labels_as_arrays,
    rank_threshold,
)
from tests.support.oracle_rules import THRESHOLDS


@pytest.mark.parametrize(
    ("n", "rate", "expected"),
    [
        pytest.param(19, 0.05, 0.0, id="the-least-that-promises-5-percent"),
        pytest.param(18, 0.05, float("-inf"), id="too-few"),
        pytest.param(99, 0.05, 4.0, id="the-fifth-of-99"),
        pytest.param(0, 0.5, float("-inf"), id="none"),
    ],
)
def test_the_rank_counts_the_item_to_come(n: int, rate: float, expected: float) -> None:
    assert rank_threshold(np.arange(n, dtype=float)[::-1], rate) == expected


def likely(risk: np.ndarray, settled: float = 1.0) -> Posterior:
    """Return a posterior whose interval is its risk."""
    yes = np.ones(risk.shape, dtype=bool)
    share = np.full(risk.shape, settled)
    return Posterior(risk, risk, risk, yes, share, share, yes)


def choose(risk: np.ndarray, violates: Bools, respects: Bools, settled: float = 1.0) -> Thresholds:
    """Return the thresholds of items i0, i1, ... whose labels are all proxies."""
    ids = [f"i{k}" for k in range(len(risk))]
    is_own = np.zeros(risk.shape, dtype=bool)
    found = likely(risk, settled)
    return choose_thresholds(ids, found, violates, respects, THRESHOLDS, is_own)


def test_at_most_the_stated_share_of_new_violators_is_missed() -> None:
    rng = np.random.default_rng(5)
    n = 4000
    violates = rng.random((n, 1)) < 0.5
    risk = np.clip(rng.normal(0.3 + 0.3 * violates, 0.15), 0.001, 0.999)
    labelled = rng.random((n, 1)) < 0.5
    found = likely(risk)
    chosen = choose(risk, violates & labelled, ~violates & labelled)
    assert (chosen.clears_by, chosen.convicts_by) == (("own labels",), ("own labels",))
    verdicts = decide(found, chosen)
    new = violates & ~labelled
    assert 0.03 < verdicts.safe[new].mean() < 0.07
    assert verdicts.unsafe[~violates & ~labelled].mean() < 0.13
    assert verdicts.safe[violates & labelled].mean() < 0.07


def test_an_items_own_label_never_sets_its_threshold() -> None:
    risk = np.linspace(0.1, 0.9, 200)[:, None]
    violates, respects = risk > 0.3, risk <= 0.3
    chosen = choose(risk, violates, respects)
    for row in (0, 70, 199):
        without = np.copy(violates)
        without[row] = False
        again = choose(risk, without, respects)
        fold = chosen.fold[row]
        assert chosen.clears_below[fold].tolist() == again.clears_below[fold].tolist()


def test_few_labels_share_thresholds_and_none_takes_the_stated_ones() -> None:
    risk = np.tile(np.linspace(0.1, 0.9, 60)[:, None], (1, 2))
    violates = np.zeros((60, 2), dtype=bool)
    violates[:40, 0], violates[:5, 1] = True, True
    none = np.zeros((60, 2), dtype=bool)
    chosen = choose(risk, violates, none)
    assert chosen.clears_by == ("own labels", "pooled labels")
    assert chosen.convicts_by == ("stated", "stated")
    assert chosen.convicts_from.tolist() == [[0.5, 0.5]] * 5
    stated = choose(risk, none, none)
    assert stated.clears_below.tolist() == [[0.25, 0.25]] * 5


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        pytest.param({}, "safe", id="settled-and-low"),
        pytest.param({"settled": 0.6}, "unknown", id="the-decisive-question-is-open"),
        pytest.param({"settled": 0.0, "low": 0.01, "risk": 0.05, "high": 0.09}, "safe", id="hints"),
        pytest.param(
            {"settled": 0.0, "hinted": 0.6, "low": 0.01, "risk": 0.05, "high": 0.09},
            "unknown",
            id="hints-of-too-little",
        ),
        pytest.param({"settled": 0.0}, "unknown", id="hints-reach-their-own-threshold"),
        pytest.param({"high": 0.25}, "unknown", id="reaches-the-threshold"),
        pytest.param({"informed": False}, "unknown", id="nothing-speaks"),
        pytest.param({"low": 0.5, "risk": 0.6, "high": 0.9}, "unsafe", id="high"),
        pytest.param({"low": 0.5, "risk": 0.6, "high": 0.9, "settled": 0.0}, "unsafe", id="a-yes"),
        pytest.param({"low": 0.4, "risk": 0.6, "high": 0.9}, "unknown", id="straddles"),
        pytest.param(
            {"low": 0.5, "risk": 0.6, "high": 0.9, "attested": False},
            "unknown",
            id="a-weak-proxy-alone",
        ),
    ],
)
def test_what_is_not_sure_is_unknown(changes: dict[str, float], verdict: str) -> None:
    given = {"low": 0.1, "risk": 0.15, "high": 0.2, "settled": 0.7, "hinted": 0.7}
    given |= {"informed": True, "attested": True}
    cell = {name: np.array([[value]]) for name, value in (given | changes).items()}
    found = Posterior(
        cell["risk"],
        cell["low"],
        cell["high"],
        cell["informed"],
        cell["settled"],
        cell["hinted"],
        cell["attested"],
    )
    thresholds = Thresholds(
        np.full((5, 1), 0.25),
        np.full((5, 1), 0.1),
        np.full((5, 1), 0.5),
        ("stated",),
        ("stated",),
        np.zeros(1, dtype=np.int64),
        0.65,
    )
    said = decide(found, thresholds)
    names = {(True, False): "unsafe", (False, True): "safe", (False, False): "unknown"}
    assert names[bool(said.unsafe[0, 0]), bool(said.safe[0, 0])] == verdict
    against = replace(thresholds, convicts_from=np.full((5, 1), 0.01))
    assert not decide(found, against).unsafe[0, 0] or cell["risk"][0, 0] >= 0.5


def test_labels_of_unknown_items_are_left_out() -> None:
    truth = {"Gore": {"a": True, "b": False, "z": True}}
    violates, respects = labels_as_arrays(["a", "b", "c"], ["Gore", "Horror"], truth)
    assert violates.tolist() == [[True, False], [False, False], [False, False]]
    assert respects.tolist() == [[False, False], [True, False], [False, False]]


@pytest.mark.parametrize(
    ("n_right", "n_wrong", "expected"),
    [
        pytest.param(35, 0, True, id="35-right-bound-the-wrong-at-9.9-percent"),
        pytest.param(34, 0, False, id="34-do-not"),
        pytest.param(124, 6, True, id="6-of-130-are-4.6-percent-at-most-9.7"),
        pytest.param(95, 5, False, id="5-of-100-may-be-11-percent"),
        pytest.param(2000, 120, False, id="more-than-5-percent-however-sure"),
    ],
)
def test_hints_clear_what_labels_show_to_be_right(
    n_right: int, n_wrong: int, expected: bool
) -> None:
    wrong = np.array([True] * n_wrong + [False] * n_right)
    edge = highest_edge(np.full(len(wrong), 0.2), wrong, 0.05, 0.1)
    assert edge == (np.nextafter(0.2, 1) if expected else float("-inf"))


def test_hints_clear_up_to_where_wrong_ones_begin() -> None:
    scores = np.arange(100) / 100
    assert highest_edge(scores, scores >= 0.6, 0.05, 0.1) == np.nextafter(0.6, 1)


def test_hints_clear_nothing_by_labels_that_are_proxies() -> None:
    ids = [f"i{k}" for k in range(300)]
    risk = np.linspace(0.01, 0.3, 300)[:, None]
    share = np.zeros((300, 1)), np.ones((300, 1))
    yes, no = np.ones((300, 1), dtype=bool), np.zeros((300, 1), dtype=bool)
    found = Posterior(risk, risk, risk, yes, *share, no)
    for is_own, rules, n_safe in (
        (no, THRESHOLDS, 0),
        (yes, THRESHOLDS, 300),
        (no, THRESHOLDS.model_copy(update={"proxies_clear": True}), 300),
    ):
        chosen = choose_thresholds(ids, found, no, yes, rules, is_own)
        assert decide(found, chosen).safe.sum() == pytest.approx(n_safe, abs=10)
        assert np.isfinite(chosen.hints_clear_below).all() == bool(n_safe)
