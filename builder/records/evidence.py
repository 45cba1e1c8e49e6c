"""What sources say of an item, and what an oracle makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from builder.records.catalogue import TextKind

EvidenceKind = Literal["statement", "severity", "ceiling", "similarity", "aside"]
Verdict = Literal["safe", "unsafe", "unknown"]
ReasonKind = Literal[
    "yes",
    "no",
    "similarity",
    "severity",
    "ceiling",
    "likelihood",
    "unanswered",
    "unrated",
    "base_rate",
]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One source's statement on one item.

    `subject` is a warning id for a statement, a similarity or an aside, a Parents Guide category
    id for a severity or a ceiling. `value`: statement 1 (yes) or 0 (no); severity 0 to 3; ceiling
    the highest severity the source leaves possible, 0 to 3; similarity a cosine in [-1, 1]; aside
    a cosine too, of a sentence that is nearer to other warnings: measured, but decides nothing.
    `votes`: (yes, no) for a statement, (none, mild, moderate, severe) for a severity, () where
    the source does not vote. `span`: the words that spoke. `place`: file and row, or text kind.
    """

    item_id: str
    kind: EvidenceKind
    subject: str
    value: float
    votes: tuple[int, ...]
    span: str
    source: str
    licence: str
    retrieved: str
    place: str


@dataclass(frozen=True, slots=True)
class TextLikelihood:
    """How much an item's own texts speak for or against one trait, calibrated.

    `log_ratio` is ln P(texts | unsafe) / P(texts | safe): 0 says nothing, 2.3 multiplies the odds
    by ten. `sentence` is the one that spoke loudest, of text kind `kind`. `taught_by` names the
    evidence, as "source:kind", whose labels on *other* items fitted the calibration.
    """

    item_id: str
    trait: str
    log_ratio: float
    kind: TextKind
    sentence: str
    source: str
    licence: str
    taught_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against a verdict, or that nobody has answered.

    Data, never words: builder/explanations puts it into them.

    Attributes:
        kind: What was answered. `yes`, `no`: a source answers the question of a warning.
            `similarity`: a sentence is near to one. `severity`: a category is rated. `ceiling`: a
            category is bounded. `likelihood`: an item's texts speak of the trait as a whole.
            `unanswered`: nobody answers these warnings. `unrated`: nobody rates or bounds these
            categories. `base_rate`: no evidence decides, only how often a trait is violated.
        asked: Ids of warnings, or of categories for a severity, a ceiling or `unrated`; several
            where one answer holds for all of them. Empty where the whole trait is meant.
        source: Who answers, "" where nobody does.
        value: Cosine of a similarity, level 0 to 3 of a severity or a ceiling, log ratio of a
            likelihood; else None.
        votes: (yes, no) for a yes or a no, added up over all that was asked; (none, mild,
            moderate, severe) for a severity; () where nobody voted.
        quote: The source's own words, whole, "" where it has none.
        place: File and row, or the kind of text; "" where one reason stands for several rows.
    """

    kind: ReasonKind
    asked: tuple[str, ...]
    source: str = ""
    value: float | None = None
    votes: tuple[int, ...] = ()
    quote: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """An oracle's answer for one (item, trait).

    `risk`: probability that the item violates the trait (the reference's `final` by its fusion),
    None where the verdict is unknown; `low` and `high` are its interval. `pg_risk` and
    `ddd_trigger` as in the SafeRec release; `source` is "Both", "DDD", "ParentGuide" or ""
    (nothing fired). `reasons` explain the verdict, the strongest first.
    """

    item_id: str
    trait: str
    oracle: str
    verdict: Verdict
    risk: float | None
    low: float
    high: float
    ddd_trigger: int
    pg_risk: float | None
    source: str
    reasons: tuple[Reason, ...]
