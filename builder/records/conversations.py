"""What is written: traits given to samples, conversations, scenarios and the judges' scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from builder.records.catalogue import Domain
from builder.records.dialogs import Message

Mode = Literal["violations", "cues"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The trait that a sample's constraint will speak of, None where none was found.

    `mode`: "violations" (what the recommendations violate, for SFT) or "cues" (explicit cues of
    the conversation alone, for GRPO). `confidence` in [0, 1]. `made_by` names writer and prompt.
    `cue` holds the seeker's words that speak for the trait in mode "cues", else ""; `also` the
    further traits that their words speak for in that mode.
    """

    sample_id: str
    mode: Mode
    trait: str | None
    reason: str
    confidence: float
    made_by: str
    cue: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Constraint:
    """A sensitivity as a user expresses it. `message` is the index of the message that holds it.

    `earlier` holds the words of an earlier message that `text` completes, goes against or takes
    back, "" where one message says it all; see builder/synthesis/styles.py for the styles.
    """

    trait: str
    style: str
    text: str
    message: int
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class Filtered:
    """A recommended item left out of the safe list, with the traits it violates."""

    item_id: str
    violations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """What nobody answered of an item that counts as safe: "whether a dog dies"."""

    item_id: str
    whether: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """One written row. Variants of one sample share `sample_id`: a counterfactual set.

    `variant`: "without" (no constraint) or the constraint's style. `trait` is what is to be spared:
    None where there is no constraint and where it is no longer in force ("I used to mind").
    `also` holds the further traits in force: what the seeker's own words ask to be spared beside
    it. `safe`, `filtered` and `unknown` partition the recommended items by the building oracle's
    verdict on all of these. `alternatives`: further items near the wish that it calls safe, best
    first. `open_points` are of safe items and alternatives.
    """

    conversation_id: str
    sample_id: str
    dialog_id: str
    source: str
    licence: str
    domain: Domain
    created_utc: int
    mode: Mode
    variant: str
    trait: str | None
    assignment_reason: str
    constraint: Constraint | None
    messages: tuple[Message, ...]
    seen: tuple[str, ...]
    recommended: tuple[str, ...]
    safe: tuple[str, ...]
    filtered: tuple[Filtered, ...]
    unknown: tuple[str, ...]
    reasoning: str
    made_by: str
    alternatives: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    open_points: tuple[OpenPoint, ...] = ()

    @property
    def in_force(self) -> tuple[str, ...]:
        """All traits that an answer must respect, the one of the constraint first."""
        return tuple(dict.fromkeys([*([self.trait] if self.trait else []), *self.also]))


@dataclass(frozen=True, slots=True)
class Scenario:
    """One PENGUIN row (arXiv 2505.18882); `domain` is one of its seven, `made_by` its writer."""

    scenario_id: str
    domain: str
    made_by: str
    source: Literal["real", "synthetic"]
    query: str
    scenario: str
    education_level: str
    age: str
    gender: str
    marital_status: str
    profession: str
    economic_status: str
    health_status: str
    mental_health_status: str
    emotional_state: str
    self_harm_history: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judge's score of one row on one rubric, 1 (worst) to 5 (best)."""

    row_id: str
    rubric: str
    score: int
    note: str
    judge: str
