from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.near_copies.shingles import shingle_set
from builder.synthesis.diversity import (
    copies,
    distinct,
    nearest_overlaps,
    self_bleu,
    spread,
    words_of,
)

WORDS = st.lists(st.sampled_from("abcd"), min_size=1, max_size=6)
TEXTS = st.lists(WORDS.map(" ".join), max_size=8)


def test_words_have_no_case_and_keep_contractions() -> None:
    assert words_of("I can’t, I CAN'T!") == ["i", "can't", "i", "can't"]


def test_distinct_counts_different_runs() -> None:
    assert distinct(["no gore please", "no gore thanks"], 1) == pytest.approx(4 / 6)
    assert distinct(["no gore please", "no gore thanks"], 2) == pytest.approx(3 / 4)
    assert distinct([], 1) == 0.0


def test_the_nearest_other_text_counts() -> None:
    texts = ["no gore at all please", "no gore at all thanks", "cats"]
    assert nearest_overlaps(texts, 3) == [pytest.approx(2 / 4), pytest.approx(2 / 4), 0.0]
    assert nearest_overlaps(["same words here", "Same words here!"], 3) == [1.0, 1.0]
    assert copies(["No gore.", "no gore", "cats"]) == [1, 1, 0]


@given(TEXTS)
def test_overlaps_are_those_of_all_pairs(texts: list[str]) -> None:
    sets = [shingle_set(words_of(t), 2) for t in texts]
    expected = [
        max((len(a & b) / len(a | b) for j, b in enumerate(sets) if j != i), default=0.0)
        for i, a in enumerate(sets)
    ]
    assert nearest_overlaps(texts, 2) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("texts", "bleu"),
    [
        (["a b c d e", "a b c d e"], 1.0),
        (["a b c d e", "f g h i j"], 0.0),
        (["only one"], 0.0),
        ([], 0.0),
    ],
    ids=["equal", "nothing shared", "one", "none"],
)
def test_self_bleu(texts: list[str], bleu: float) -> None:
    assert self_bleu(texts) == pytest.approx(bleu, abs=1e-2)


def test_self_bleu_by_hand() -> None:
    """Hold two texts of three words, two of them shared in order, against the formula."""
    by_hand = ((2 / 3) * (2 / 3) * (1 / 2) * 1.0) ** 0.25
    assert self_bleu(["a b c", "a b d"]) == pytest.approx(by_hand)


def test_spread_of_vectors() -> None:
    same, apart = np.eye(3, dtype=np.float32)[[0, 0]], np.eye(3, dtype=np.float32)
    assert spread(same) == pytest.approx(0.0)
    assert spread(apart) == pytest.approx(1.0)
    assert spread(apart[:1]) == 0.0
