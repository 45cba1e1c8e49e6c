"""How threads are divided, as configured in params.yaml."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from builder.records import Split
from builder.settings import Strict
from builder.splits.split_rule import SPLITS, SplitRule

Day = Annotated[date, Field(strict=False)]


class SplitSettings(Strict):
    """How threads are divided.

    Attributes:
        validation_from: First day (UTC) of validation.
        test_from: First day (UTC) of test; later than `validation_from`.
        undated_shares: Share of the threads without a date that each split gets; they sum to 1.
        shingle_words: Words per shingle when threads are compared.
        near_copy_jaccard: Jaccard overlap of shingles from which two threads are near copies.
        near_copy_min_words: Threads with fewer words are never near copies.
    """

    validation_from: Day
    test_from: Day
    undated_shares: dict[Split, Annotated[float, Field(ge=0, le=1)]]
    shingle_words: Annotated[int, Field(ge=1)]
    near_copy_jaccard: Annotated[float, Field(gt=0, le=1)]
    near_copy_min_words: Annotated[int, Field(ge=1)]

    def rule(self, seed: int) -> SplitRule:
        """Return which split a thread belongs to."""
        return SplitRule(self.validation_from, self.test_from, self.undated_shares, seed)

    @model_validator(mode="after")
    def _is_a_division(self) -> Self:
        if self.test_from <= self.validation_from:
            raise ValueError("test_from must be later than validation_from")
        if set(self.undated_shares) != set(SPLITS):
            raise ValueError(f"undated_shares needs {', '.join(SPLITS)}")
        if abs(sum(self.undated_shares.values()) - 1) > 1e-9:
            raise ValueError("undated_shares must sum to 1")
        return self
