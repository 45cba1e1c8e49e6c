"""What a dialog source says of one thread, before it is cleaned and its people are protected."""

from __future__ import annotations

from dataclasses import dataclass

from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.marked_text import Marked
from builder.records import TurnRole

UNDATED = 0
"""`created_utc` where the source gives no date."""


@dataclass(frozen=True, slots=True)
class Post:
    """One post with its author's own name, None where the source withholds it.

    `reply_to` is the id of another post of the thread, None for the first. `score` is None where
    the source has no votes. `created_utc` in seconds since 1970, `UNDATED` where unknown.
    """

    place: str
    post_id: str
    reply_to: str | None
    author: str | None
    role: TurnRole
    text: Marked
    created_utc: int
    score: int | None


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread, its posts in the order they are read.

    A chat is two people talking in turns; anything else opens with a request that anyone answers.
    """

    spec: DialogSource
    thread_id: str
    community: str
    is_chat: bool
    over_18: bool
    posts: tuple[Post, ...]

    @property
    def place(self) -> str:
        """Where the thread begins: file and row."""
        return self.posts[0].place

    @property
    def dialog_id(self) -> str:
        """The thread's id among those of all sources."""
        return f"{self.spec.name}:{self.thread_id}"
