"""The rubrics in rubrics.yaml, and the schema of a judge's replies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from builder.llm.protocol import ReplyModel
from builder.settings import Strict, read_yaml


class Mark(ReplyModel):
    """A judge's answer to one rubric."""

    score: Literal[1, 2, 3, 4, 5]
    note: str


class ConversationMarks(ReplyModel):
    """The rubrics of a conversation."""

    constraint_comes_through: Mark
    wish_intact: Mark
    natural: Mark
    facts_right: Mark


class ScenarioMarks(ReplyModel):
    """The rubrics of a scenario."""

    profile_consistent: Mark
    query_plausible: Mark


class Rubric(Strict):
    """One question for a judge, with the meaning of its scores."""

    id: str
    of: Literal["conversation", "scenario"]
    question: str
    scores: Annotated[dict[int, str], Field(min_length=3)]


class Rubrics(Strict):
    """All rubrics; `version` is part of every judge's name."""

    version: int
    rubrics: list[Rubric]

    def of(self, kind: Literal["conversation", "scenario"]) -> list[Rubric]:
        """Return the rubrics of one kind of row."""
        return [rubric for rubric in self.rubrics if rubric.of == kind]


def read_rubrics() -> Rubrics:
    """Return the rubrics in rubrics.yaml."""
    return read_yaml(Path(__file__).with_name("rubrics.yaml"), Rubrics)
