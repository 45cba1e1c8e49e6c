"""Whether a seeker has asked for anything yet or only greeted: "Hi there how are you today".

A word that is not part of greetings, a title, or a yes to a question about films makes a wish, so
"hi, something like Alien?" is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from builder.records import Message, Request
from builder.settings import Strict, read_yaml


class _SmallTalk(Strict):
    words: str
    agreeing: str


_SMALL_TALK = read_yaml(Path(__file__).with_name("small_talk.yaml"), _SmallTalk)
_WORDS = frozenset(_SMALL_TALK.words.split())
_YES = frozenset(_SMALL_TALK.agreeing.split())
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_QUESTION = re.compile(
    r"\b(?:movies?|films?|games?|watch|seen|play|like|love|genres?|into|mood)\b[^.!?]*\?",
    re.IGNORECASE,
)


def only_greets(request: Request) -> bool:
    """Return whether everything the seeker says before the reply is small talk."""
    words = [word for m in request.messages if m.role == "user" for word in _words(m)]
    if request.seen or any(word not in _WORDS for word in words):
        return False
    return not any(_agrees(question, answer) for question, answer in pairwise(request.messages))


def _agrees(question: Message, answer: Message) -> bool:
    """Return whether a message says yes to a question about films or games."""
    is_asked = question.role == "assistant" and _QUESTION.search(question.content) is not None
    return is_asked and not _YES.isdisjoint(_words(answer))


def _words(message: Message) -> Iterator[str]:
    for match in _WORD.finditer(message.content.casefold()):
        yield re.sub(r"['’]", "", match[0])
