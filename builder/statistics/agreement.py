"""How far raters agree beyond chance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal

import krippendorff
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def krippendorff_alpha(
    ratings: Sequence[Sequence[Hashable]],
    values: Sequence[Hashable],
    level: Literal["nominal", "ordinal"],
) -> float | None:
    """Return Krippendorff's alpha, -1 to 1 (Krippendorff, Computing alpha-reliability, 2011).

    None where it is not defined: no unit is rated twice, or all ratings of such units are equal.

    Args:
        ratings: By unit, the ratings it got.
        values: The values that a rating may have, in their order where they are ordinal.
        level: Of measurement.
    """
    compared = [unit for unit in ratings if len(unit) > 1]
    if len({rating for unit in compared for rating in unit}) < 2:
        return None
    counts = np.array([[list(unit).count(value) for value in values] for unit in compared])
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement=level))


def cohens_kappa(cells: Floats) -> Floats:
    """Return Cohen's kappa of two raters, nan where one of them always says the same.

    Args:
        cells: (..., 4), the counts of: both yes, only the first, only the second, both no.

    Returns:
        (...).
    """
    total = cells.sum(axis=-1)
    shares = cells / np.where(total, total, np.nan)[..., None]
    first, second = shares[..., 0] + shares[..., 1], shares[..., 0] + shares[..., 2]
    by_chance = first * second + (1 - first) * (1 - second)
    varies = (first > 0) & (first < 1) & (second > 0) & (second < 1)
    free = np.where(varies, 1 - by_chance, np.nan)
    kappa: Floats = (shares[..., 0] + shares[..., 3] - by_chance) / free
    return kappa
