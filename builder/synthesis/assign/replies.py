"""The schema of a writer's replies about traits, validated against what it was asked."""

from __future__ import annotations

from pydantic import ValidationInfo, field_validator, model_validator

from builder.llm.protocol import ReplyModel


class Fit(ReplyModel):
    """A candidate that does not contradict the request."""

    trait: str
    reason: str
    confidence: float

    @field_validator("trait")
    @classmethod
    def _is_a_candidate(cls, value: str, info: ValidationInfo) -> str:
        if value not in {candidate["trait"] for candidate in (info.context or {})["candidates"]}:
            raise ValueError("is not one of the traits offered")
        return value

    _confidence_is_a_share = field_validator("confidence")(lambda value: _share(value))


class Fits(ReplyModel):
    """The candidates that fit, best first."""

    fits: list[Fit]


class FurtherCue(ReplyModel):
    """Another wish in the seeker's words, with the words."""

    trait: str
    quote: str


class FoundCue(ReplyModel):
    """What the seeker's words say, `trait` None where they say nothing; `also` further wishes."""

    trait: str | None
    quote: str
    reason: str
    confidence: float
    also: list[FurtherCue]

    @model_validator(mode="after")
    def _names_and_quotes(self, info: ValidationInfo) -> FoundCue:
        inputs = info.context or {}
        offered = {trait["trait"] for trait in inputs["traits"]}
        text = "\n".join(m["content"] for m in inputs["conversation"])
        if self.trait is None and self.also:
            raise ValueError("a further wish needs a first one")
        for trait, quote in ((self.trait, self.quote), *((c.trait, c.quote) for c in self.also)):
            if trait is not None and trait not in offered:
                raise ValueError(f"{trait!r} is not one of the traits offered")
            if trait is not None and (not quote or quote not in text):
                raise ValueError("the quote does not stand in what the seeker wrote")
        return self

    _confidence_is_a_share = field_validator("confidence")(lambda value: _share(value))


def _share(value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError("is not between 0 and 1")
    return value
