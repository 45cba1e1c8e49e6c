"""Intervals by bootstrap over threads: samples of one thread are not independent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.seeding import keyed_digest


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over samples with its percentile interval, and how many samples it is a mean of."""

    value: float
    low: float
    high: float
    n_samples: int


class ThreadBootstrap:
    """Draws whole threads with replacement; every figure sees the same draws.

    So the difference of two systems, taken sample by sample, gets a paired interval.
    """

    def __init__(
        self, threads: Sequence[str], *, n_resamples: int, level: float, seed: int
    ) -> None:
        """Draw once.

        Args:
            threads: The thread of each sample.
            n_resamples: Number of draws.
            level: Share of the draws within the interval, in (0, 1).
            seed: Of the draws, which depend on nothing else but the number of threads.
        """
        names = sorted(set(threads))
        number_by_name = {name: number for number, name in enumerate(names)}
        self._thread = np.array([number_by_name[name] for name in threads], dtype=np.int64)
        self._tails = (100 * (1 - level) / 2, 100 * (1 + level) / 2)
        rng = np.random.default_rng(keyed_digest(seed, "bootstrap"))
        shares = np.full(len(names), 1 / max(1, len(names)))
        self._times_drawn = rng.multinomial(len(names), shares, size=n_resamples)

    def interval(self, values: Sequence[float | None]) -> Interval | None:
        """Return the mean of the defined values, None where none is defined.

        Args:
            values: One a sample; None is undefined and enters neither mean nor draws.
        """
        defined = np.array([value is not None for value in values], dtype=bool)
        if not defined.any():
            return None
        filled = np.array([0.0 if value is None else value for value in values])
        means = self._resampled_means(filled, defined)
        low, high = np.percentile(means, self._tails)
        value = filled[defined].mean()
        return Interval(float(value), float(low), float(high), int(defined.sum()))

    def ratio(self, tops: Sequence[float], bottoms: Sequence[float]) -> Interval | None:
        """Return sum of tops / sum of bottoms over the samples, None where the bottoms are 0.

        Precision, recall and F1 over counts are such ratios; `n_samples` is the sum of bottoms.
        """
        top, bottom = np.asarray(tops, dtype=np.float64), np.asarray(bottoms, dtype=np.float64)
        if not bottom.sum():
            return None
        ratios = self._resampled_means(top, bottom)
        low, high = np.percentile(ratios, self._tails)
        value = float(top.sum() / bottom.sum())
        return Interval(value, float(low), float(high), int(bottom.sum()))

    def _resampled_means(
        self, filled: NDArray[np.float64], defined: NDArray[np.bool_] | NDArray[np.float64]
    ) -> NDArray[np.float64]:
        n_threads = self._times_drawn.shape[1]
        sums = np.bincount(self._thread, weights=filled, minlength=n_threads)
        counts = np.bincount(self._thread, weights=defined, minlength=n_threads)
        totals, n_values = self._times_drawn @ sums, self._times_drawn @ counts
        kept = n_values > 0
        means: NDArray[np.float64] = totals[kept] / n_values[kept]
        return means
