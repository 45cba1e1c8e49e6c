"""What answers leave open: the questions of a trait that nobody answered, see the posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv  # type: ignore[import-untyped]

from builder.oracle.evidence.answers import Answers, Bools, Floats
from builder.oracle.posterior.rules import PosteriorRules
from builder.taxonomy import Trait


@dataclass(frozen=True, slots=True)
class Told:
    """What answers say of each item and trait, (n, t) each.

    `none`: P(none of the answered warnings holds). `noes`: hazard of the answered, each times
    P(it does not hold). `answered`: their hazard as it is.
    """

    none: Floats
    noes: Floats
    answered: Floats

    def part(self, start: int, stop: int) -> Told:
        """Return what is said of the items of these rows."""
        return Told(self.none[start:stop], self.noes[start:stop], self.answered[start:stop])

    def where(self, chosen: Bools, other: Told) -> Told:
        """Return this where chosen, (n, t) or (t,), the other elsewhere."""
        if other is self:
            return self
        return Told(
            np.where(chosen, self.none, other.none),
            np.where(chosen, self.noes, other.noes),
            np.where(chosen, self.answered, other.answered),
        )


def told_by(answers: Answers, odds: Floats, hazard: Floats) -> Told:
    """Return what answers of log odds, (k,), say of traits whose warnings have (w, t) hazards."""
    no = 1 / (1 + np.exp(odds))
    return Told(
        none=np.exp(answers.sums(np.log(no), (hazard > 0).astype(np.float64))),
        noes=answers.sums(no, hazard),
        answered=answers.sums(np.ones(len(no)), hazard),
    )


def usual_shares(
    says_no: Bools,
    total: Floats,
    traits: Sequence[Trait],
    base_by_trait: Mapping[str, float],
    rules: PosteriorRules,
) -> Floats:
    """Return (t,), the share of all items that violate a trait: at least what its warnings add to.

    Args:
        says_no: (t,), where some item was denied a warning of the trait.
        total: (t,), the hazard of its warnings.
        traits: For their names.
        base_by_trait: What labels tell.
        rules: See `PosteriorRules`.
    """
    r = rules.togetherness
    default = np.where(says_no, rules.trait_floor, rules.trait_base)
    labelled = [base_by_trait.get(t.name, d) for t, d in zip(traits, default, strict=True)]
    added = 1 - (r / (r + total)) ** r
    shares: Floats = np.maximum(np.maximum(labelled, rules.trait_floor), added)
    return shares


def open_hazard(
    told: Told, total: Floats, share: Floats, rules: PosteriorRules
) -> tuple[Floats, Floats]:
    """Return (n, t) each: shape of the gamma of what noes leave, and hazard of open questions.

    Args:
        told: What was answered.
        total: (t,), hazard of all warnings of a trait.
        share: (t,) or (n, t), how often an item would violate the trait if nothing were answered:
            the hazards are scaled to add up to that.
        rules: See `PosteriorRules`.
    """
    r = rules.togetherness
    scale = r * ((1 - share) ** (-1 / r) - 1) / total
    return r + scale * told.noes, scale * np.maximum(total - told.answered, 0.0)


def open_mean(rate: Floats, still: Floats, rules: PosteriorRules) -> Floats:
    """Return P(an open question is a yes)."""
    mean: Floats = 1 - (rate / (rate + still)) ** rules.togetherness
    return mean


def open_interval(
    rate: Floats, still: Floats, rules: PosteriorRules
) -> tuple[Floats, Floats, Floats]:
    """Return P(an open question is a yes), and its interval."""
    mean, tail = open_mean(rate, still, rules), (1 - rules.level) / 2
    quantiles = (gammaincinv(rules.togetherness, share) for share in (tail, 1 - tail))
    low, high = (1 - np.exp(still / rate * -quantile) for quantile in quantiles)
    return mean, low, np.maximum(high, mean)
