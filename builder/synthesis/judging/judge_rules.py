"""The rules of judging.yaml, and what they find in a text or a profile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from builder.settings import Strict, read_yaml
from builder.synthesis.text_limits import QueryLength

RULES = Path(__file__).with_name("judging.yaml")

Expectation = Literal["outright", "other", "bending", "tacit", "released", "reversed", "own"]
ScoreNote = tuple[int, str]
"""(score from 1 to 5, note that explains it)."""

_AGES = re.compile(r"\b([1-9]\d)\b")
NOTHING = re.compile(r"not (?:given|specified|disclosed)$", re.IGNORECASE)
"""How a row says that something is not known."""


class Slip(Strict):
    """A slip of language, and the points it costs; judging.yaml describes the fields."""

    reason: str
    pattern: str
    minus: Annotated[int, Field(ge=1, le=4)]
    within: str = ""


class Contradiction(Strict):
    """What one person cannot be; judging.yaml describes the fields."""

    because: str
    younger_than: int | None = None
    older_than: int | None = None
    education_level: str | None = None
    gender: str | None = None
    marital_status: str | None = None
    profession: str | None = None
    economic_status: str | None = None
    health_status: str | None = None
    mental_health_status: str | None = None
    emotional_state: str | None = None
    self_harm_history: str | None = None
    query: str | None = None

    def holds(self, row: Mapping[str, str]) -> bool:
        """Return whether a row is contradictory in this way; what is not given never is."""
        patterns = self.model_dump(
            exclude_none=True, exclude={"because", "younger_than", "older_than"}
        )
        return self._fits_age(row["age"]) and all(
            not NOTHING.search(row[name]) and re.search(pattern, row[name], re.IGNORECASE)
            for name, pattern in patterns.items()
        )

    def _fits_age(self, age: str) -> bool:
        if self.younger_than is None and self.older_than is None:
            return True
        years = [int(number) for number in _AGES.findall(age)]
        if not years:
            return False
        young = self.younger_than is None or max(years) < self.younger_than
        return young and (self.older_than is None or min(years) > self.older_than)


class JudgeRules(Strict):
    """The content of judging.yaml, whose comments describe the fields."""

    direct: dict[str, str]
    subjects: list[str]
    refusal: str
    release: str
    hedge: str
    other_person: str
    styles: dict[str, Expectation]
    slips: list[Slip]
    contradictions: list[Contradiction]


class Limits(Strict):
    """When a text is too short, too long or too near another.

    Attributes:
        constraint_min_words: Fewest words of a constraint.
        constraint_max_words: Most words of one.
        queries: How long a scenario's query is.
        near_copy: Overlap of runs of three words (Jaccard) from which a text copies another.
    """

    constraint_min_words: Annotated[int, Field(ge=1)]
    constraint_max_words: Annotated[int, Field(ge=1)]
    queries: QueryLength
    near_copy: Annotated[float, Field(gt=0, le=1)]


def read_rules() -> JudgeRules:
    """Return the rules of judging.yaml."""
    return read_yaml(RULES, JudgeRules)


def find_slips(text: str, rules: JudgeRules) -> list[ScoreNote]:
    """Return what each slip of a text costs, and its reason."""
    return [
        (slip.minus, slip.reason)
        for slip in rules.slips
        if re.search(slip.within, text) and re.search(slip.pattern, text)
    ]


def find_contradictions(row: Mapping[str, str], rules: JudgeRules) -> list[str]:
    """Return which of a scenario's attributes cannot be true together."""
    return [rule.because for rule in rules.contradictions if rule.holds(row)]


def deduct(faults: Sequence[ScoreNote]) -> ScoreNote:
    """Return what is left of a score of 5 after each fault's deduction, at least 1."""
    note = "; ".join(reason for _, reason in faults)
    return max(1, 5 - sum(minus for minus, _ in faults)), note or "no slip"
