"""What sources say about an item, and what an oracle concludes from it."""

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
    """What one source states about one item.

    Attributes:
        item_id: The item.
        kind: What sort of statement it is. An aside is the similarity of a sentence that is nearer
            to other warnings; it is measured but decides nothing.
        subject: Id of a warning (statement, similarity, aside) or of a Parents Guide category
            (severity, ceiling).
        value: Statement: 1 (yes) or 0 (no). Severity: 0 to 3. Ceiling: the highest severity that
            the source leaves possible, 0 to 3. Similarity and aside: a cosine in [-1, 1].
        votes: (yes, no) for a statement, (none, mild, moderate, severe) for a severity, () where
            the source has no votes.
        span: The source's words, "" where it has none.
        source: Name of the source.
        licence: Of the source.
        retrieved: Day on which the source was obtained, YYYY-MM-DD.
        place: File and row, or kind of text.
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
    """How strongly an item's own texts speak for or against one trait, calibrated.

    Attributes:
        item_id: The item.
        trait: Name of the trait.
        log_ratio: ln P(texts | unsafe) / P(texts | safe). 0 says nothing, 2.3 multiplies the odds
            of unsafe by ten.
        kind: Kind of the text that `sentence` is from.
        sentence: The sentence with the greatest weight.
        source: Of the texts.
        licence: Of the texts.
        taught_by: The evidence, as "source:kind", whose labels on *other* items calibrated it.
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
    """An oracle's answer for one item and trait.

    Attributes:
        item_id: The item.
        trait: Name of the trait.
        oracle: "build" or "grade".
        verdict: Safe, unsafe or unknown.
        risk: Probability that the item violates the trait (with the reference's fusion, its
            `final`), None where the verdict is unknown.
        low: Lower end of the interval of the risk.
        high: Upper end of the interval of the risk.
        ddd_trigger: As in the SafeRec release.
        pg_risk: As in the SafeRec release.
        source: As in the SafeRec release: "Both", "DDD", "ParentGuide", or "" where nothing fired.
        reasons: What explains the verdict, the strongest first.
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
