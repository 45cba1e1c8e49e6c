from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from builder.training.models import Policy
from builder.training.tiny_model import SPARE_DIMS, project, unit_rows, word_weights


def test_unit_rows_leave_zero_alone() -> None:
    rows = unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]], dtype=np.float32))
    assert rows == pytest.approx(np.array([[0.6, 0.8], [0.0, 0.0]]))


def test_projection_keeps_who_is_near_whom() -> None:
    """Titles and words vary along two axes of five; two dimensions lose nothing."""
    titles = np.zeros((4, 5), dtype=np.float32)
    titles[:, 1:3] = [[1, 0], [-1, 0], [0, 2], [0, -2]]
    words = np.zeros((2, 5), dtype=np.float32)
    words[:, 1:3] = [[5, 0], [-5, 0]]
    near_titles, near_words = project(titles, words, 2)
    assert near_titles.shape == (4, 2)
    assert near_words @ near_titles.T == pytest.approx(
        np.array([[1.0, -1.0, 0.0, 0.0], [-1.0, 1.0, 0.0, 0.0]]), abs=1e-6
    )


def test_common_words_tell_little() -> None:
    weights = word_weights(["the heist", "the horse", "the end"], ["the", "heist", "unseen"])
    assert weights == pytest.approx([0.02, 0.5, 1.0])


def test_the_same_seed_makes_the_same_model(tiny: Callable[..., Policy]) -> None:
    one, again, other = (dict(tiny(seed).model.named_parameters()) for seed in (1, 1, 2))
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert any(not torch.equal(one[name], other[name]) for name in one)


def test_titles_start_as_unit_vectors_tied_to_the_output(tiny: Callable[..., Policy]) -> None:
    policy = tiny()
    rows = policy.model.get_input_embeddings().weight
    number = policy.tokenizer.convert_tokens_to_ids("Heat (2000)")
    assert rows[number].norm().item() == pytest.approx(1.0, abs=1e-5)
    assert rows[number, -SPARE_DIMS:].abs().sum().item() == pytest.approx(0.0, abs=1e-3)
    assert policy.model.get_output_embeddings().weight is rows
