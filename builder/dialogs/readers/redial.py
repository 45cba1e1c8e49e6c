"""ReDial as published (Li et al. 2018): one dialog per line, films named by "@" and their id.

    {"conversationId": "391", "initiatorWorkerId": 0, "respondentWorkerId": 1,
     "movieMentions": {"165710": "The Boss Baby (2017)"},
     "messages": [{"messageId": 1021, "senderWorkerId": 0, "timeOffset": 0,
                   "text": "Hi, anything like @165710?"}]}

The Hub's copy (re_dial) has numbers as conversation ids, and movieMentions as a list:

    {"conversationId": 391, ...,
     "movieMentions": [{"movieId": "165710", "movieName": "The Boss Baby (2017)"}]}

Whoever began is the seeker. Consecutive messages of one speaker become one turn. There are no
dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator

from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.markup import read_plain
from builder.dialogs.reader_context import ReaderContext
from builder.dialogs.reddit_posts import is_too_long, validated
from builder.dialogs.thread import UNDATED, Post, Thread
from builder.records import TurnRole
from builder.sources import Reject
from builder.text_files.json_text import read_json_lines

_MENTION = re.compile(r"@(\d+)")


class _Message(BaseModel):
    messageId: int  # noqa: N815 - the file's name
    senderWorkerId: int  # noqa: N815
    text: str


def _mentions(value: Any) -> Any:
    """Return ids with names: the file has {id: name}, [] if there are none; the Hub has a list."""
    if value is None:
        return {}
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return {str(one.get("movieId")): one.get("movieName") for one in value}
    return value


def _text_of_number(value: Any) -> Any:
    return str(value) if type(value) is int else value


class _Row(BaseModel):
    conversationId: Annotated[str, BeforeValidator(_text_of_number)]  # noqa: N815
    initiatorWorkerId: int  # noqa: N815
    respondentWorkerId: int  # noqa: N815
    movieMentions: Annotated[dict[str, str | None], BeforeValidator(_mentions)]  # noqa: N815
    messages: list[_Message]


def read_redial(path: Path, spec: DialogSource, context: ReaderContext) -> Iterator[Thread]:
    """Yield the dialogs in the file's order.

    Lines that are not a dialog, dialogs without text, and messages that are too long or by neither
    speaker are rejected. An "@" with a number that no film has stays as it is.
    """
    reject = context.reject
    for place, raw in read_json_lines(path, reject):
        row = validated(_Row, raw, place, reject)
        if row is None:
            continue
        if posts := _posts(row, place, reject):
            yield Thread(spec, row.conversationId, "", True, False, posts)
        else:
            reject(place, "empty dialog", "no message holds text")


def _posts(row: _Row, place: str, reject: Reject) -> tuple[Post, ...]:
    roles: dict[int, TurnRole] = {
        row.respondentWorkerId: "recommender",
        row.initiatorWorkerId: "seeker",
    }
    usable = [m for m in row.messages if _is_usable(m, roles, place, reject)]
    posts: list[Post] = []
    for worker, messages in groupby(usable, key=lambda message: message.senderWorkerId):
        parts = list(messages)
        words = _MENTION.sub(
            lambda m: row.movieMentions.get(m[1]) or m[0], " ".join(m.text for m in parts)
        )
        post_id = f"{row.conversationId}.{parts[0].messageId}"
        before = posts[-1].post_id if posts else None
        author, text = f"worker {worker}", read_plain(words)
        posts.append(Post(place, post_id, before, author, roles[worker], text, UNDATED, None))
    return tuple(posts)


def _is_usable(message: _Message, roles: dict[int, TurnRole], place: str, reject: Reject) -> bool:
    if not message.text.strip():
        return False
    if message.senderWorkerId not in roles:
        detail = f"message {message.messageId} is of worker {message.senderWorkerId}"
        reject(place, "unknown speaker", detail)
        return False
    return not is_too_long(message.text, place, reject)
