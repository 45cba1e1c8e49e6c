"""INSPIRED: tab-separated, one utterance per row; quotes are written as QUOTATION_MARK.

    dialog_id                     utt_id  speaker      turn_id  text
    20191202-103716_425_live.pkl  1       RECOMMENDER  1        Hello how are you today?

Consecutive utterances of one speaker become one turn. A dialog's id begins with its date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.markup import read_plain
from builder.dialogs.reader_context import ReaderContext
from builder.dialogs.reddit_posts import is_too_long
from builder.dialogs.thread import UNDATED, Post, Thread
from builder.errors import InputError
from builder.records import TurnRole
from builder.sources import Reject
from builder.text_files.lines import read_lines

_COLUMNS = ("dialog_id", "utt_id", "speaker", "text")
_ROLES: dict[str, TurnRole] = {"SEEKER": "seeker", "RECOMMENDER": "recommender"}
_HELD = re.compile(r"(\d{8}-\d{6})_")
_LOST_APOSTROPHE = re.compile(r"(?<=\w)\ufffd+(?=\w)")  # the published file has these
_LOST_SIGNS = re.compile(r"\ufffd+")
_Utterance = tuple[str, dict[str, str]]


def read_inspired(path: Path, spec: DialogSource, context: ReaderContext) -> Iterator[Thread]:
    """Yield the dialogs in the file's order.

    Rows with another number of cells than the header, and utterances by an unknown speaker, are
    rejected.

    Raises:
        InputError: If the header lacks a column.
    """
    utterances = _utterances(path, context.reject)
    for dialog_id, group in groupby(utterances, key=lambda placed: placed[1]["dialog_id"]):
        yield _thread(spec, dialog_id, list(group))


def _utterances(path: Path, reject: Reject) -> Iterator[_Utterance]:
    lines = read_lines(path, reject)  # cells are not quoted: a quote is part of the text
    header = next(lines, (0, ""))[1].split("\t")
    for name in _COLUMNS:
        if name not in header:
            raise InputError(path, f"has no column {name!r}", f"expected {', '.join(_COLUMNS)}")
    for number, line in lines:
        place, cells = f"{path}:{number}", line.split("\t")
        if not line:
            continue
        if len(cells) != len(header):
            reject(place, "wrong number of cells", f"{len(cells)}, expected {len(header)}")
            continue
        row = dict(zip(header, cells, strict=True))
        if row["speaker"] not in _ROLES:
            reject(place, "unknown speaker", f"expected {' or '.join(_ROLES)}")
        elif not is_too_long(row["text"], place, reject):
            yield place, row


def _thread(spec: DialogSource, dialog_id: str, utterances: list[_Utterance]) -> Thread:
    held, posts = _held_utc(dialog_id), list[Post]()
    for speaker, group in groupby(utterances, key=lambda placed: placed[1]["speaker"]):
        parts = list(group)
        place, first = parts[0]
        words = " ".join(_fixed(row["text"]) for _, row in parts)
        before = posts[-1].post_id if posts else None
        post_id, author = f"{dialog_id}.{first['utt_id']}", f"{dialog_id} {speaker}"
        role = _ROLES[speaker]
        posts.append(Post(place, post_id, before, author, role, read_plain(words), held, None))
    return Thread(spec, dialog_id, "", True, False, tuple(posts))


def _fixed(text: str) -> str:
    quoted = text.replace("QUOTATION_MARK", '"')
    return _LOST_SIGNS.sub("", _LOST_APOSTROPHE.sub("'", quoted))


def _held_utc(dialog_id: str) -> int:
    match = _HELD.match(dialog_id)
    if match is None:
        return UNDATED
    try:
        held = datetime.strptime(match[1], "%Y%m%d-%H%M%S")
    except ValueError:
        return UNDATED
    return int(held.replace(tzinfo=UTC).timestamp())  # the time zone is unknown
