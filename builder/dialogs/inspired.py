"""INSPIRED: tab-separated, one utterance a row; the file's quotes are written QUOTATION_MARK.

    dialog_id                     utt_id  speaker      turn_id  text
    20191202-103716_425_live.pkl  1       RECOMMENDER  1        Hello how are you today?

A speaker's utterances in a row become one turn. The dialog's id begins with when it was held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from builder.dialogs.markup import read_plain
from builder.dialogs.thread import UNDATED, Post, Thread
from builder.records import TurnRole
from builder.sources import Reject, SourceSpec, read_csv

_COLUMNS = ("dialog_id", "utt_id", "speaker", "text")
_ROLES: dict[str, TurnRole] = {"SEEKER": "seeker", "RECOMMENDER": "recommender"}
_HELD = re.compile(r"(\d{8}-\d{6})_")
_LOST_APOSTROPHE = re.compile(r"(?<=\w)\ufffd+(?=\w)")  # the file itself holds what was lost
_LOST_SIGNS = re.compile(r"\ufffd+")
_Utterance = tuple[str, dict[str, str]]


def read_inspired(path: Path, spec: SourceSpec, reject: Reject) -> Iterator[Thread]:
    """Yield the dialogs in the file's order; an utterance by an unknown speaker is rejected."""
    rows = read_csv(path, _COLUMNS, reject, delimiter="\t")
    known = (placed for placed in rows if _has_role(*placed, reject))
    for dialog_id, utterances in groupby(known, key=lambda placed: placed[1]["dialog_id"]):
        yield _thread(spec, dialog_id, list(utterances))


def _has_role(place: str, row: dict[str, str], reject: Reject) -> bool:
    if row["speaker"] in _ROLES:
        return True
    reject(place, "unknown speaker", f"{row['speaker']!r}, expected {' or '.join(_ROLES)}")
    return False


def _thread(spec: SourceSpec, dialog_id: str, utterances: list[_Utterance]) -> Thread:
    held, posts = _held_utc(dialog_id), list[Post]()
    for speaker, said in groupby(utterances, key=lambda placed: placed[1]["speaker"]):
        parts = list(said)
        place, first = parts[0]
        words = " ".join(_mended(row["text"]) for _, row in parts)
        before = posts[-1].post_id if posts else None
        post_id, author = f"{dialog_id}.{first['utt_id']}", f"{dialog_id} {speaker}"
        role = _ROLES[speaker]
        posts.append(Post(place, post_id, before, author, role, read_plain(words), held, None))
    return Thread(spec, dialog_id, "", True, False, tuple(posts))


def _mended(text: str) -> str:
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
    return int(held.replace(tzinfo=UTC).timestamp())  # the collectors' time zone is not known
