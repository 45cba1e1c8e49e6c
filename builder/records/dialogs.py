"""What people wrote to each other, and the items they named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from builder.records.catalogue import Domain

TurnRole = Literal["seeker", "recommender"]
SpanKind = Literal["emphasis", "link", "item", "quote", "spoiler"]
MentionRole = Literal["asked like", "liked", "seen", "disliked", "recommended", "mentioned"]


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
