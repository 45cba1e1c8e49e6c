"""What people took back: posts and authors that must not appear in anything made from now on.

    {"source": "reddit-2022", "post": "t3_rt01s5"}
    {"source": "reddit-2022", "author": "p-0f3a55c0a1b2c3d4", "key": "k-90d2c7e1f4a3b586"}

Authors are listed by pseudonym, never by name, so that the list itself names nobody. A pseudonym
means nothing under another key, so each comes with the fingerprint of its key.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from builder.dialogs.thread import Thread
from builder.errors import InputError
from builder.settings import Strict
from builder.sources import Reject
from builder.text_files.json_text import read_json_lines


class Tombstone(Strict):
    """A post or an author of a source that was taken back.

    Attributes:
        source: Name of the source.
        post: Id of a post, as the source has it.
        author: Pseudonym of an author.
        key: Fingerprint of the key that made the pseudonym.
        absent: The source no longer has it: that nothing is removed is no error.
    """

    source: Annotated[str, Field(min_length=1)]
    post: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,500}$")] | None = None
    author: Annotated[str, Field(pattern=r"^p-[0-9a-f]{16}$")] | None = None
    key: Annotated[str, Field(pattern=r"^k-[0-9a-f]{16}$")] | None = None
    absent: bool = False

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.post is None) == (self.author is None):
            raise ValueError("names a post or an author")
        if (self.author is None) != (self.key is None):
            raise ValueError("an author, and no post, has a key: use `saferec tombstones add`")
        return self


class Tombstones:
    """The list of what was taken back.

    Attributes:
        stones: Each once.
        removed: How many posts each removed so far.
    """

    def __init__(self, stones: Iterable[Tombstone], path: Path | None = None) -> None:
        self.stones = tuple(dict.fromkeys(stones))
        self.removed: Counter[Tombstone] = Counter()
        self._path = path
        self._by_post = {(one.source, one.post): one for one in self.stones if one.post}
        self._by_author = {(one.source, one.author): one for one in self.stones if one.author}

    @property
    def ids(self) -> frozenset[str]:
        """The ids of posts and the pseudonyms that must not appear anywhere."""
        return frozenset(str(stone.post or stone.author) for stone in self.stones)

    def require_key(self, fingerprint: str) -> None:
        """Make sure that the listed pseudonyms were made with the key of this run.

        Raises:
            InputError: If one was made with another: its author's posts would come back.
        """
        for number, stone in enumerate(self.stones, start=1):
            if stone.key not in (None, fingerprint):
                problem = f"tombstone {number} was made with another key ({stone.key})"
                fix = f"set the key it was made with; that of this run is {fingerprint}"
                raise InputError(self._path or "tombstones", problem, fix)

    def withdrawn_ids(self, thread: Thread, pseudonym_by_author: dict[str, str]) -> frozenset[str]:
        """Return the ids of the thread's posts that were taken back, and count them."""
        if not self.stones:
            return frozenset()
        withdrawn = set()
        for post in thread.posts:
            author = pseudonym_by_author.get(post.author or "", "")
            stones = (
                self._by_post.get((thread.spec.name, post.post_id)),
                self._by_author.get((thread.spec.name, author)),
            )
            for stone in filter(None, stones):
                self.removed[stone] += 1
                withdrawn.add(post.post_id)
        return frozenset(withdrawn)

    def require_matches(self) -> None:
        """Make sure that each tombstone removed something.

        Raises:
            InputError: If one did not: most likely the name or id is misspelt.
        """
        idle = [
            f"{number} ({stone.source}: {stone.post or stone.author})"
            for number, stone in enumerate(self.stones, start=1)
            if not self.removed[stone] and not stone.absent
        ]
        if idle:
            problem = f"no post that was read matches tombstone {', '.join(idle)}"
            fix = (
                "delete the line, then use `saferec tombstones add`, which names what is similar; "
                "--absent, if the source no longer has it"
            )
            raise InputError(self._path or "tombstones", problem, fix)

    def counts(self) -> dict[str, int]:
        """Return the number of posts that each tombstone removed, by its number in the list."""
        return {
            str(number): self.removed[stone] for number, stone in enumerate(self.stones, start=1)
        }

    def redacted(self, reject: Reject) -> Reject:
        """Return a `Reject` whose details never contain an id of what was taken back."""
        pattern = _any_of(self.ids)

        def reject_without_ids(place: str, reason: str, detail: str) -> None:
            is_named = pattern is not None and pattern.search(detail) is not None
            reject(place, reason, "names what was withdrawn" if is_named else detail)

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
    return Tombstones(stones, path)


def _any_of(ids: frozenset[str]) -> re.Pattern[str] | None:
    names = "|".join(map(re.escape, sorted(ids, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)") if ids else None


def _refuse(place: str, reason: str, detail: str) -> None:
    raise InputError(place, reason, "see docs/dialogs.md")
