"""People protected before anything is written: authors by pseudonyms, what they wrote by masks.

A pseudonym is a keyed hash: the same author of a source has the same one in every thread, and
without the key nobody can compute it from a name. What is masked is counted by kind.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Iterable

from builder.dialogs.marked import Marked
from builder.dialogs.thread import Post, Thread
from builder.records import Dialog, Turn

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\])\"]*[^\s<>\])\".,;:!?']", re.IGNORECASE)
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_USER = re.compile(r"(?<![\w/])/?[uU]/[\w-]{2,}|(?<![\w.@])@[A-Za-z_]\w{2,}")
_PHONE = re.compile(
    r"(?<![\w.-])(?:"
    r"\+\d{1,3}(?:[ .-]?\(?\d{2,4}\)?){2,5}|"  # +44 20 7946 0958
    r"(?:1[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}|"  # (212) 555-0142
    r"\d{3}-\d{4}"  # 555-0142
    r")(?![\w-]|\.\d)"
)
_OWN_NAME = re.compile(
    r"\b[Mm]y name(?:'s|’s| is)(?: [Dd]r\.?| [Mm]rs?\.?| [Mm]s\.?)? "
    r"(?P<name>[^\W\d_][\w'’-]*(?: (?!I\b)[A-Z][\w'’-]*)?)"
)
_NO_NAME = frozenset(
    {"a", "an", "the", "on", "in", "at", "not", "no", "my", "your", "his", "her", "our", "their"}
    | {"to", "for", "and", "of", "with", "as", "by", "from", "up", "all", "also", "so", "what"}
)
_HANDLE = re.compile(r"(?=.*[\d_-])[\w-]{5,}")  # only names that are no ordinary word
_PSEUDONYM_HEX = 16


def pseudonym_key(secret: str | None, seed: int) -> tuple[bytes, str]:
    """Return the key, and a note on where it comes from for the counts.

    Without a secret the key follows from the seed, so that a run can be repeated to the byte; it
    then protects nobody from a reader who knows the seed.
    """
    if secret:
        return secret.encode(), "keyed by SAFEREC_PSEUDONYM_KEY"
    note = "keyed by run.seed, which is public: set SAFEREC_PSEUDONYM_KEY for real people's posts"
    return f"saferec pseudonyms {seed}".encode(), note


class Privacy:
    """Pseudonyms and masks under one key; `masked` counts what was masked by kind."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.masked: Counter[str] = Counter()

    def pseudonym(self, source: str, author: str) -> str:
        """Return the name by which an author of a source is written."""
        digest = hmac.new(self._key, f"{source}\x1f{author}".encode(), hashlib.sha256).hexdigest()
        return f"p-{digest[:_PSEUDONYM_HEX]}"

    def protect(self, thread: Thread) -> Dialog:
        """Return the thread as a dialog that names nobody."""
        known = _known_people(thread)
        spec, first = thread.spec, thread.posts[0]
        return Dialog(
            dialog_id=thread.dialog_id,
            source=spec.name,
            licence=spec.licence,
            community=thread.community,
            created_utc=first.created_utc,
            turns=tuple(self._turn(thread, post, known) for post in thread.posts),
        )

    def _turn(
        self, thread: Thread, post: Post, known: Iterable[tuple[re.Pattern[str], str]]
    ) -> Turn:
        author = post.author or f"\x1f{post.post_id}"  # withheld: nobody knows whether they are one
        text = self.mask(post.text, known)
        return Turn(
            turn_id=post.post_id,
            author=self.pseudonym(thread.spec.name, author),
            role=post.role,
            text=text.text,
            created_utc=post.created_utc,
            reply_to=post.reply_to,
            spans=text.spans,
        )

    def mask(self, text: Marked, known: Iterable[tuple[re.Pattern[str], str]] = ()) -> Marked:
        """Return the text with addresses, numbers and names masked: <EMAIL>, <USER>, ...

        Args:
            text: What was written.
            known: Further patterns with their kind: people whom the thread itself names.
        """
        patterns = [(_URL, "URL"), (_EMAIL, "EMAIL"), (_USER, "USER"), (_PHONE, "PHONE"), *known]
        for pattern, kind in patterns:
            text, n_masked = text.replaced(pattern, f"<{kind}>")
            if n_masked:
                self.masked[kind] += n_masked
        return text


def _known_people(thread: Thread) -> list[tuple[re.Pattern[str], str]]:
    names = {match["name"] for post in thread.posts for match in _OWN_NAME.finditer(post.text.text)}
    handles = {post.author for post in thread.posts if _HANDLE.fullmatch(post.author or "")}
    found = [(_word(name), "NAME") for name in sorted(names) if name.casefold() not in _NO_NAME]
    return [(_word(handle or ""), "USER") for handle in sorted(filter(None, handles))] + found


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
