"""The turn format of He et al. 2023, here for ReDial: one row per turn of the recommender.

    {"dialog_id": "test_20001", "turn_id": 204172, "context": ["", "Hi I am looking for ..."],
     "resp": "You should watch Police Academy (1984)", "rec": [29891], "is_user": 0}

The context has everything said before, the two speakers taking turns; a row's response is the next
turn, so that the longest row of a dialog contains all others. There are no dates.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from pydantic import BaseModel

from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.markup import read_plain
from builder.dialogs.reader_context import ReaderContext
from builder.dialogs.reddit_posts import is_too_long, validated
from builder.dialogs.thread import UNDATED, Post, Thread
from builder.records import TurnRole
from builder.text_files.json_text import read_json_lines

_ESCAPED = re.compile(r"%[0-9A-F]{2}")  # "What About Bob%3F (1991)"


class _Row(BaseModel):
    dialog_id: str
    context: list[str]
    resp: str
    is_user: Literal[0, 1]

    @property
    def utterances(self) -> list[str]:
        return [*self.context, self.resp]

    def role(self, turn: int) -> TurnRole:
        """Return who is speaking: the speakers alternate, and the responder is known."""
        by_responder = (len(self.context) - turn) % 2 == 0
        return "recommender" if by_responder == (self.is_user == 0) else "seeker"


def read_turns(path: Path, spec: DialogSource, context: ReaderContext) -> Iterator[Thread]:
    """Yield each dialog once, in the order of first rows; a row that contradicts it is rejected."""
    rows_by_dialog: dict[str, list[tuple[str, _Row]]] = defaultdict(list)
    reject = context.reject
    for place, raw in read_json_lines(path, reject):
        row = validated(_Row, raw, place, reject)
        if row is not None and not is_too_long(max(row.utterances, key=len), place, reject):
            rows_by_dialog[row.dialog_id].append((place, row))
    for rows in rows_by_dialog.values():
        place, whole = max(rows, key=lambda placed: len(placed[1].context))
        for other_place, row in rows:
            if not _is_beginning(row, whole):
                reject(other_place, "contradicting turn", f"differs from {place}")
        if posts := _posts(whole, place):
            yield Thread(spec, whole.dialog_id, "", True, False, posts)
        else:
            reject(place, "empty dialog", "no turn holds text")


def _is_beginning(row: _Row, whole: _Row) -> bool:
    turn = len(row.context)
    return row.utterances == whole.utterances[: turn + 1] and row.role(turn) == whole.role(turn)


def _posts(whole: _Row, place: str) -> tuple[Post, ...]:
    posts: list[Post] = []
    for turn, utterance in enumerate(whole.utterances):
        text = read_plain(_ESCAPED.sub(lambda m: unquote(m[0]), utterance))
        if not text.text:
            continue  # the format opens with an empty turn
        role = whole.role(turn)
        post_id, author = f"{whole.dialog_id}.{turn}", f"{whole.dialog_id} {role}"
        before = posts[-1].post_id if posts else None
        posts.append(Post(place, post_id, before, author, role, text, UNDATED, None))
    return tuple(posts)
