"""What people took back: posts and authors that must not appear in anything made from now on.

    {"source": "reddit-2022", "post": "t3_rt01s5"}
    {"source": "reddit-2022", "author": "p-0f3a55c0a1b2c3d4"}

Authors are listed by pseudonym, never by name, so that the list itself names nobody.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from builder.dialogs.thread import Post, Thread
from builder.errors import InputError
from builder.settings import Strict
from builder.sources import Reject
from builder.text_files.json_text import read_json_lines

_ID_PART = re.compile(r"[\w.:-]*[\w-]")


class Tombstone(Strict):
    """A post or an author of a source that was taken back."""

    source: Annotated[str, Field(min_length=1)]
    post: Annotated[str, Field(pattern=r"^[\w.-]+$")] | None = None
    author: Annotated[str, Field(pattern=r"^p-[0-9a-f]{16}$")] | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.post is None) == (self.author is None):
            raise ValueError("names a post or an author")
        return self


class Tombstones:
    """The list of what was taken back."""

    def __init__(self, stones: Iterable[Tombstone]) -> None:
        self.stones = tuple(dict.fromkeys(stones))
        self._posts = {(stone.source, stone.post) for stone in self.stones if stone.post}
        self._authors = {(stone.source, stone.author) for stone in self.stones if stone.author}

    @property
    def ids(self) -> frozenset[str]:
        """The ids of posts and the pseudonyms that must not appear anywhere."""
        return frozenset(str(stone.post or stone.author) for stone in self.stones)

    def withdrawn_ids(self, thread: Thread, pseudonym_by_author: dict[str, str]) -> frozenset[str]:
        """Return the ids of the thread's posts that were taken back."""
        if not self.stones:
            return frozenset()
        name = thread.spec.name
        return frozenset(
            post.post_id for post in thread.posts if self._has(name, post, pseudonym_by_author)
        )

    def _has(self, source: str, post: Post, pseudonym_by_author: dict[str, str]) -> bool:
        author = pseudonym_by_author.get(post.author or "")
        return (source, post.post_id) in self._posts or (source, author) in self._authors

    def redacted(self, reject: Reject) -> Reject:
        """Return a `Reject` whose details never contain an id of what was taken back."""
        ids = self.ids

        def reject_without_ids(place: str, reason: str, detail: str) -> None:
            names_one = ids and not ids.isdisjoint(
                part.rpartition(":")[2] for part in _ID_PART.findall(detail)
            )
            reject(place, reason, "refers to withdrawn content" if names_one else detail)

        return reject_without_ids


def read_tombstones(path: Path) -> Tombstones:
    """Return the list in a JSON Lines file; a missing file is an empty list.

    Raises:
        InputError: For a line that is not a tombstone: what should go would stay.
    """
    if not os.path.lexists(path):  # a link to nowhere is an error
        return Tombstones(())
    stones = []
    for place, row in read_json_lines(path, _refuse):
        try:
            stones.append(Tombstone.model_validate(row))
        except ValidationError as exc:
            error = exc.errors(include_url=False)[0]
            field = ".".join(map(str, error["loc"])) or "it"
            raise InputError(place, f"{field}: {error['msg']}", "see docs/dialogs.md") from exc
    return Tombstones(stones)


def _refuse(place: str, reason: str, detail: str) -> None:
    raise InputError(place, reason, "see docs/dialogs.md")
