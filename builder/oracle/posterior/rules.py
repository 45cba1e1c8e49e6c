"""What the posterior takes for given."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from builder.settings import Strict
from builder.taxonomy import Applicability

Share = Annotated[float, Field(gt=0, le=1)]
InnerShare = Annotated[float, Field(gt=0, lt=1)]
Strength = Annotated[float, Field(gt=0)]


class PosteriorRules(Strict):
    """Constants of the posterior; docs/oracle.md has the formulas, calibration.yaml the reasons.

    Attributes:
        prior_items: Items that the prior of a warning's base rate counts as.
        prior_votes: Votes that a warning's base rate counts as.
        severity_prior_votes: Votes that the average item's severity counts as.
        statement_precision: How often a yes holds that a source states outright.
        text_precision: How often a yes holds that a text says.
        statement_votes: Votes that a stated severity counts as.
        ceiling_leak: Odds that a severity is above its ceiling, against those of the average item.
        trait_base: Share of items that violate a trait of which neither labels nor noes tell.
        trait_floor: The lowest share taken for any trait, and what harmless severities leave.
        togetherness: Shape of the gamma distribution by which warnings come together.
        trust: How often severities that are too much mean a violation, by applicability.
        level: Of the intervals.
        unsafe_at: Weighted severity that is too much for all.
        safe_below: Weighted severity that is too much for nobody.
    """

    prior_items: Strength
    prior_votes: Strength
    severity_prior_votes: Strength
    statement_precision: InnerShare
    text_precision: InnerShare
    statement_votes: Strength
    ceiling_leak: InnerShare
    trait_base: InnerShare
    trait_floor: InnerShare
    togetherness: Strength
    trust: dict[Applicability, Annotated[float, Field(ge=0, le=1)]]
    level: InnerShare
    unsafe_at: Share
    safe_below: Share

    @model_validator(mode="after")
    def _leaves_a_band(self) -> Self:
        if self.safe_below >= self.unsafe_at:
            raise ValueError("safe_below must be below unsafe_at")
        return self
