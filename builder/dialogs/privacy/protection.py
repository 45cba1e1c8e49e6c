"""Protects people before anything is written: pseudonyms for authors, masks in what they wrote.

A pseudonym is a keyed hash: an author of a source has the same one in every thread, and without the
key nobody can compute it from a name. Masks are counted by kind.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set

from builder.dialogs.marked_text import Edit, MarkedText
from builder.dialogs.privacy.known_titles import KnownTitles
from builder.dialogs.privacy.people import find_people, own_names
from builder.dialogs.thread import Post, Thread
from builder.errors import InputError
from builder.records import Dialog, Turn

_HANDLE = re.compile(r"(?=.*[\d_-]|.*[a-z][A-Z])[\w-]{5,}")  # names that are not ordinary words
_BEFORE_NAME = r"\b(?:thanks|thank you|thx|cheers|hey|hi|hello|agree with|listen to),? "
_AFTER_NAME = r" (?:said|says|wrote|suggested|recommended|mentioned|is right)\b"
_PSEUDONYM_HEX = 16
KEY_VARIABLE = "SAFEREC_PSEUDONYM_KEY"
_SET = f"set {KEY_VARIABLE}"
_Known = tuple[re.Pattern[str], str]


def pseudonym_key(secret: str | None, seed: int, *, is_needed: bool) -> tuple[bytes, str]:
    """Return the key, and a note for the counts on where it comes from.

    Without a secret the key is derived from the seed, so that a run can be repeated byte for byte;
    it protects nobody from a reader who knows the seed, and is refused for real people.

    Raises:
        InputError: If a secret is needed and there is none.
    """
    if secret:
        return secret.encode(), f"keyed by {KEY_VARIABLE}"
    if is_needed:
        problem = "is not set, but a source has posts of real people"
        fix = "export a secret of your own, or set `invented: true` for sources without real names"
        raise InputError(KEY_VARIABLE, problem, fix)
    note = f"keyed by run.seed, which is public: no author is a real person's name; else {_SET}"
    return f"saferec pseudonyms {seed}".encode(), note


class Privacy:
    """Pseudonyms and masks under one key.

    Attributes:
        masked: How often each kind was masked.
    """

    def __init__(self, key: bytes, titles: Iterable[str] = ()) -> None:
        """Take the key, and the titles of the catalogue, which are never masked."""
        self._key = key
        self._titles = KnownTitles(titles)
        self.masked: Counter[str] = Counter()

    def pseudonym(self, source: str, author: str) -> str:
        """Return the pseudonym of a source's author."""
        digest = hmac.new(self._key, f"{source}\x1f{author}".encode(), hashlib.sha256).hexdigest()
        return f"p-{digest[:_PSEUDONYM_HEX]}"

    def pseudonyms(self, thread: Thread) -> dict[str, str]:
        """Return the pseudonyms of a thread's authors, by name."""
        names = {post.author for post in thread.posts if post.author}
        return {name: self.pseudonym(thread.spec.name, name) for name in names}

    def protect(self, thread: Thread) -> Dialog:
        """Return the thread as a dialog that names nobody."""
        patterns = self._known_people(thread)
        spec, first = thread.spec, thread.posts[0]
        return Dialog(
            dialog_id=thread.dialog_id,
            source=spec.name,
            licence=spec.licence,
            community=thread.community,
            created_utc=first.created_utc,
            turns=tuple(self._turn(thread, post, patterns) for post in thread.posts),
        )

    def _turn(self, thread: Thread, post: Post, patterns: Sequence[_Known]) -> Turn:
        author = post.author or f"\x1f{post.post_id}"  # withheld authors may be different people
        text = self.mask(post.text, patterns)
        return Turn(
            turn_id=post.post_id,
            author=self.pseudonym(thread.spec.name, author),
            role=post.role,
            text=text.text,
            created_utc=post.created_utc,
            reply_to=post.reply_to,
            spans=text.spans,
            place=post.place,
        )

    def mask(self, text: MarkedText, patterns: Sequence[_Known] = ()) -> MarkedText:
        """Return the text with addresses, numbers and names masked: <EMAIL>, <USER>, ...

        Args:
            text: What was written.
            patterns: Further patterns with their kind, for people whom the thread itself names.
        """
        spans = find_people(text.text, patterns, self._titles)
        self.masked.update(span.kind for span in spans)
        return (
            text.edited([Edit(span.start, span.end, f"<{span.kind}>") for span in spans])
            if spans
            else text
        )

    def _known_people(self, thread: Thread) -> list[_Known]:
        names = {n for post in thread.posts for n in own_names(post.text.text, self._titles)}
        authors = {post.author for post in thread.posts if post.author and len(post.author) > 2}
        odd = {author for author in authors if _HANDLE.fullmatch(author)}
        patterns = [(_anywhere(odd), "USER"), (_called(authors - odd), "USER")]
        return [
            (pattern, kind) for pattern, kind in (*patterns, (_anywhere(names), "NAME")) if pattern
        ]


def _anywhere(names: Set[str]) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w)(?:{_any(names)})(?!\w)", re.IGNORECASE) if names else None


def _called(names: Set[str]) -> re.Pattern[str] | None:
    """Return a pattern of places that call authors by names that may be ordinary words."""
    if not names:
        return None
    alternatives = _any(names)
    called = (
        rf"{_BEFORE_NAME}(?P<who>{alternatives})(?!\w)|(?<!\w)(?P<also>{alternatives}){_AFTER_NAME}"
    )
    return re.compile(called, re.IGNORECASE)


def _any(names: Set[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name))))
