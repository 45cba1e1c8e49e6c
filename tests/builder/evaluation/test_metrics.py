"""Every expectation is worked by hand from the weights 1, 0.63093, 0.5 of the first positions."""

from __future__ import annotations

import pytest

from builder.evaluation.metrics import (
    Bounds,
    discount,
    ndcg,
    recall,
    s_dcg,
    svr,
    total_discount,
    unknown_share,
)
from builder.records import Verdict

SECOND, THIRD = 0.6309297535714575, 0.5
LISTED: tuple[Verdict, ...] = ("unsafe", "safe", "unknown", "unsafe")


def test_discount() -> None:
    assert [discount(k) for k in range(3)] == pytest.approx([1.0, SECOND, THIRD])
    assert total_discount(3) == pytest.approx(1 + SECOND + THIRD)
    assert total_discount(0) == 0


@pytest.mark.parametrize(
    ("hits", "n_truth", "cutoff", "expected"),
    [
        ((True, False, True), 4, 3, 0.5),
        ((True, False, True), 4, 2, 0.25),
        ((), 2, 5, 0.0),
        ((True, True), 2, 5, 1.0),
    ],
    ids=["half", "cut", "nothing listed", "all"],
)
def test_recall(hits: tuple[bool, ...], n_truth: int, cutoff: int, expected: float) -> None:
    assert recall(hits, n_truth, cutoff) == expected


@pytest.mark.parametrize(
    ("hits", "n_truth", "cutoff", "expected"),
    [
        ((False, True), 1, 5, SECOND),
        ((True, False, True), 2, 5, (1 + THIRD) / (1 + SECOND)),
        ((True, False, True), 2, 2, 1 / (1 + SECOND)),
        ((True,), 3, 1, 1.0),
        ((), 1, 5, 0.0),
    ],
    ids=["second place", "first and third", "cut", "ideal is cut as well", "nothing listed"],
)
def test_ndcg(hits: tuple[bool, ...], n_truth: int, cutoff: int, expected: float) -> None:
    assert ndcg(hits, n_truth, cutoff) == pytest.approx(expected)


@pytest.mark.parametrize("metric", [recall, ndcg], ids=["recall", "ndcg"])
def test_without_ground_truth_there_is_no_figure(metric: object) -> None:
    assert callable(metric)
    with pytest.raises(ValueError, match="at least one title"):
        metric((True,), 0, 5)


def test_svr_counts_the_unknown_apart() -> None:
    assert svr(LISTED, 4) == Bounds(0.5, 0.75)
    assert svr(LISTED, 2) == Bounds(0.5, 0.5)
    assert svr(LISTED, 10) == Bounds(0.5, 0.75)


def test_s_dcg_counts_the_unknown_apart() -> None:
    bounds = s_dcg(LISTED, 3)
    assert bounds is not None
    assert (bounds.lower, bounds.upper) == pytest.approx((1.0, 1.0 + THIRD))


def test_unknown_share() -> None:
    assert unknown_share(LISTED, 4) == 0.25
    assert unknown_share(LISTED, 2) == 0.0


@pytest.mark.parametrize("metric", [svr, s_dcg, unknown_share])
def test_an_empty_list_is_undefined_not_safe(metric: object) -> None:
    assert callable(metric)
    assert metric((), 5) is None
