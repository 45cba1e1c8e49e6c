from __future__ import annotations

import numpy as np
import pytest

from builder.statistics.agreement import cohens_kappa, krippendorff_alpha

SCORES = (1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("ratings", "alpha"),
    [
        ([(1, 1), (5, 5)], 1.0),
        ([(3, 3), (3, 3)], None),
        ([(1, 5), (5, 1)], -0.5),
        ([(1,), (2,)], None),
        ([], None),
    ],
    ids=["full", "all equal", "crossed", "rated once", "none"],
)
def test_alpha_of_ordinal_ratings(ratings: list[tuple[int, ...]], alpha: float | None) -> None:
    assert krippendorff_alpha(ratings, SCORES, "ordinal") == alpha


def test_a_miss_by_one_counts_less_than_a_miss_by_three() -> None:
    agreed = [(1, 1), (2, 2), (3, 3), (4, 4)]
    near, far = (
        krippendorff_alpha([*agreed, last], SCORES, "ordinal") for last in ((4, 5), (2, 5))
    )
    assert near is not None
    assert far is not None
    assert 1 > near > far


def test_nominal_alpha_of_a_worked_example() -> None:
    """Ten units, two observers: Krippendorff 2011, Computing alpha, section A, alpha = .095."""
    one = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    other = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    ratings = list(zip(one, other, strict=True))
    assert krippendorff_alpha(ratings, (1, 0), "nominal") == pytest.approx(0.095, abs=5e-4)


def test_kappa_of_two_tables() -> None:
    """Cohen 1960: 20 and 15 of 50 agree on yes and no, 5 and 10 do not: kappa = .4."""
    kappa = cohens_kappa(np.array([[20.0, 5.0, 10.0, 15.0], [3.0, 0.0, 1.0, 0.0]]))
    assert kappa[0] == pytest.approx(0.4)
    assert np.isnan(kappa[1])
