"""What is written: assigned traits, conversations, scenarios, and the scores of judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from builder.records.catalogue import Domain
from builder.records.dialogs import Message
from builder.records.evidence import Reason

Mode = Literal["violations", "cues"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The trait that was assigned to a request in one mode.

    Attributes:
        request_id: The request.
        mode: "violations" takes a trait that the recommended items violate, for SFT; "cues" takes
            one that the seeker's own words ask for, for GRPO.
        trait: Name of the trait, None where none fits.
        reason: Why it was assigned, in words.
        confidence: Of the writer, in [0, 1].
        made_by: Writer, and prompt where there is one.
        cue: The seeker's words that ask for the trait in mode "cues", else "".
        also: Further traits that the seeker's words ask for in mode "cues".
    """

    request_id: str
    mode: Mode
    trait: str | None
    reason: str
    confidence: float
    made_by: str
    cue: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Constraint:
    """A sensitivity as a user expresses it.

    Attributes:
        trait: Name of the trait.
        style: How it is expressed, see builder/synthesis/styles.py.
        text: The words that express it.
        message: Index of the message that holds them.
        earlier: Words of an earlier message that `text` completes, contradicts or takes back; ""
            where one message says it all.
    """

    trait: str
    style: str
    text: str
    message: int
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class Filtered:
    """A recommended item that is left out of the answer.

    Attributes:
        item_id: The item.
        violations: Names of the traits that it violates.
        reasons: Those that an answer names: facts, else ratings, () where there are neither.
    """

    item_id: str
    violations: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """What no source answers about an item, for one trait in force.

    Attributes:
        item_id: A safe or unknown item, or an alternative.
        trait: For which the item is safe all the same, or unknown.
        warnings: Ids of the open questions; () where it is unknown though each is answered.
    """

    item_id: str
    trait: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One written row.

    `safe`, `filtered` and `unknown` partition `recommended` by the building oracle's verdict on all
    traits in force.

    Attributes:
        conversation_id: Id of the row.
        request_id: The request; the variants of one request form a counterfactual set.
        dialog_id: The thread.
        source: Of the thread.
        licence: Of the thread.
        domain: What is asked for.
        created_utc: Seconds since 1970 of the request, 0 where there is no date.
        mode: Of the assignment.
        variant: "without" (no constraint) or the style of the constraint.
        trait: The trait to respect; None without a constraint, and where it is no longer in force
            ("I used to mind").
        assignment_reason: Why the trait was assigned, in words.
        constraint: The trait as it is expressed.
        messages: Of the conversation, up to the answer.
        seen: Item ids that the seeker has named.
        recommended: Item ids that the reply recommended.
        safe: Recommended items that are safe.
        filtered: Recommended items that are unsafe.
        unknown: Recommended items without a verdict.
        made_by: Writer, and prompt where there is one.
        alternatives: Further items near the request that are safe, best first.
        also: Further traits in force, which the seeker's own words ask for.
        open_points: Of safe items, alternatives and unknown items.
    """

    conversation_id: str
    request_id: str
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
    """One PENGUIN row (arXiv 2505.18882); an attribute that is missing reads "not given".

    Attributes:
        scenario_id: Id of the row.
        domain: One of PENGUIN's seven.
        made_by: Writer, and prompt where there is one.
        source: "real" where it was extracted from a post, "synthetic" where it was invented.
        query: What the person asks.
        scenario: The situation, one of several of the domain.
        education_level: Attribute of the person.
        age: Attribute of the person, a range of years.
        gender: Attribute of the person.
        marital_status: Attribute of the person.
        profession: Attribute of the person.
        economic_status: Attribute of the person.
        health_status: Attribute of the person.
        mental_health_status: Attribute of the person.
        emotional_state: Attribute of the person.
        self_harm_history: Attribute of the person.
        dialog_id: The thread of the post, "" where the row was invented.
    """

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
    dialog_id: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judge's score of one row on one rubric.

    Attributes:
        row_id: Id of the conversation or scenario.
        rubric: Name of the rubric.
        score: 1 (worst) to 5 (best).
        note: What the judge found, in words.
        judge: Who gave the score, with the prompt.
    """

    row_id: str
    rubric: str
    score: int
    note: str
    judge: str
