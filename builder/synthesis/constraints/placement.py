"""Where a constraint can go in a conversation without breaking what is there."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from builder.records import Message
from builder.synthesis.offline.phrases import Place
from builder.synthesis.seeker.speaker import Speaker, straight, words_of
from builder.synthesis.styles import TWO_PARTS, Style

_TITLE_CHARS = 200
_MIN_WORDS = 4  # of the sentences on both sides of a gap: shorter ones are parts of one thought
_MIN_WORDS_OF_A_WISH = 6  # shorter first messages only greet
_SENTENCE_GAP = re.compile(r"(?<=[.!?])[ ]+(?=[\w\"'(])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e|jr|sr|vol|no|pt)|\b[A-Z])\.$", re.I
)
_POINTERS = (
    "it its it's that's these those they they're them their he he's she she's him his her "
    "others same mine"
)
_LEANERS = (
    "the and but so or also too because then there both which who bonus not no nothing just only "
    "that this still even except yes more another one now other else already again back done "
    "seriously"
)
_REFERS_BACK = frozenset(_POINTERS.split())
"""Words that refer to something said before, anywhere in a sentence."""

_LEANS_BACK = _REFERS_BACK | frozenset(_LEANERS.split())
"""First words of sentences that depend on the one before and must not be separated from it."""

_POINTS_BACK = re.compile(
    r"\b(?:the|her|his|their) (?:first|second|third|last|next|new|old|other|original) "
    r"(?:ones?|parts?|films?|games?|movies?)\b"
)
"""Refers to a thing by its position: "is the second one as good?"."""

_SIGNS_OFF = re.compile(
    r"(?:\b(?:thanks|thank you|cheers|ta|bye|love you all|in advance)\b[^.!?\n]{0,12}|<[A-Z]+>\W*"
    r"|\bmy name is <[^.!?\n]*|^(?:edit|ps|p\.s\.)\b[^\n]*)[.!?\s)]*\Z",
    re.I | re.M,
)
"""An ending after which nothing more is said; only looked for at the very end."""


_GREETS = re.compile(
    r"^\W*(?:hi+|hello|hey+|howdy|hiya|yo|good (?:morning|afternoon|evening))\b", re.I
)
_SMALL_TALK = re.compile(
    r"\b(?:how are you|(?:how|what) about you|what's up|yourself|and you)\b[^.!\n]*\W*$", re.I
)


def places_in(messages: Sequence[Message]) -> tuple[Place, ...]:
    """Return where a constraint fits: into a message of the seeker, or as a message of its own.

    If a recommender spoke last, it cannot go into the last message.
    """
    of_seeker = [n for n, message in enumerate(messages) if message.role == "user"]
    is_last = messages[-1].role == "user"
    opens = all(message.role == "user" for message in messages)  # else it begins with an answer
    _title, body = _split_title(messages[-1].content)
    earliest = messages[of_seeker[0]].content if of_seeker else ""
    fits: dict[Place, bool] = {
        "start": is_last
        and opens
        and not _GREETS.search(body)
        and not _leans(_first_sentence(body)),
        "middle": is_last and bool(_gaps(body)),
        "end": is_last and not _SIGNS_OFF.search(body),
        "first": bool(of_seeker) and of_seeker[0] < len(messages) - 1 and _is_open(earliest),
        "aside": is_last and bool(_gaps(body)),
        "own": True,
    }
    return tuple(place for place, does in fits.items() if does)


def places_for(
    style: Style, speaker: Speaker, fitting: Sequence[Place], *, is_cued: bool
) -> Sequence[Place]:
    """Return the places that suit a style, or all of `fitting` if none does.

    Company that the seeker names can be mentioned only after that; a second wish (`is_cued`) goes
    to the end.
    """
    if is_cued:
        good: list[Place] = [p for p in fitting if p == "end"]
        good = good or [p for p in fitting if p != "own"]
    elif style == "household" and speaker.names_others:
        good = [p for p in fitting if p in ("end", "own")]
    elif style in TWO_PARTS:
        good = [p for p in fitting if p != "own"]
    else:
        good = list(fitting)
    return good or fitting


def place_text(
    messages: Sequence[Message], text: str, place: Place, question: str, rng: random.Random
) -> tuple[tuple[Message, ...], int]:
    """Return the messages with the text inserted, and the index of the message that has it.

    Args:
        messages: The conversation, ending with the last message of seeker or recommender.
        text: The constraint, one or more sentences.
        place: One of `places_in(messages)`.
        question: What the recommender asks if the text becomes a message of its own.
        rng: Draws one of several gaps in the middle.
    """
    if place == "own":
        asking = (Message("assistant", question),) if messages[-1].role == "user" else ()
        placed = (*messages, *asking, Message("user", text))
        return placed, len(placed) - 1
    at = len(messages) - 1
    if place == "first":
        at = next(n for n, message in enumerate(messages) if message.role == "user")
    holder = Message("user", _insert(messages[at].content, text, place, rng))
    return (*messages[:at], holder, *messages[at + 1 :]), at


def _insert(content: str, text: str, place: Place, rng: random.Random) -> str:
    head, body = _split_title(content)
    if place == "aside":
        text, place = f"({text})", "middle"
    if place == "start":
        return f"{head}{text} {body}".rstrip()
    if place == "middle":
        gap = rng.choice(_gaps(body))
        return f"{head}{body[:gap].rstrip()} {text} {body[gap:].lstrip()}"
    end = content.rstrip()
    stop = "" if re.search(r"[^\w\"')][\"')]*$", end) else "."
    return f"{end}{stop} {text}"


def _split_title(content: str) -> tuple[str, str]:
    """Return a post's title line with the blank line after it, "" if it has none, and the rest."""
    title, gap, body = content.partition("\n\n")
    if gap and body.strip() and "\n" not in title and len(title) <= _TITLE_CHARS:
        return title + gap, body
    return "", content


def _gaps(body: str) -> list[int]:
    """Return the offsets between two sentences that can be separated."""
    return [m.start() for m in _SENTENCE_GAP.finditer(body) if _is_free(body, m.start(), m.end())]


def _is_free(body: str, end: int, start: int) -> bool:
    before = re.split(r"[.!?\n]", body[:end].rstrip(".!?"))[-1]
    after = re.split(r"[.!?\n]", body[start:])[0]
    if min(len(before.split()), len(after.split())) < _MIN_WORDS:
        return False
    alike = words_of(before)[:1] == words_of(after)[:1]  # "Seen Up. Seen Babe."
    return not alike and not _leans(after) and not _ABBREVIATION.search(body[:end])


def _first_sentence(body: str) -> str:
    return re.split(r"[.!?\n]", body.strip())[0]


def _is_open(message: str) -> bool:
    """Return whether more can follow a first message: it asks for something and does not end."""
    asks = len(words_of(message)) >= _MIN_WORDS_OF_A_WISH and not _SMALL_TALK.search(message)
    return asks and not _SIGNS_OFF.search(message)


def _leans(sentence: str) -> bool:
    """Return whether a sentence needs the one before it to be understood.

    A word that refers back counts only before the first comma: in "My gf saw it, and she ..." it
    does, in "I like Heat, it has ..." it refers to Heat.
    """
    words = words_of(sentence.partition(",")[0])
    if not words or words[0] in _LEANS_BACK or words[-1] in ("that", "this"):
        return True
    return not _REFERS_BACK.isdisjoint(words) or bool(_POINTS_BACK.search(straight(sentence)))
