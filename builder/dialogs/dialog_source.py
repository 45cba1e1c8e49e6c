"""Settings of a dialog source in params.yaml: every source's fields, and what to take from it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from builder.records import TurnRole
from builder.settings import Strict
from builder.sources import SourceSpec

_Name = Annotated[str, Field(min_length=1)]
_Day = Annotated[date, Field(strict=False)] | None


class Selection(Strict):
    """Which threads of a dump to take, judging by their submission; null takes all.

    Attributes:
        communities: Names, upper or lower case.
        first_day: Day on which the submission was written, or later (UTC).
        last_day: Day on which it was written, or earlier (UTC).
        min_score: Votes that it has at least.
    """

    communities: (
        Annotated[list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]], Field(min_length=1)]
        | None
    )
    first_day: _Day
    last_day: _Day
    min_score: int | None

    @property
    def first_utc(self) -> int | None:
        """Start of the first day, in seconds since 1970."""
        return None if self.first_day is None else _midnight_utc(self.first_day)

    @property
    def end_utc(self) -> int | None:
        """End of the last day, in seconds since 1970."""
        return None if self.last_day is None else _midnight_utc(self.last_day) + 86_400


def _midnight_utc(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


class Columns(Strict):
    """The columns of a table of dialogs; null for a column that it does not have.

    A table has either a column of `messages`, lists of {role, content}, or a column of `text`, one
    post per row.

    Attributes:
        thread: Id of the thread; rows with the same one belong together.
        messages: Lists of {role, content}.
        text: The post.
        author: Who wrote it.
        role: The author's role; without it, whoever wrote first is the seeker.
        roles: What the values of `role`, or the roles of messages, mean.
        post: Id of the post within its thread; without it, the id is made from the text.
        time: Seconds since 1970 or ISO 8601.
        title: Of the thread.
        is_chat: Two people take turns; otherwise anyone answers the first post.
        is_markdown: The text is Reddit's markdown.
    """

    thread: _Name
    messages: _Name | None = None
    text: _Name | None = None
    author: _Name | None = None
    role: _Name | None = None
    roles: dict[str, TurnRole] = Field(default_factory=dict)
    post: _Name | None = None
    time: _Name | None = None
    title: _Name | None = None
    is_chat: bool
    is_markdown: bool

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        if (self.messages is None) == (self.text is None):
            raise ValueError("name either the column of messages or that of text")
        if self.messages is None and self.role is None and self.author is None:
            raise ValueError("name the column of roles or that of authors")
        if (self.messages or self.role) and not self.roles:
            raise ValueError("roles must say which word means seeker and which recommender")
        return self


class DialogSource(SourceSpec):
    """One configured source of dialogs.

    Attributes:
        select: For dumps.
        columns: For tables and Hugging Face data sets.
        split: For Hugging Face data sets.
        invented: No author's name is a real person's, so no key for pseudonyms is needed.
    """

    select: Selection | None = None
    columns: Columns | None = None
    split: _Name | None = None
    invented: bool = False

    @property
    def names_people(self) -> bool:
        """Whether authors are named: ReDial and INSPIRED only number speakers or dialogs."""
        return not self.invented and self.reader not in ("inspired", "redial", "turns")
