"""Dialogs from a table of any layout (CSV, JSON Lines, Parquet) whose columns params.yaml names.

    thread,user,text,when
    17,ann,Films like Up?,2022-01-03T10:00:00Z
    17,bo,My Neighbor Totoro (1988),2022-01-03T11:30:00Z

A row is either a post, or a dialog with a list of messages {role, content}.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from builder.dialogs.dialog_source import Columns, DialogSource
from builder.dialogs.marked_text import MarkedText
from builder.dialogs.markup import read_markdown, read_plain
from builder.dialogs.reader_context import ReaderContext
from builder.dialogs.reddit_posts import MAX_CHARS, WITHHELD
from builder.dialogs.thread import UNDATED, Post, Thread
from builder.errors import InputError
from builder.parquet_rows import read_parquet_rows
from builder.records import TurnRole
from builder.sources import Reject
from builder.text_files.csv_rows import read_csv
from builder.text_files.json_text import read_json_lines

_Row = Mapping[str, Any]
_Placed = tuple[str, _Row]
_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_JSON_LINES = (".jsonl", ".ndjson", ".zst")
_NAME_HEX = 10
_LATEST_UTC = 1 << 35  # the year 3058: a larger number counts milliseconds


class _UnusableRowError(Exception):
    """A row that cannot be used: reason and detail."""


def read_table_threads(path: Path, spec: DialogSource, context: ReaderContext) -> Iterator[Thread]:
    """Yield the threads of a table file, in the order of their first rows.

    Raises:
        InputError: If the file's ending is unknown, or it lacks a column.
    """
    yield from threads_of_rows(_rows(path, context.reject), spec, context.reject, path)


def _rows(path: Path, reject: Reject) -> Iterator[_Placed]:
    if path.suffix in _DELIMITERS:
        return read_csv(path, (), reject, delimiter=_DELIMITERS[path.suffix])
    if path.suffix in _JSON_LINES:
        return read_json_lines(path, reject)
    if path.suffix == ".parquet":
        return read_parquet_rows(path)
    endings = ", ".join([*_DELIMITERS, *_JSON_LINES, ".parquet"])
    raise InputError(path, "is not a table", f"expected a file ending in {endings}")


def threads_of_rows(
    rows: Iterable[_Placed], spec: DialogSource, reject: Reject, path: Path
) -> Iterator[Thread]:
    """Yield the threads of (place, row) pairs, in the order of their first rows.

    Raises:
        InputError: If the source names no columns, or the first row lacks one.
    """
    columns = spec.columns
    if columns is None:
        raise InputError(
            f"source {spec.name}", "has no `columns`", "name them as in docs/dialogs.md"
        )
    if columns.messages is not None:
        for place, row in _with_columns(rows, columns, path):
            yield from _chat(place, row, spec, columns, reject)
        return
    rows_by_thread: dict[str, list[_Placed]] = defaultdict(list)
    for place, row in _with_columns(rows, columns, path):
        thread_id = row.get(columns.thread)
        if thread_id is None or str(thread_id) == "":
            reject(place, "missing field", columns.thread)
        else:
            rows_by_thread[str(thread_id)].append((place, row))
    for thread_id, placed in rows_by_thread.items():
        yield from _thread(thread_id, placed, spec, columns, reject)


def _with_columns(rows: Iterable[_Placed], columns: Columns, path: Path) -> Iterator[_Placed]:
    needed = (
        columns.thread,
        columns.messages,
        columns.text,
        columns.author,
        columns.role,
        columns.post,
    )
    for number, (place, row) in enumerate(rows):
        for name in (*needed, columns.time, columns.title):
            if number == 0 and name is not None and name not in row:
                raise InputError(path, f"has no column {name!r}", f"found {', '.join(row)}")
        yield place, row


def _chat(
    place: str, row: _Row, spec: DialogSource, columns: Columns, reject: Reject
) -> Iterator[Thread]:
    thread_id, messages = row.get(columns.thread), row.get(columns.messages or "")
    if thread_id is None or not isinstance(messages, list):
        reject(place, "bad field", f"{columns.thread} or {columns.messages}")
        return
    placed: list[_Placed] = []
    for number, message in enumerate(messages):
        fields = message if isinstance(message, dict) else {}
        role, text = _first_set(fields, "role", "from"), _first_set(fields, "content", "value")
        if role == "system":
            continue
        placed.append(
            (f"{place}/{number}", {"role": role, "text": text, "time": row.get(columns.time or "")})
        )
    if not placed:
        reject(place, "empty dialog", f"no message in {columns.messages}")
    inner = columns.model_copy(
        update={"messages": None, "text": "text", "role": "role", "author": None, "title": None}
        | {"time": "time" if columns.time else None}
    )
    yield from _thread(str(thread_id), placed, spec, inner, reject)


def _first_set(fields: Mapping[str, Any], *names: str) -> Any:
    """Return the first value that is not null: Arrow adds null for the keys of other rows."""
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def _thread(
    thread_id: str, placed: list[_Placed], spec: DialogSource, columns: Columns, reject: Reject
) -> Iterator[Thread]:
    posts: list[Post] = []
    times_used: Counter[str] = Counter()
    for place, row in placed:
        name = _post_name(row, columns)
        times_used[name] += 1
        repeat = f"-{times_used[name]}" if times_used[name] > 1 else ""
        try:
            posts.append(_post(thread_id, f"{name}{repeat}", place, row, posts, columns))
        except _UnusableRowError as exc:
            reject(place, *exc.args)
    if posts:
        yield Thread(spec, thread_id, "", columns.is_chat, False, tuple(posts))


def _post_name(row: _Row, columns: Columns) -> str:
    """Return a post's name within its thread: from its column or else from its words.

    The number of its row would be another post's once an earlier row is gone.
    """
    value = row.get(columns.post) if columns.post else None
    if value is not None and str(value) != "":
        return str(value)
    words = str(row.get(columns.text or ""))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_NAME_HEX]


def _post(
    thread_id: str, name: str, place: str, row: _Row, before: list[Post], columns: Columns
) -> Post:
    text = row.get(columns.text or "")
    if not isinstance(text, str):
        raise _UnusableRowError("missing field" if text is None else "bad field", str(columns.text))
    title = row.get(columns.title) if columns.title and not before else None
    if len(text) + len(str(title or "")) > MAX_CHARS:
        raise _UnusableRowError("post too long", f"{len(text):,} characters, at most {MAX_CHARS:,}")
    author = row.get(columns.author) if columns.author else None
    author = None if author in (None, "", *WITHHELD) else str(author)
    role = _role(row, author, before, columns)
    if author is None and columns.author is None:
        author = f"{thread_id} {role}"
    reply_to = None if not before else before[-1 if columns.is_chat else 0].post_id
    marked = _read(text, columns)
    if title:
        opening = read_plain(str(title))
        marked = opening.joined(marked, "\n\n") if marked.text else opening
    post_id = f"{thread_id}.{name}"
    return Post(place, post_id, reply_to, author, role, marked, _time(row, columns), None)


def _read(text: str, columns: Columns) -> MarkedText:
    return read_markdown(text) if columns.is_markdown else read_plain(text)


def _role(row: _Row, author: str | None, before: list[Post], columns: Columns) -> TurnRole:
    if columns.role is not None:
        word = row.get(columns.role)
        if not isinstance(word, str) or word not in columns.roles:
            raise _UnusableRowError(
                "unknown role", f"in {columns.role}, expected {', '.join(columns.roles)}"
            )
        return columns.roles[word]
    seeker = before[0].author if before else author
    return "seeker" if not before or (author is not None and author == seeker) else "recommender"


def _time(row: _Row, columns: Columns) -> int:
    value = row.get(columns.time) if columns.time else None
    if value is None or value == "":
        return UNDATED
    seconds = _seconds(value)
    if seconds is None or not 0 < seconds < _LATEST_UTC:
        raise _UnusableRowError(
            "bad time", f"in {columns.time}, expected seconds since 1970 or ISO 8601"
        )
    return seconds


def _seconds(value: Any) -> int | None:
    if isinstance(value, str):
        try:
            return int(float(value))
        except (ValueError, OverflowError):
            pass
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        dated = value if value.tzinfo else value.replace(tzinfo=UTC)
        return int(dated.timestamp())
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and abs(value) < _LATEST_UTC else None
