"""Cosines of all sentences with all warnings, those above a floor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.tagging.similarity.search import SEARCHES, SearchName

_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Matches:
    """Parallel arrays, sorted by vector, then warning; cosines in [-1, 1] to 4 decimals."""

    vectors: NDArray[np.int64]
    warnings: NDArray[np.int64]
    cosines: NDArray[np.float64]


def find_matches(
    vectors: NDArray[np.float32],
    prototypes: NDArray[np.float32],
    min_score: float,
    search: SearchName,
) -> Matches:
    """Return every pair of a vector and a prototype whose rounded cosine is `min_score` or more.

    The cosines of the pairs found are computed again in float64 before rounding, so that neither
    threads nor the order of sums reaches the files.

    Args:
        vectors: (n_vectors, dim), rows L2-normalised.
        prototypes: (n_warnings, dim), rows L2-normalised.
        min_score: Lowest cosine kept, in [-1, 1].
        search: What finds the pairs; all find the same.

    Raises:
        ValueError: If the widths differ.
    """
    if vectors.shape[1] != prototypes.shape[1]:
        raise ValueError(f"widths {vectors.shape[1]} and {prototypes.shape[1]} differ")
    margin = 10.0**-_DECIMALS
    found, warnings = SEARCHES[search](vectors, prototypes, min_score - margin)
    cosines = np.round(_dots(vectors, found, prototypes, warnings), _DECIMALS)
    kept = cosines >= min_score
    order = np.lexsort((warnings[kept], found[kept]))
    return Matches(found[kept][order], warnings[kept][order], cosines[kept][order])


def _dots(
    vectors: NDArray[np.float32],
    rows: NDArray[np.int64],
    prototypes: NDArray[np.float32],
    warnings: NDArray[np.int64],
) -> NDArray[np.float64]:
    dots = np.empty(len(rows), dtype=np.float64)
    wide = prototypes.astype(np.float64)
    for start in range(0, len(rows), 65_536):
        part = slice(start, start + 65_536)
        left = vectors[rows[part]].astype(np.float64)
        dots[part] = np.einsum("ij,ij->i", left, wide[warnings[part]])
    return dots
