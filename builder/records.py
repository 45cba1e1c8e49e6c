"""The words of docs/architecture.md as frozen records; builder/rows.py gives each its Arrow schema.

Every table on disk holds rows of exactly one of these. Tuples become Arrow lists, nested records
structs, `X | None` a nullable field; every other field is non-null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Domain = Literal["film", "game"]
TextKind = Literal["plot", "overview", "keywords", "tags", "reason", "descriptors", "genres"]
EvidenceKind = Literal["statement", "severity", "ceiling", "similarity", "aside"]
Verdict = Literal["safe", "unsafe", "unknown"]
TurnRole = Literal["seeker", "recommender"]
SpanKind = Literal["emphasis", "link", "item", "quote", "spoiler"]
MentionRole = Literal["asked like", "liked", "seen", "disliked", "recommended", "mentioned"]
Split = Literal["train", "validation", "test"]


@dataclass(frozen=True, slots=True)
class FieldSource:
    """Where one field of an item was read: source name, licence, retrieval date (YYYY-MM-DD)."""

    field: str
    source: str
    licence: str
    retrieved: str


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of prose or a keyword list about an item."""

    kind: TextKind
    text: str
    source: str
    licence: str
    retrieved: str


@dataclass(frozen=True, slots=True)
class Item:
    """A film or a game. `item_id` is "imdb:tt0114709", "esrb:portal-2" or "title:<slug>-<year>".

    `popularity` counts how often people rated it, None where no source counts. `provenance` is that
    of the fields; texts have their own.
    """

    item_id: str
    domain: Domain
    title: str
    year: int | None
    aliases: tuple[str, ...]
    genres: tuple[str, ...]
    rating: str | None
    texts: tuple[Text, ...]
    provenance: tuple[FieldSource, ...]
    popularity: int | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an item's prose, or one phrase of its keyword or tag list.

    `index` counts from 0 within its text. `vector` is its row in vectors.safetensors, which all
    sentences of the same words share.
    """

    item_id: str
    kind: TextKind
    text: str
    source: str
    licence: str
    retrieved: str
    index: int
    vector: int


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
class Risk:
    """An oracle's answer for one (item, trait).

    `risk`: probability that the item violates the trait (the reference's `final` by its fusion),
    None where the verdict is unknown; `low` and `high` are its interval. `pg_risk` and
    `ddd_trigger` as in the SafeRec release; `source` is "Both", "DDD", "ParentGuide" or ""
    (nothing fired). `because` explains in words.
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
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a turn's text that its author set apart by markup, now dropped.

    Of a quoted line the sign "> " stays in the text, before the span.
    """

    start: int
    end: int
    kind: SpanKind


@dataclass(frozen=True, slots=True)
class Turn:
    """One post of a dialog; `author` is a pseudonym, `created_utc` in seconds since 1970."""

    turn_id: str
    author: str
    role: TurnRole
    text: str
    created_utc: int
    reply_to: str | None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialog:
    """The turns of one thread, the request first; `created_utc` is 0 where there is no date."""

    dialog_id: str
    source: str
    licence: str
    community: str
    created_utc: int
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of a turn's text, linked to an item, or an abstention with its candidates.

    `start` and `end` are character offsets into the turn's text; `score` in [0, 1];
    `abstained` says why no item was chosen and is "" where one was.
    """

    dialog_id: str
    turn_id: str
    start: int
    end: int
    surface: str
    role: MentionRole
    item_id: str | None
    score: float
    candidates: tuple[str, ...]
    abstained: str


@dataclass(frozen=True, slots=True)
class Message:
    """One chat message."""

    role: Literal["user", "assistant", "system"]
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """One recommending reply with the talk before it; samples of a thread share `dialog_id`.

    `seen` and `recommended` are item ids in order of first mention.
    """

    sample_id: str
    dialog_id: str
    source: str
    licence: str
    domain: Domain
    created_utc: int
    messages: tuple[Message, ...]
    seen: tuple[str, ...]
    recommended: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The trait that a sample's constraint will speak of, None where none was found.

    `mode`: "violations" (what the recommendations violate, for SFT) or "cues" (explicit cues of
    the conversation alone, for GRPO). `confidence` in [0, 1]. `made_by` names writer and prompt.
    `cue` holds the seeker's words that speak for the trait in mode "cues", else "".
    """

    sample_id: str
    mode: Literal["violations", "cues"]
    trait: str | None
    reason: str
    confidence: float
    made_by: str
    cue: str


@dataclass(frozen=True, slots=True)
class Constraint:
    """A sensitivity as a user expresses it. `message` is the index of the message that holds it.

    `earlier` holds the words of an earlier message that `text` completes, goes against or takes
    back, "" where one message says it all; see builder/synthesis/ladder.py for the styles.
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
class Conversation:
    """One written row. Variants of one sample share `sample_id`: a counterfactual set.

    `variant`: "without" (no constraint) or the constraint's style. `trait` is what is to be spared:
    None where there is no constraint and where it is no longer in force ("I used to mind").
    `safe`, `filtered` and `unknown` partition the recommended items by the building oracle's
    verdict. `alternatives`: further items near the wish that it calls safe, best first.
    """

    conversation_id: str
    sample_id: str
    dialog_id: str
    source: str
    licence: str
    domain: Domain
    created_utc: int
    mode: Literal["violations", "cues"]
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


@dataclass(frozen=True, slots=True)
class Review:
    """What people said of one conversation; `status` is "accepted", "rejected" or "unreviewed"."""

    conversation_id: str
    status: Literal["accepted", "rejected", "unreviewed"]
    annotators: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class SplitRow:
    """The split of one thread."""

    dialog_id: str
    split: Split


@dataclass(frozen=True, slots=True)
class ExportRow:
    """What one exported row was made of; `row` counts from 0 within its config and split."""

    config: Literal["sft", "grpo"]
    split: Split
    row: int
    conversation_id: str
    dialog_id: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One system's answer to one test prompt, graded title by title.

    `listed` holds each title once, in order; `hits`, `verdicts` (of the grading oracle) and
    `build_verdicts` run parallel to it, the verdicts empty where the row has no trait.
    `repeated` holds further mentions. `parsed` is False where the text holds no list at all.
    """

    system: str
    conversation_id: str
    dialog_id: str
    trait: str | None
    text: str
    parsed: bool
    listed: tuple[str, ...]
    repeated: tuple[str, ...]
    n_truth: int
    hits: tuple[bool, ...]
    verdicts: tuple[Verdict, ...]
    build_verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """What was left out, and why: `reason` is counted, `detail` is for people."""

    stage: str
    place: str
    reason: str
    detail: str
