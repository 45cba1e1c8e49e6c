from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from builder.tagging.similarity.cosines import find_matches
from builder.tagging.similarity.search import SEARCHES, SearchName

AXES = np.eye(3, dtype=np.float32)


def unit(rng: np.random.Generator, n_rows: int, width: int) -> NDArray[np.float32]:
    rows = rng.normal(size=(n_rows, width))
    unit_rows: NDArray[np.float64] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit_rows.astype(np.float32)


def test_pairs_from_the_floor_on_are_found_with_rounded_cosines() -> None:
    sentence = np.array([[0.8, 0.6, 0.0], [0.0, 0.0, 1.0]], dtype=np.float32)
    matches = find_matches(sentence, AXES, 0.6, "faiss")
    assert matches.vectors.tolist() == [0, 0, 1]
    assert matches.warnings.tolist() == [0, 1, 2]
    assert matches.cosines.tolist() == [0.8, 0.6, 1.0]
    assert find_matches(sentence, AXES, 0.7, "faiss").warnings.tolist() == [0, 2]


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.sampled_from([-0.2, 0.0, 0.3, 0.95]))
def test_every_search_finds_what_plain_multiplication_finds(seed: int, floor: float) -> None:
    rng = np.random.default_rng(seed)
    vectors, prototypes = unit(rng, 40, 8), unit(rng, 7, 8)
    cosines = np.round(vectors.astype(np.float64) @ prototypes.astype(np.float64).T, 4)
    rows, columns = np.nonzero(cosines >= floor)
    for search in SEARCHES:
        matches = find_matches(vectors, prototypes, floor, search)
        assert matches.vectors.tolist() == rows.tolist()
        assert matches.warnings.tolist() == columns.tolist()
        np.testing.assert_array_equal(matches.cosines, cosines[rows, columns])


@pytest.mark.parametrize("search", SEARCHES)
def test_of_no_vectors_nothing_is_found(search: SearchName) -> None:
    matches = find_matches(np.zeros((0, 3), dtype=np.float32), AXES, 0.5, search)
    assert (len(matches.vectors), len(matches.warnings), len(matches.cosines)) == (0, 0, 0)


def test_vectors_of_another_encoder_are_refused() -> None:
    with pytest.raises(ValueError, match="widths 3 and 2 differ"):
        find_matches(AXES, np.eye(2, dtype=np.float32), 0.5, "faiss")
