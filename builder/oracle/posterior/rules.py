"""What the posterior takes for given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from builder.taxonomy import Applicability


@dataclass(frozen=True, slots=True)
class PosteriorRules:
    """See params.yaml. Shares are in (0, 1), strengths in votes.

    `prior_items`: how many items the prior of a warning's base rate counts as.
    `prior_votes`, `severity_prior_votes`: strength of a base rate against votes.
    `statement_precision`, `text_precision`: how often a yes holds that a source or a text says.
    `statement_votes`: how many votes a stated severity counts as. `ceiling_leak`: odds that a
    severity is above its ceiling, against those of the average item. `trait_base`: share of items
    that violate a trait of which neither labels nor noes tell; `trait_floor`: the lowest share
    taken for any trait, and what harmless severities leave. `togetherness`: shape of the gamma by
    which warnings come together. `trust`: how often severities that are too much mean a violation,
    by applicability. `safe_below`, `unsafe_at`: weighted severities. `level`: of the interval.
    """

    prior_items: float
    prior_votes: float
    severity_prior_votes: float
    statement_precision: float
    text_precision: float
    statement_votes: float
    ceiling_leak: float
    trait_base: float
    trait_floor: float
    togetherness: float
    trust: Mapping[Applicability, float]
    safe_below: float
    unsafe_at: float
    level: float
