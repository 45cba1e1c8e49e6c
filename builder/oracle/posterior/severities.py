"""Severities as distributions: their mean and variance, and whether they are too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri  # type: ignore[import-untyped]

from builder.oracle.evidence.answers import Bools, Floats
from builder.oracle.evidence.gather import LEVELS, Gathered
from builder.oracle.posterior.rules import PosteriorRules
from builder.oracle.reference.reference import category_weights
from builder.taxonomy import CATEGORIES, MAX_SEVERITY, Trait


@dataclass(frozen=True, slots=True)
class Severities:
    """What is known of each item's categories, (n, 5) each.

    Attributes:
        mean: Of the severity, 0 to 3.
        variance: Of the severity.
        is_known: Whether votes, a statement or a ceiling speak of it.
        is_voted: Whether people voted on it: a rating or a descriptor is a broad flag.
    """

    mean: Floats
    variance: Floats
    is_known: Bools
    is_voted: Bools

    def part(self, start: int, stop: int) -> Severities:
        """Return those of these rows."""
        return Severities(
            self.mean[start:stop],
            self.variance[start:stop],
            self.is_known[start:stop],
            self.is_voted[start:stop],
        )


def severities_of(found: Gathered, rules: PosteriorRules) -> Severities:
    """Return how severe each category of each item is, see the posterior."""
    votes = found.severity_votes + rules.statement_votes * np.minimum(found.severity_said, 1)
    levels, one = np.arange(LEVELS, dtype=np.float64), np.ones(LEVELS)
    n_votes = votes @ one
    is_stated = n_votes > 0
    shares = (votes / np.maximum(n_votes, 1)[..., None]).sum(axis=0)
    average = (shares + one) / (is_stated.sum(axis=0)[:, None] + LEVELS)
    is_bounded = (found.ceilings < MAX_SEVERITY) & ~is_stated
    ceiling = np.where(is_bounded, found.ceilings, MAX_SEVERITY)
    leaky = np.where(levels > levels[:, None], rules.ceiling_leak, 1.0) * average[:, None]
    leaky /= leaky.sum(axis=-1, keepdims=True)
    strength = rules.severity_prior_votes + rules.statement_votes * is_bounded
    category, total = np.arange(len(CATEGORIES)), strength + n_votes
    mean, square = (
        (strength * (leaky @ power)[category, ceiling] + votes @ power) / total
        for power in (levels, levels**2)
    )
    is_voted = np.asarray(found.severity_votes.any(axis=-1))
    return Severities(mean, (square - mean**2) / (total + 1), is_stated | is_bounded, is_voted)


def weighed_shares(is_there: Bools, traits: Sequence[Trait]) -> Floats:
    """Return (n, t), the share of each trait's weight that lies on the categories, (n, 5)."""
    weights = np.stack([category_weights(trait) for trait in traits], axis=1)
    heaviness = weights.sum(axis=0)
    shares: Floats = is_there @ weights / np.where(heaviness > 0, heaviness, 1.0)
    return shares


def too_severe(
    severities: Severities, traits: Sequence[Trait], rules: PosteriorRules
) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
    """Return what share of a trait's weight is known, and P(the severities mean a violation).

    All (n, t), in [0, 1]; the probability comes with its interval, and is 0 where nothing is known.
    """
    weights = np.stack([category_weights(trait) for trait in traits], axis=1)
    trust = np.array([rules.trust[trait.parents_guide.applicability] for trait in traits])
    heaviness = weights.sum(axis=0)
    scale = np.where(heaviness > 0, MAX_SEVERITY * heaviness, 1.0)
    known = weighed_shares(severities.is_known, traits)
    rated = (known > 0) & (trust > 0)
    middle = (rules.safe_below + rules.unsafe_at) / 2
    band = (rules.unsafe_at - rules.safe_below) / 2
    above = (severities.mean @ (weights / scale))[rated] - middle
    variance = (severities.variance @ (weights / scale) ** 2)[rated]
    reach = ndtri((1 + rules.level) / 2) * np.sqrt(variance)
    risk = ndtr(above / np.sqrt(variance + band**2))
    low, high = ndtr((above - reach) / band), ndtr((above + reach) / band)
    parts = risk, np.minimum(low, risk), np.maximum(high, risk)
    severe = np.zeros((len(parts), *known.shape))
    for whole, part in zip(severe, parts, strict=True):
        whole[rated] = part
        whole *= trust
    return known, (severe[0], severe[1], severe[2])
