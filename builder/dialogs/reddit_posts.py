"""Reddit posts as the dumps write them, and their validation.

A submission:
    {"id": "rt01s5", "subreddit": "moviesuggestions", "author": "a_name", "title": "Films like Up?",
     "selftext": "...", "created_utc": 1641142629, "score": 212, "over_18": false}
A comment:
    {"id": "hq03xd8", "link_id": "t3_rt01s5", "parent_id": "t3_rt01s5", "author": "another_name",
     "body": "*My Neighbor Totoro (1988)*", "created_utc": 1641150865, "score": 148}
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from builder.sources import Reject

WITHHELD = ("[deleted]", "[removed]")
"""What the dumps have in place of a body or a name that was removed."""
MAX_CHARS = 100_000
"""Per post: Reddit accepts 40,000, and the dumps' entities (&amp;) make them longer."""


def _withheld_if_null(author: Any) -> Any:
    return WITHHELD[0] if author is None else author


class Row(BaseModel):
    """The fields that submissions and comments share.

    Dumps of some months lack the author of hundreds of posts, whose accounts are gone; others lack
    votes.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+$")]
    author: Annotated[str, BeforeValidator(_withheld_if_null)] = WITHHELD[0]
    created_utc: Annotated[int, Field(gt=0, lt=1 << 40)]  # some months write it as a string
    score: Annotated[int, Field(gt=-(1 << 60), lt=1 << 60)] | None = None


class Submission(Row):
    """The first post of a thread."""

    subreddit: str
    title: str
    selftext: str
    over_18: bool


class Comment(Row):
    """A post below the first one."""

    link_id: Annotated[str, Field(pattern=r"^t3_[a-z0-9]+$")]
    parent_id: Annotated[str, Field(pattern=r"^t[13]_[a-z0-9]+$")]
    body: str


AnyRow = TypeVar("AnyRow", bound=BaseModel)


def validated(kind: type[AnyRow], raw: dict[str, Any], place: str, reject: Reject) -> AnyRow | None:
    """Return an object as a row; one that does not fit is rejected without quoting its content."""
    try:
        return kind.model_validate(raw)
    except ValidationError as exc:
        error = exc.errors(include_input=False, include_url=False)[0]
        field = ".".join(map(str, error["loc"]))
        reason = "missing field" if error["type"] == "missing" else "bad field"
        reject(place, reason, f"{field}: {error['msg']}")
        return None


def is_too_long(text: str, place: str, reject: Reject) -> bool:
    """Return whether a post is longer than `MAX_CHARS`, and reject it if so."""
    if len(text) <= MAX_CHARS:
        return False
    reject(place, "post too long", f"{len(text):,} characters, at most {MAX_CHARS:,}")
    return True
