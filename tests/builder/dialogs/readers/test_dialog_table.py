from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from builder.dialogs.dialog_source import Columns
from builder.dialogs.reader_context import ReaderContext
from builder.dialogs.readers.dialog_readers import read_source
from builder.dialogs.readers.dialog_table import read_table_threads
from builder.dialogs.thread import UNDATED, Thread
from builder.errors import InputError
from tests.factories import make_dialog_source
from tests.support.dump_rows import is_blank

Rejected = list[tuple[str, str, str]]
COLUMNS: dict[str, Any] = {
    "thread": "thread", "text": "text", "author": "user", "time": "when", "title": "title",
    "is_chat": False, "is_markdown": True,
}  # fmt: skip
POSTS = [
    {"thread": "7", "user": "ann", "title": "Like Up?", "text": "No *gore*", "when": "1641142629"},
    {"thread": "8", "user": "cy", "title": "Noir?", "text": "", "when": "2022-01-03T10:00:00Z"},
    {"thread": "7", "user": "bo", "title": "", "text": "**Totoro**", "when": "2022-01-03 10:00:01"},
    {"thread": "7", "user": "ann", "title": "", "text": "ta", "when": ""},
]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    match path.suffix:
        case ".csv" | ".tsv":
            with path.open("w", newline="") as handle:
                delimiter = "," if path.suffix == ".csv" else "\t"
                table = csv.DictWriter(handle, list(rows[0]), delimiter=delimiter)
                table.writeheader()
                table.writerows(rows)
        case ".jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        case _:
            pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def name_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def said(thread: Thread) -> list[tuple[str, str | None, str, str | None, str, int]]:
    return [
        (p.post_id, p.reply_to, p.role, p.author, p.text.text, p.created_utc) for p in thread.posts
    ]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.parquet"])
def test_posts_of_a_table_become_threads(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected, name: str
) -> None:
    path = write(tmp_path / name, POSTS)
    one, two = read_table_threads(path, make_dialog_source(columns=COLUMNS), reading)
    assert said(one) == [
        (f"7.{name_of('No *gore*')}", None, "seeker", "ann", "Like Up?\n\nNo gore", 1_641_142_629),
        (
            f"7.{name_of('**Totoro**')}",
            f"7.{name_of('No *gore*')}",
            "recommender",
            "bo",
            "Totoro",
            1_641_204_001,
        ),
        (f"7.{name_of('ta')}", f"7.{name_of('No *gore*')}", "seeker", "ann", "ta", UNDATED),
    ]
    assert said(two) == [(f"8.{name_of('')}", None, "seeker", "cy", "Noir?", 1_641_204_000)]
    assert (one.is_chat, one.posts[1].text.spans[0].kind) == (False, "emphasis")
    assert rejected == []


