"""Severities as distributions: their mean and variance, and whether they are too much."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri  # type: ignore[import-untyped]

from builder.oracle.answers import Bools, Floats, Ints
from builder.oracle.formula import MAX_SEVERITY
from builder.oracle.gather import LEVELS, Gathered
from builder.oracle.reference import category_weights
from builder.oracle.rules import PosteriorRules
from builder.taxonomy import Trait


def severity_moments(found: Gathered, rules: PosteriorRules) -> tuple[Floats, Floats, Bools]:
    """Return (n, 5) mean and variance of each severity, 0 to 3, and where anything bounds it."""
    votes = found.severity_votes + rules.statement_votes * np.minimum(found.severity_said, 1)
    is_stated = votes.any(axis=-1)
    shares = votes / np.maximum(votes.sum(axis=-1, keepdims=True), 1)
    n_stated = is_stated.sum(axis=0)[:, None]
    flat = np.full(LEVELS, 1 / LEVELS)
    average = (shares.sum(axis=0) + LEVELS * flat) / (n_stated + LEVELS)
    is_bounded = (found.ceilings < MAX_SEVERITY) & ~is_stated
    above = np.arange(LEVELS) > found.ceilings[..., None]
    leaky = average * np.where(above & is_bounded[..., None], rules.ceiling_leak, 1.0)
    prior = leaky / leaky.sum(axis=-1, keepdims=True)
    strength = rules.severity_prior_votes + rules.statement_votes * is_bounded
    alpha = strength[..., None] * prior + votes
    total, levels = alpha.sum(axis=-1), np.arange(LEVELS)
    mean = (alpha @ levels) / total
    square = (alpha @ levels**2) / total
    return mean, (square - mean**2) / (total + 1), is_stated | is_bounded


def too_severe(
    found: Gathered, traits: Sequence[Trait], rules: PosteriorRules
) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
    """Return what share of a trait's weight is known, and P(the severities mean a violation).

    All (n, t), in [0, 1]; the probability comes with its interval, and is 0 where nothing is known.
    """
    means, variances, is_known = severity_moments(found, rules)
    weights = np.stack([category_weights(trait) for trait in traits], axis=1)
    trust = np.array([rules.trust[trait.parents_guide.applicability] for trait in traits])
    heaviness = weights.sum(axis=0)
    scale = np.where(heaviness > 0, MAX_SEVERITY * heaviness, 1.0)
    known = (is_known @ weights) * (MAX_SEVERITY / scale)
    own = np.flatnonzero((heaviness > 0) & (trust > 0))
    mean = means @ weights[:, own] / scale[own]
    spread = np.sqrt(variances @ weights[:, own] ** 2) / scale[own]
    middle = (rules.safe_below + rules.unsafe_at) / 2
    band = (rules.unsafe_at - rules.safe_below) / 2
    reach = ndtri((1 + rules.level) / 2)
    risk = ndtr((mean - middle) / np.hypot(spread, band))
    low, high = (ndtr((mean + side * reach * spread - middle) / band) for side in (-1, 1))
    parts = (risk, np.minimum(low, risk), np.maximum(high, risk))
    counted = trust[own] * (known[:, own] > 0)
    severe = tuple(_spread(counted * part, own, known.shape) for part in parts)
    return known, severe  # type: ignore[return-value]


def _spread(values: Floats, columns: Ints, shape: tuple[int, ...]) -> Floats:
    everywhere = np.zeros(shape)
    everywhere[:, columns] = values
    return everywhere
