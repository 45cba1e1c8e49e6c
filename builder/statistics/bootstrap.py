"""Percentile bootstrap over groups: samples of one thread, or of one item, are not independent.

Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 13 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from builder.seeding import keyed_digest
from builder.statistics.intervals import Interval

Floats = NDArray[np.float64]

_BLOCK = 2**20
"""Draws that are multiplied at once: of a matrix of any size, some megabytes."""


class GroupBootstrap:
    """Draws whole groups with replacement; every figure sees the same draws.

    So the difference of two systems, taken sample by sample, gets a paired interval.
    """

    def __init__(
        self, groups: Sequence[str] | Sequence[int], *, n_resamples: int, level: float, seed: int
    ) -> None:
        """Draw once.

        Args:
            groups: The group of each sample: its thread, its item.
            n_resamples: Number of draws.
            level: Share of the draws within an interval, in (0, 1).
            seed: Of the draws, which depend on nothing else but the number of groups.
        """
        names, numbers = np.unique(np.asarray(groups), return_inverse=True)
        self._n_groups, self._group = len(names), numbers.astype(np.int64)
        self._tails = ((1 - level) / 2, (1 + level) / 2)
        rng = np.random.default_rng(keyed_digest(seed, "bootstrap"))
        shape = (n_resamples, self._n_groups)
        self._times_drawn = np.zeros(shape, dtype=np.min_scalar_type(self._n_groups))
        for row in self._times_drawn if self._n_groups else ():
            drawn = rng.integers(0, self._n_groups, self._n_groups)
            row[:] = np.bincount(drawn, minlength=self._n_groups)

    def interval(self, values: Sequence[float | None]) -> Interval | None:
        """Return the mean of the defined values, None where none is defined.

        Args:
            values: One per sample; None is undefined and enters neither mean nor draws.
        """
        defined = np.array([value is not None for value in values], dtype=np.float64)
        filled = np.array([0.0 if value is None else value for value in values])
        return self.ratio(filled, defined)

    def ratio(self, tops: ArrayLike, bottoms: ArrayLike) -> Interval | None:
        """Return sum of tops / sum of bottoms over the samples, None where the bottoms are 0.

        Precision, recall and F1 over counts are such ratios; `n_samples` is the sum of bottoms.
        """
        columns = np.stack([np.asarray(tops, np.float64), np.asarray(bottoms, np.float64)], axis=1)
        top, bottom = columns.sum(axis=0)
        if not bottom:
            return None
        low, high = self.limits(quotients(self.sums(columns)))
        return Interval(float(top / bottom), low, high, int(bottom))

    def sums(self, values: Floats) -> Floats:
        """Return the sums over the samples of each draw.

        Args:
            values: (n_samples, n_columns).

        Returns:
            (n_resamples, n_columns).
        """
        totals = np.zeros((self._n_groups, values.shape[1]))
        np.add.at(totals, self._group, values)
        n_blocks = max(1, self._times_drawn.size // _BLOCK)
        blocks = np.array_split(self._times_drawn, n_blocks)
        return np.concatenate([block.astype(np.float64) @ totals for block in blocks])

    def weights(self) -> Iterator[Floats]:
        """Yield for each draw how often each sample is drawn: (n_samples,)."""
        for row in self._times_drawn:
            yield row[self._group].astype(np.float64)

    def limits(self, figures: Floats) -> tuple[float, float]:
        """Return the limits of the interval, from a figure per draw; nan is left out.

        Raises:
            ValueError: If no draw has a figure.
        """
        defined = figures[~np.isnan(figures)]
        if not len(defined):
            raise ValueError("no draw has a figure")
        low, high = np.quantile(defined, self._tails)
        return float(low), float(high)


def quotients(sums: Floats) -> Floats:
    """Return the first of two columns over the second, nan where that is 0: (n, 2) to (n,)."""
    tops, bottoms = sums.T
    shares: Floats = np.divide(tops, bottoms, out=np.full(len(sums), np.nan), where=bottoms != 0)
    return shares
