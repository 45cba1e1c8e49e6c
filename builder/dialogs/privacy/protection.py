"""Protects people before anything is written: pseudonyms for authors, masks in what they wrote.

A pseudonym is a keyed hash: an author of a source has the same one in every thread, and without the
key nobody can compute it from a name. Masks are counted by kind.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from math import log2

from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.marked_text import Edit, MarkedText
from builder.dialogs.privacy.known_people import SourceAuthors, ThreadPeople
from builder.dialogs.privacy.known_titles import KnownTitles
from builder.dialogs.privacy.people import PersonSpan, find_people, own_names
from builder.dialogs.thread import Post, Thread
from builder.errors import InputError
from builder.records import Dialog, Turn

_PSEUDONYM_HEX = 16
_MIN_KEY_BITS = 128
_ALPHABETS = (
    (10, re.compile(r"\d+")),
    (16, re.compile(r"[0-9a-fA-F]+")),
    (36, re.compile(r"[0-9a-z]+|[0-9A-Z]+")),
    (64, re.compile(r"[\w+/=-]+", re.ASCII)),
)
_PRINTABLE = 95
KEY_VARIABLE = "SAFEREC_PSEUDONYM_KEY"
_SET = f"set {KEY_VARIABLE}"
_MAKE_KEY = f"export {KEY_VARIABLE}=$(python -c 'import secrets; print(secrets.token_hex(32))')"
_Known = Callable[[str], Iterable[PersonSpan]]


def pseudonym_key(secret: str | None, seed: int, *, is_needed: bool) -> tuple[bytes, str]:
    """Return the key, and a note for the counts on where it comes from.

    Without a secret the key is derived from the seed, so that a run can be repeated byte for byte;
    it protects nobody from a reader who knows the seed, and is refused for real people.

    Raises:
        InputError: If a secret is needed and there is none, or one can be found by trying.
    """
    if secret:
        if _bits(secret.strip()) < _MIN_KEY_BITS:
            problem = f"has fewer than {_MIN_KEY_BITS} bits, so that pseudonyms could be undone"
            raise InputError(KEY_VARIABLE, problem, f"make a key: {_MAKE_KEY}")
        return secret.encode(), f"keyed by {KEY_VARIABLE}"
    if is_needed:
        problem = "is not set, but a source has posts of real people"
        fix = f"make one: {_MAKE_KEY}; or set `invented: true` for sources without real names"
        raise InputError(KEY_VARIABLE, problem, fix)
    note = f"keyed by run.seed, which is public: no author is a real person's name; else {_SET}"
    return f"saferec pseudonyms {seed}".encode(), note


def _bits(secret: str) -> float:
    """Return how many bits a secret has at most, judging by its length and its characters."""
    size = next((size for size, signs in _ALPHABETS if signs.fullmatch(secret)), _PRINTABLE)
    is_varied = len(set(secret)) >= min(size, len(secret)) / 4  # unlike "aaaa…"
    return len(secret) * log2(size) if is_varied else 0.0


class Privacy:
    """Pseudonyms and masks under one key.

    Attributes:
        masked: How often each kind was masked.
    """

    def __init__(self, key: bytes, titles: Iterable[str] = ()) -> None:
        """Take the key, and the titles of the catalogue, which are never masked."""
        self._key = key
        self._titles = KnownTitles(titles)
        self._authors: defaultdict[str, SourceAuthors] = defaultdict(SourceAuthors)
        self.masked: Counter[str] = Counter()

    @property
    def fingerprint(self) -> str:
        """A name of the key that tells it from others and gives nothing of it away."""
        digest = hmac.new(self._key, b"fingerprint of the key", hashlib.sha256).hexdigest()
        return f"k-{digest[:_PSEUDONYM_HEX]}"

    def pseudonym(self, source: str, author: str) -> str:
        """Return the pseudonym of a source's author."""
        digest = hmac.new(self._key, f"{source}\x1f{author}".encode(), hashlib.sha256).hexdigest()
        return f"p-{digest[:_PSEUDONYM_HEX]}"

    def public_id(self, spec: DialogSource, source_id: str) -> str:
        """Return the id of a thread or post that a release may show.

        The id of a real post leads to its author, whatever the pseudonym: it is keyed, too. That of
        an invented post, or of a speaker who is only numbered, stays.
        """
        if not spec.names_people:
            return source_id
        text = f"{spec.name}\x1fid\x1f{source_id}"
        return (
            f"i-{hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:_PSEUDONYM_HEX]}"
        )

    def pseudonyms(self, thread: Thread) -> dict[str, str]:
        """Return the pseudonyms of a thread's authors, by name."""
        names = {post.author for post in thread.posts if post.author}
        return {name: self.pseudonym(thread.spec.name, name) for name in names}

    def authors_of(self, source: str) -> SourceAuthors:
        """Return the authors of a source, to be filled before its first thread is protected."""
        return self._authors[source]

    def protect(self, thread: Thread) -> Dialog:
        """Return the thread as a dialog that names nobody.

        Its people are gathered from all posts as they were read: one that is left out must not be
        named by one that is kept.
        """
        posts = thread.as_read or thread.posts
        own = {n for post in posts for n in own_names(post.text.text, self._titles)}
        people = ThreadPeople({post.author for post in posts if post.author}, own)

        authors = self.authors_of(thread.spec.name)

        def known(text: str) -> Iterator[PersonSpan]:
            yield from people.spans(text)
            yield from authors.spans(text)

        spec, first = thread.spec, thread.posts[0]
        return Dialog(
            dialog_id=f"{spec.name}:{self.public_id(spec, thread.thread_id)}",
            source=spec.name,
            licence=spec.licence,
            community=thread.community,
            created_utc=first.created_utc,
            turns=tuple(self._turn(thread, post, known) for post in thread.posts),
        )

    def _turn(self, thread: Thread, post: Post, known: _Known) -> Turn:
        author = post.author or f"\x1f{post.post_id}"  # withheld authors may be different people
        text = self.mask(post.text, known(post.text.text))
        return Turn(
            turn_id=self.public_id(thread.spec, post.post_id),
            author=self.pseudonym(thread.spec.name, author),
            role=post.role,
            text=text.text,
            created_utc=post.created_utc,
            reply_to=post.reply_to and self.public_id(thread.spec, post.reply_to),
            spans=text.spans,
            place=post.place,
        )

    def mask(self, text: MarkedText, known: Iterable[PersonSpan] = ()) -> MarkedText:
        """Return the text with addresses, numbers and names masked: <EMAIL>, <USER>, ...

        Args:
            text: What was written.
            known: Where it names people of its thread or source.
        """
        spans = find_people(text.text, self._titles, known)
        self.masked.update(span.kind for span in spans)
        return (
            text.edited([Edit(span.start, span.end, f"<{span.kind}>") for span in spans])
            if spans
            else text
        )
