"""Reddit threads in the layout of the Pushshift dumps.

A submission:
    {"id": "rt01s5", "subreddit": "moviesuggestions", "author": "a_name", "title": "Films like Up?",
     "selftext": "...", "created_utc": 1641142629, "score": 212, "over_18": false}
A comment:
    {"id": "hq03xd8", "link_id": "t3_rt01s5", "parent_id": "t3_rt01s5", "author": "another_name",
     "body": "*My Neighbor Totoro (1988)*", "created_utc": 1641150865, "score": 148}
Whoever asked is the seeker, also further down; everybody else recommends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from builder.dialogs.dumps import dump_files, read_dump
from builder.dialogs.markup import read_markdown, read_plain
from builder.dialogs.thread import Post, Thread
from builder.sources import Reject, SourceSpec

WITHHELD = ("[deleted]", "[removed]")
"""What the dumps hold in place of a body or a name that is gone."""


class _Row(BaseModel):
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+$")]
    author: str
    created_utc: Annotated[int, Field(gt=0)]  # some months of the dumps write it as a string
    score: int


class _Submission(_Row):
    subreddit: str
    title: str
    selftext: str
    over_18: bool


class _Comment(_Row):
    link_id: Annotated[str, Field(pattern=r"^t3_[a-z0-9]+$")]
    parent_id: Annotated[str, Field(pattern=r"^t[13]_[a-z0-9]+$")]
    body: str


_AnyRow = TypeVar("_AnyRow", bound=_Row)
_Placed = tuple[str, _AnyRow]


def read_reddit(path: Path, spec: SourceSpec, reject: Reject) -> Iterator[Thread]:
    """Yield the threads of a dump file or folder in the order of their submissions.

    Rejected are rows that lack a field or hold an id seen before, and comments whose submission
    or parent never comes or whose replies run in a circle.
    """
    submissions: dict[str, _Placed[_Submission]] = {}
    comments: dict[str, dict[str, _Placed[_Comment]]] = defaultdict(dict)
    for file in dump_files(path):
        for place, raw in read_dump(file, reject):
            if "link_id" in raw or "body" in raw:
                comment = _validated(_Comment, raw, place, reject)
                if comment is not None:
                    _keep(comments[comment.link_id], f"t1_{comment.id}", place, comment, reject)
            elif (submission := _validated(_Submission, raw, place, reject)) is not None:
                _keep(submissions, f"t3_{submission.id}", place, submission, reject)
    for link_id, orphans in comments.items():
        if link_id not in submissions:
            for place, comment in orphans.values():
                reject(place, "reply: submission missing", f"{comment.link_id} is in no file")
    for thread_id, placed in submissions.items():
        yield _thread(spec, thread_id, placed, comments.get(thread_id, {}), reject)


def _validated(
    kind: type[_AnyRow], raw: dict[str, Any], place: str, reject: Reject
) -> _AnyRow | None:
    try:
        return kind.model_validate(raw)
    except ValidationError as exc:
        error = exc.errors(include_input=False)[0]
        field = ".".join(map(str, error["loc"]))
        reason = "missing field" if error["type"] == "missing" else "bad field"
        reject(place, reason, f"{field}: {error['msg']}")
        return None


def _keep(
    found: dict[str, _Placed[_AnyRow]], post_id: str, place: str, row: _AnyRow, reject: Reject
) -> None:
    if post_id in found:
        reject(place, "duplicate id", f"{post_id} stands at {found[post_id][0]} already")
    else:
        found[post_id] = (place, row)


def _thread(
    spec: SourceSpec,
    thread_id: str,
    placed: _Placed[_Submission],
    comments: Mapping[str, _Placed[_Comment]],
    reject: Reject,
) -> Thread:
    first = _request(thread_id, *placed)
    replies = [
        Post(
            place=comments[post_id][0],
            post_id=post_id,
            reply_to=row.parent_id,
            author=_name(row.author),
            role="seeker" if first.author == row.author else "recommender",
            text=read_markdown(row.body),
            created_utc=row.created_utc,
            score=row.score,
        )
        for post_id, row in _in_order(thread_id, comments, reject)
    ]
    asked = placed[1]
    return Thread(spec, thread_id, asked.subreddit, False, asked.over_18, (first, *replies))


def _request(thread_id: str, place: str, asked: _Submission) -> Post:
    if asked.selftext.strip() in WITHHELD:
        text = read_plain(asked.selftext)
    else:
        text, body = read_plain(asked.title), read_markdown(asked.selftext)
        text = text.joined(body, "\n\n") if body.text else text
    author, time = _name(asked.author), asked.created_utc
    return Post(place, thread_id, None, author, "seeker", text, time, asked.score)


def _name(author: str) -> str | None:
    return None if author in WITHHELD else author


def _in_order(
    root: str, comments: Mapping[str, _Placed[_Comment]], reject: Reject
) -> Sequence[tuple[str, _Comment]]:
    """Return the comments that hang together with the root, by time and after their parents."""
    reached: dict[str, tuple[int, int, str]] = {root: (0, 0, root)}
    for post_id, (place, _) in comments.items():
        path = _path_up(post_id, reached, comments)
        top = comments[path[-1]][1].parent_id
        if top in reached:
            for below in reversed(path):
                row = comments[below][1]
                time, depth, _ = reached[row.parent_id]
                reached[below] = (max(time, row.created_utc), depth + 1, below)
        elif top in comments:
            reject(place, "reply: circular", f"the parents of {post_id} lead back to {top}")
        else:
            reject(place, "reply: parent missing", f"{top}, above {post_id}, is in no file")
    del reached[root]
    return [(post_id, comments[post_id][1]) for _, _, post_id in sorted(reached.values())]


def _path_up(
    post_id: str, reached: Mapping[str, object], comments: Mapping[str, _Placed[_Comment]]
) -> list[str]:
    """Return the comment and its parents, up to the one whose parent is reached, gone or seen."""
    path = [post_id]
    while (parent := comments[path[-1]][1].parent_id) in comments:
        if parent in reached or parent in path:
            break
        path.append(parent)
    return path
