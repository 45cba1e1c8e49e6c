"""Cosines of all sentences with all warnings, if they reach a minimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.tagging.similarity.search import SEARCHES, SearchName

_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Matches:
    """Matching pairs as parallel arrays, sorted by vector, then warning.

    Attributes:
        vectors: Rows of the vectors.
        warnings: Rows of the prototypes.
        cosines: In [-1, 1], to 4 decimals.
    """

    vectors: NDArray[np.int64]
    warnings: NDArray[np.int64]
    cosines: NDArray[np.float64]


def find_matches(
    vectors: NDArray[np.float32],
    prototypes: NDArray[np.float32],
    min_score: float,
    search: SearchName,
) -> Matches:
    """Return every pair of a vector and a prototype whose rounded cosine is at least `min_score`.

    The cosines of these pairs are computed again in float64 before rounding, so that neither
    threads nor the order of sums changes the files.

    Args:
        vectors: (n_vectors, dim), rows L2-normalised.
        prototypes: (n_warnings, dim), rows L2-normalised.
        min_score: Lowest cosine to keep, in [-1, 1].
        search: How the pairs are found; all searches find the same.

    Raises:
        ValueError: If the widths differ.
    """
    if vectors.shape[1] != prototypes.shape[1]:
        raise ValueError(f"widths {vectors.shape[1]} and {prototypes.shape[1]} differ")
    margin = 10.0**-_DECIMALS
    rows, warnings = SEARCHES[search](vectors, prototypes, min_score - margin)
    cosines = np.round(_dots(vectors, rows, prototypes, warnings), _DECIMALS)
    kept = cosines >= min_score
    order = np.lexsort((warnings[kept], rows[kept]))
    return Matches(rows[kept][order], warnings[kept][order], cosines[kept][order])


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
