"""What params.yaml says of a dialog source: beside every source's fields, what to take from it."""

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
    """Which threads of a dump are taken, judged by their submission; null takes all.

    `communities` in any case. `first_day` and `last_day` (UTC, both included) are when it was
    written, `min_score` its votes.
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
        """When the first day begins, in seconds since 1970."""
        return None if self.first_day is None else _midnight_utc(self.first_day)

    @property
    def end_utc(self) -> int | None:
        """When the last day is over, in seconds since 1970."""
        return None if self.last_day is None else _midnight_utc(self.last_day) + 86_400


def _midnight_utc(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


class Columns(Strict):
    """The columns of a table that hold what a dialog needs; null where there is none.

    Either `messages` names a column of lists of {role, content}, or `text` one of posts, whose
    `thread` says which belong together. `roles` says what the words in `role` (or of the
    messages) mean here; without a `role` column whoever wrote first is the seeker.
    """

    thread: _Name
    messages: _Name | None = None
    text: _Name | None = None
    author: _Name | None = None
    role: _Name | None = None
    roles: dict[str, TurnRole] = Field(default_factory=dict)
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
    """One configured source of dialogs. `select` is for dumps, `columns` for tables.

    `invented` says that no author in it is a real person's name, so that no key is needed.
    """

    select: Selection | None = None
    columns: Columns | None = None
    split: _Name | None = None
    invented: bool = False

    @property
    def names_people(self) -> bool:
        """Whether authors are named: ReDial and INSPIRED number their speakers or dialogs only."""
        return not self.invented and self.reader not in ("inspired", "redial", "turns")
