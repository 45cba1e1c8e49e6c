from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.statistics.bootstrap import GroupBootstrap, quotients
from builder.statistics.intervals import Interval


def bootstrap(
    threads: list[str], *, n_resamples: int = 4000, level: float = 0.95
) -> GroupBootstrap:
    return GroupBootstrap(threads, n_resamples=n_resamples, level=level, seed=7)


def test_one_thread_leaves_no_doubt_to_resample() -> None:
    assert bootstrap(["a", "a"]).interval([0.0, 1.0]) == Interval(0.5, 0.5, 0.5, 2)


def test_two_threads_can_both_be_drawn_twice() -> None:
    assert bootstrap(["a", "b"]).interval([0.0, 1.0]) == Interval(0.5, 0.0, 1.0, 2)


def test_the_drawn_threads_are_binomial() -> None:
    """With two threads both draws miss b with chance 1/4: the lower quartile is 0, just so."""
    found = bootstrap(["a", "b"], level=0.4).interval([0.0, 1.0])
    assert found == Interval(0.5, 0.5, 0.5, 2)


def test_the_mean_is_over_samples_not_threads() -> None:
    found = bootstrap(["a", "a", "a", "b"]).interval([1.0, 1.0, 1.0, 0.0])
    assert found == Interval(0.75, 0.0, 1.0, 4)


def test_samples_of_one_thread_are_no_evidence_for_each_other() -> None:
    together = bootstrap([f"t{n // 25}" for n in range(100)]).interval([0.0] * 50 + [1.0] * 50)
    apart = bootstrap([f"t{n}" for n in range(100)]).interval([0.0] * 50 + [1.0] * 50)
    assert together is not None
    assert apart is not None
    assert together.high - together.low > 3 * (apart.high - apart.low)
    assert apart.high - apart.low == pytest.approx(2 * 1.96 * 0.05, abs=0.02)


def test_undefined_values_enter_nowhere() -> None:
    draws = bootstrap(["a", "b", "c"])
    assert draws.interval([None, 1.0, 1.0]) == Interval(1.0, 1.0, 1.0, 2)
    assert draws.interval([None, None, None]) is None


def test_a_paired_difference_is_narrower_than_its_parts() -> None:
    threads = [f"t{n}" for n in range(30)]
    easy = [n / 30 for n in range(30)]
    draws = bootstrap(threads)
    better = draws.interval([value + 0.1 - value for value in easy])
    alone = draws.interval(easy)
    assert better is not None
    assert alone is not None
    assert (better.low, better.high) == (pytest.approx(0.1), pytest.approx(0.1))
    assert alone.high - alone.low > 0.1


@given(st.permutations(list(range(8))))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    threads, values = [f"t{n // 2}" for n in range(8)], [n / 8 for n in range(8)]
    first = bootstrap(threads, n_resamples=50).interval(list(values))
    again = bootstrap([threads[n] for n in order], n_resamples=50)
    assert again.interval([values[n] for n in order]) == first


def test_sums_and_weights_are_of_the_same_draws() -> None:
    draws = bootstrap(["a", "b", "a", "c"], n_resamples=20)
    values = np.array([[1.0, 10.0], [2.0, 0.0], [4.0, 5.0], [8.0, 1.0]])
    weights = np.stack(list(draws.weights()))
    assert (weights[:, 0] == weights[:, 2]).all()
    assert (weights[:, [0, 1, 3]].sum(axis=1) == 3).all()
    assert draws.sums(values) == pytest.approx(weights @ values)


def test_more_groups_than_a_byte_counts_are_drawn() -> None:
    draws = bootstrap([f"t{n}" for n in range(70_000)], n_resamples=2)
    assert draws.sums(np.ones((70_000, 1))).tolist() == [[70_000.0], [70_000.0]]


def test_a_draw_without_a_figure_is_left_out_of_the_limits() -> None:
    draws = bootstrap(["a"])
    assert draws.limits(np.array([np.nan, 0.25, 0.25])) == (0.25, 0.25)
    with pytest.raises(ValueError, match="no draw has a figure"):
        draws.limits(np.array([np.nan]))
    assert quotients(np.array([[1.0, 4.0], [1.0, 0.0]])).tolist()[0] == 0.25


def test_no_samples_have_no_interval() -> None:
    assert bootstrap([]).interval([]) is None
