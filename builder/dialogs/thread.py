"""A thread as its source has it, before it is cleaned and its people are protected."""

from __future__ import annotations

from dataclasses import dataclass

from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.marked_text import MarkedText
from builder.records import TurnRole

UNDATED = 0
"""`created_utc` if the source gives no date."""


@dataclass(frozen=True, slots=True)
class Post:
    """One post, with its author's real name.

    Attributes:
        place: File and row.
        post_id: Unique within the source.
        reply_to: Id of another post of the thread; None for the first.
        author: None if the source withholds it.
        role: Seeker or recommender.
        text: Without markup.
        created_utc: Seconds since 1970; `UNDATED` if unknown.
        score: Votes; None if the source has none.
    """

    place: str
    post_id: str
    reply_to: str | None
    author: str | None
    role: TurnRole
    text: MarkedText
    created_utc: int
    score: int | None


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread.

    Attributes:
        spec: Its source.
        thread_id: Unique within the source.
        community: Name of the subreddit; "" if there is none.
        is_chat: Two people take turns; otherwise anyone may answer the opening request.
        over_18: Marked as adult content.
        posts: Posts in reading order.
        as_read: The posts before any was left out or shortened: these name the thread's people.
    """

    spec: DialogSource
    thread_id: str
    community: str
    is_chat: bool
    over_18: bool
    posts: tuple[Post, ...]
    as_read: tuple[Post, ...] = ()

    @property
    def place(self) -> str:
        """File and row at which the thread begins."""
        return self.posts[0].place

    @property
    def dialog_id(self) -> str:
        """The thread's id, unique across sources."""
        return f"{self.spec.name}:{self.thread_id}"
