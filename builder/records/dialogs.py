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
    """Part of a turn's text that its author marked up; the markup itself has been removed.

    The "> " of a quoted line stays in the text, before the span.

    Attributes:
        start: Offset of the first character.
        end: Offset after the last character.
        kind: Which markup it was.
    """

    start: int
    end: int
    kind: SpanKind


@dataclass(frozen=True, slots=True)
class Turn:
    """One post of a dialog.

    Attributes:
        turn_id: Id of the post.
        author: A pseudonym.
        role: Whether the author asks or recommends.
        text: Without markup, personal data masked.
        created_utc: Seconds since 1970, 0 where there is no date.
        reply_to: Id of the post that it answers, None for the first.
        spans: What was marked up.
        place: File and row that it was read from; it stays out of the release.
    """

    turn_id: str
    author: str
    role: TurnRole
    text: str
    created_utc: int
    reply_to: str | None
    spans: tuple[Span, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Dialog:
    """One thread.

    Attributes:
        dialog_id: Id of the thread.
        source: Name of the source.
        licence: Of the source.
        community: For example the subreddit.
        created_utc: Seconds since 1970 of the first turn, 0 where there is no date.
        turns: The request first.
    """

    dialog_id: str
    source: str
    licence: str
    community: str
    created_utc: int
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of a turn's text that names an item, linked to it or left open.

    Attributes:
        dialog_id: The thread.
        turn_id: The post.
        start: Offset of the first character in the text of the turn.
        end: Offset after the last character.
        surface: The words.
        role: What the author says about the item.
        item_id: The item, None where the mention is open.
        score: Probability that the link is right, in [0, 1].
        candidates: Item ids that an open mention may mean.
        abstained: Why no item was chosen, "" where one was.
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
    """One chat message.

    Attributes:
        role: Who speaks.
        content: What they say.
    """

    role: Literal["user", "assistant", "system"]
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """A reply that recommends items, with the conversation before it.

    Attributes:
        request_id: Id of the request.
        dialog_id: The thread, which may hold several requests.
        source: Of the thread.
        licence: Of the thread.
        domain: What is asked for.
        created_utc: Seconds since 1970, 0 where there is no date.
        turn_ids: Ids of the posts that `messages` are made of, and of the reply last.
        messages: The conversation up to the reply.
        seen: Item ids that the seeker has named, in order of first mention.
        recommended: Item ids that the reply recommends, in order of first mention.
    """

    request_id: str
    dialog_id: str
    source: str
    licence: str
    domain: Domain
    created_utc: int
    turn_ids: tuple[str, ...]
    messages: tuple[Message, ...]
    seen: tuple[str, ...]
    recommended: tuple[str, ...]
