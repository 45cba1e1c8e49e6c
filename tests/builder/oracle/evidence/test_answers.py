"""Answers to warnings as pairs: what they sum to, and what votes mean."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaincc, expit  # type: ignore[import-untyped]

from builder.oracle.evidence.answers import Answers, base_rates, vote_odds
from builder.oracle.evidence.gather import gather
from tests.factories import make_evidence


def answers(*pairs: tuple[int, int, int, int]) -> Answers:
    """Return votes of three items on two warnings: (item, warning, yes, no)."""
    rows, columns, yes, no = (np.array(part, dtype=np.int64) for part in zip(*pairs, strict=True))
    nothing = np.zeros(len(pairs), dtype=bool)
    votes = np.stack([yes, no], axis=1).astype(float)
    return Answers((3, 2), rows, columns, votes, np.stack([nothing] * 2, axis=1), nothing)


def test_values_are_summed_by_item_and_trait() -> None:
    pairs = answers((0, 0, 1, 0), (0, 1, 0, 1), (2, 1, 5, 1))
    weights = np.array([[1.0, 10.0], [0.0, 100.0]])
    summed = pairs.sums(np.array([2.0, 3.0, 4.0]), weights)
    assert summed.tolist() == [[2.0, 320.0], [0.0, 0.0], [0.0, 400.0]]


def test_pairs_can_be_chosen() -> None:
    pairs = answers((0, 0, 1, 0), (0, 1, 0, 1), (2, 1, 5, 1))
    assert pairs.is_yes.tolist() == [True, False, True]
    assert pairs.of(pairs.is_yes).columns.tolist() == [0, 1]


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 60), st.integers(0, 60)), min_size=1),
    st.booleans(),
)
def test_odds_of_votes_are_those_of_the_beta_function(
    cast: list[tuple[int, int, int]], are_many: bool
) -> None:
    """Many pairs are looked up in a table that a recurrence makes, few are computed one by one."""
    told = np.array(cast * (1000 if are_many else 1))
    rates = np.array([0.001, 0.4])
    odds = vote_odds(told[:, 1:].astype(float), told[:, 0], rates, 2.0)
    prior = rates[told[:, 0]]
    exact = betaincc(2 * prior + told[:, 1], 2 * (1 - prior) + told[:, 2], 0.5)
    assert expit(odds) == pytest.approx(np.clip(exact, 1e-6, 1 - 1e-6), rel=1e-8)


def test_a_base_rate_starts_from_its_prior() -> None:
    """w1: yes of 4, of 8 in all spoken of. w2: no of all. w3: asked of one. w4: of none."""
    rows = [make_evidence("statement", "w1", 1.0, item_id=f"i{n}") for n in range(4)]
    rows += [make_evidence("statement", "w2", 0.0, item_id=f"i{n}") for n in range(8)]
    rows += [make_evidence("statement", "w3", 1.0, item_id="i0")]
    ids, warnings = [f"i{n}" for n in range(9)], ["w1", "w2", "w3", "w4"]
    found = gather(ids, warnings, ["Gore"], rows, (), {}, ())
    priors = np.array([0.1, 0.1, 0.1, 0.3])
    rates = base_rates(found.answers, found.n_spoken_of, priors, 10.0)
    assert rates.tolist() == pytest.approx([5 / 18, 1 / 18, 2 / (1 / 0.21 + 10), 0.3])


def test_texts_that_were_searched_have_been_asked() -> None:
    rows = [make_evidence("similarity", "w1", 0.9, item_id=f"i{n}") for n in range(40)]
    rows += [make_evidence("similarity", "w2", 0.9, item_id="i0")]
    ids = [f"i{n}" for n in range(40)]
    found = gather(ids, ["w1", "w2"], ["Gore"], rows, (), {"plot": 0.5}, ())
    rates = base_rates(found.answers, found.n_spoken_of, np.array([0.1, 0.1]), 10.0)
    assert rates.tolist() == pytest.approx([0.5, 2 / 50])