def test_messages_of_a_row_become_a_chat(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected
) -> None:
    talk = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Like Up?"},
        {"role": "assistant", "content": "*Totoro*"},
        {"role": "robot", "content": "beep"},
        "odd",
    ]
    path = write(tmp_path / "a.jsonl", [{"id": 5, "talk": talk}, {"id": 6, "talk": "none"}])
    columns = {"thread": "id", "messages": "talk", "is_chat": True, "is_markdown": False}
    roles = {"user": "seeker", "assistant": "recommender"}
    [chat] = read_table_threads(
        path, make_dialog_source(columns={**columns, "roles": roles}), reading
    )
    assert said(chat) == [
        (f"5.{name_of('Like Up?')}", None, "seeker", "5 seeker", "Like Up?", UNDATED),
        (
            f"5.{name_of('*Totoro*')}",
            f"5.{name_of('Like Up?')}",
            "recommender",
            "5 recommender",
            "*Totoro*",
            UNDATED,
        ),
    ]
    assert [(place, reason) for place, reason, _ in rejected] == [
        (f"{path}:1/3", "unknown role"),
        (f"{path}:1/4", "missing field"),
        (f"{path}:2", "bad field"),
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": None}, "missing field"),
        ({"text": 5}, "bad field"),
        ({"text": "x" * 1_000_000}, "post too long"),
        ({"when": "yesterday"}, "bad time"),
        ({"when": 1_641_142_629_000}, "bad time"),
        ({"when": -5}, "bad time"),
        ({"when": float("1e300")}, "bad time"),
        ({"thread": None}, "missing field"),
    ],
    ids=str,
)
def test_a_row_that_cannot_be_used_is_rejected(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected,
    change: dict[str, Any], reason: str,
) -> None:  # fmt: skip
    path = write(tmp_path / "a.jsonl", [POSTS[0], {**POSTS[2], **change}])
    [thread] = read_table_threads(path, make_dialog_source(columns=COLUMNS), reading)
    assert len(thread.posts) == 1
    assert [(place, why) for place, why, _ in rejected] == [(f"{path}:2", reason)]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.csv", b"thread,user\n1,2\n", "has no column 'text'"),
        ("a.csv", b"", "is empty; its first line must name the columns"),
        ("a.csv", "thread,user,text\n".encode("utf-16"), "is UTF-16"),
        ("a.xml", b"<a/>", "is not a table; expected a file ending in .csv, .tsv"),
        ("a.parquet", b"PAR", "is not a readable Parquet file"),
    ],
)
def test_a_file_that_cannot_be_used_ends_the_run(
    tmp_path: Path, reading: ReaderContext, name: str, content: bytes, found: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=found):
        list(read_table_threads(tmp_path / name, make_dialog_source(columns=COLUMNS), reading))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": None}, "name either the column of messages or that of text"),
        ({"messages": "m"}, "name either the column of messages or that of text"),
        ({"author": None}, "name the column of roles or that of authors"),
        ({"role": "r"}, "roles must say which word means seeker"),
        ({"is_chat": None}, "should be a valid boolean"),
        ({"colour": "c"}, "Extra inputs are not permitted"),
    ],
)
def test_columns_that_say_too_little_are_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Columns.model_validate({**COLUMNS, **change})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.binary(max_size=25).map(lambda b: b.replace(b"\n", b"")), max_size=8))
def test_every_line_of_a_table_is_kept_or_rejected(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected, junk: list[bytes]
) -> None:
    rejected.clear()
    good = [json.dumps(row).encode() for row in POSTS]
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join([good[0], *junk, *good[1:]]) + b"\n")
    threads = list(read_table_threads(path, make_dialog_source(columns=COLUMNS), reading))
    n_blank = sum(is_blank(line) for line in junk)
    assert sum(len(t.posts) for t in threads) == len(POSTS)
    assert len(rejected) == len(junk) - n_blank


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"reader": "table"}, "has no `columns`"),
        ({"reader": "redial", "columns": COLUMNS}, "has `columns`"),
        ({"reader": "redial", "split": "train"}, "has `split`"),
        (
            {"reader": "table", "columns": COLUMNS, "select": {
                "communities": None, "first_day": None, "last_day": None, "min_score": None,
            }},
            "has `select`",
        ),
    ],
    ids=["no columns", "columns", "split", "select"],
)  # fmt: skip
def test_settings_of_another_reader_are_refused(
    tmp_path: Path, reading: ReaderContext, settings: dict[str, Any], found: str
) -> None:
    with pytest.raises(InputError, match=found):
        list(read_source(tmp_path, make_dialog_source(**settings), reading))


def test_hf_null_struct(tmp_path: Path, reading: ReaderContext, rejected: Rejected) -> None:
    openai = {"role": "user", "content": "Films like Up?", "from": None, "value": None}
    sharegpt = {"role": None, "content": None, "from": "human", "value": "Films like Coco?"}
    rows = [{"id": "a", "talk": [openai]}, {"id": "b", "talk": [sharegpt]}]
    columns = {"thread": "id", "messages": "talk", "is_chat": True, "is_markdown": False}
    roles = {"user": "seeker", "human": "seeker"}
    spec = make_dialog_source(reader="table", columns={**columns, "roles": roles})
    threads = read_table_threads(write(tmp_path / "c.parquet", rows), spec, reading)
    texts = [(post.role, post.text.text) for thread in threads for post in thread.posts]
    assert texts == [("seeker", "Films like Up?"), ("seeker", "Films like Coco?")]
    assert rejected == []


def test_a_post_is_named_by_its_column_or_its_words_and_what_is_said_twice_differs(
    tmp_path: Path, reading: ReaderContext
) -> None:
    rows = [{"thread": "a thread", "user": "ann", "text": text} for text in ("Up?", "ok", "ok")]
    columns = {**COLUMNS, "time": None, "title": None}
    spec = make_dialog_source(reader="table", columns=columns)
    [thread] = read_table_threads(write(tmp_path / "a.csv", rows), spec, reading)
    name = name_of("ok")
    assert [post.post_id for post in thread.posts[1:]] == [
        f"a thread.{name}",
        f"a thread.{name}-2",
    ]
    named = [{**row, "id": f"{n}.x"} for n, row in enumerate(rows)]
    spec = make_dialog_source(reader="table", columns={**columns, "post": "id"})
    [thread] = read_table_threads(write(tmp_path / "b.csv", named), spec, reading)
    assert [post.post_id for post in thread.posts] == [
        "a thread.0.x",
        "a thread.1.x",
        "a thread.2.x",
    ]
