"""JSON as programs write it: read where it can be, refused in one line where it cannot."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import InputError, refuse
from builder.sources import Reject
from builder.text_files.json_text import (
    MAX_DEPTH,
    JsonError,
    parse_json,
    read_json,
    read_json_lines,
)

Rejected = list[tuple[str, str, str]]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def deep(n: int) -> bytes:
    return b"[" * n + b"]" * n


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"a": NaN, "b": [-Infinity, Infinity]}', {"a": None, "b": [None, None]}),
        (rb'{"\ud83d": "x\ud83d", "b": "\ud83d\ude00"}', {"\ufffd": "x\ufffd", "b": "😀"}),
        (rb'["\\ud83d", "\udc00\ud800"]', ["\\ud83d", "\ufffd\ufffd"]),
        (b"\xef\xbb\xbf[1]", [1]),
        (b"[18446744073709551615, 18446744073709551616]", [2**64 - 1, 1.8446744073709552e19]),
        (b"[18446744073709551616, NaN, 2, 0.5]", [1.8446744073709552e19, None, 2, 0.5]),
        (rb'"\u0000"', "\0"),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (deep(MAX_DEPTH), json.loads(deep(MAX_DEPTH))),
        (b"[" + b"[]," * 500 + b"{}]", [[]] * 500 + [{}]),
    ],
    ids=[
        "constants",
        "half pair",
        "escaped",
        "mark",
        "large",
        "lenient",
        "nul",
        "twice",
        "deep",
        "wide",
    ],
)
def test_json_that_other_programs_write_is_read(data: bytes, value: Any) -> None:
    assert parse_json(data) == value


@pytest.mark.parametrize(
    ("data", "reason", "detail"),
    [
        (b"", "not JSON", "Input is a zero-length, empty document"),
        (b'{"a": ', "not JSON", "unexpected end of data"),
        (b'"b\xffd"', "not UTF-8", "byte 3 of the line"),
        (b'"a\0b"', "not JSON", "a NUL byte"),
        (b"[1e999]", "not JSON", "a number of 5 digits, too large"),
        (b"9" * 5_000, "not JSON", "a number of 5,000 digits, too large"),
        (deep(MAX_DEPTH + 1), "nested too deeply", f"more than {MAX_DEPTH} levels"),
        (deep(1_000_000), "nested too deeply", f"more than {MAX_DEPTH} levels"),
        (deep(500).replace(b"[]", b"[NaN]"), "nested too deeply", f"more than {MAX_DEPTH} levels"),
        (b"[" * 200_000, "nested too deeply", f"more than {MAX_DEPTH} levels"),
    ],
    ids=["empty", "cut", "bytes", "nul", "float", "int", "101", "a million", "lenient", "open"],
)
def test_what_is_no_json_says_why(data: bytes, reason: str, detail: str) -> None:
    with pytest.raises(JsonError) as caught:
        parse_json(data)
    assert (caught.value.reason, caught.value.detail) == (reason, detail)


@given(VALUES)
def test_what_python_writes_is_read(value: Any) -> None:
    def as_null(part: Any) -> Any:
        if isinstance(part, float):
            return part if math.isfinite(part) else None
        if isinstance(part, list):
            return [as_null(inner) for inner in part]
        return {k: as_null(v) for k, v in part.items()} if isinstance(part, dict) else part

    assert parse_json(json.dumps(value).encode()) == as_null(value)


@given(
    st.binary(max_size=40) | st.text(alphabet='[]{}",:0123eE.-\\ud8', max_size=40).map(str.encode)
)
def test_any_bytes_are_a_value_or_refused(data: bytes) -> None:
    try:
        value = parse_json(data)
    except JsonError:
        return
    json.dumps(value, allow_nan=False).encode()


def test_lines_that_are_no_objects_are_rejected_with_their_place(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n\n  \n[2]\n{"b": "\xff"}\n{"a": 3}\n{"a": ')
    assert list(read_json_lines(path, reject)) == [(f"{path}:1", {"a": 1}), (f"{path}:6", {"a": 3})]
    assert rejected == [
        (f"{path}:4", "not a JSON object", "found list, line from byte 17"),
        (f"{path}:5", "not UTF-8", "byte 8 of the line, line from byte 21"),
        (f"{path}:7", "not JSON", "unexpected end of data, line from byte 41"),
    ]


def test_files_in_which_nothing_may_be_left_out_end_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n5\n")
    with pytest.raises(InputError, match=r"a\.jsonl:2: not a JSON object \(found int, line"):
        list(read_json_lines(tmp_path / "a.jsonl", refuse))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{\n"a": 1,\n}', "a.json:3: not JSON ("),
        (b"[1,\n\xff]", "a.json:2: not UTF-8 ("),
        (deep(5_000), "a.json:1: nested too deeply (more than 100 levels)"),
        ("[1]".encode("utf-16"), "a.json: is UTF-16; save the file as UTF-8"),
    ],
    ids=["comma", "bytes", "deep", "utf-16"],
)
def test_a_document_that_is_none_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "a.json").write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_json(tmp_path / "a.json")
    assert str(caught.value).startswith(f"{tmp_path}/{message}")
