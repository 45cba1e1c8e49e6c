"""Which lines of a dump are read as JSON at all."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.dialogs.dumps.prefilter import Prefilter
from builder.sources import Reject
from builder.text_files.blocks import START, read_blocks

COMMUNITIES = ["MovieSuggestions", "u_a-b"]


def taken(path: Path, reject: Reject, content: bytes) -> tuple[list[int], Counter[str]]:
    path.write_bytes(content)
    prefilter, left_out = Prefilter(COMMUNITIES), Counter[str]()
    numbers = [
        number
        for block in read_blocks(path, START, reject)
        for number, _, _ in prefilter.lines(block, left_out)
    ]
    return numbers, left_out


@pytest.mark.parametrize(
    ("line", "is_taken"),
    [
        ('{"subreddit":"MovieSuggestions"}', True),
        ('{"subreddit": "moviesuggestions"}', True),
        ('{"subreddit" :\t"MOVIESUGGESTIONS"}', True),
        ('{"subreddit":"U_A-B"}', True),
        ('{"crosspost_parent_list":[{"subreddit":"u_a-b"}],"subreddit":"funny"}', True),
        ('{"subreddit":"funny","id":"a"}', False),
        ('{"subreddit":"MovieSuggestions_2"}', False),
        ('{"subreddit":"MovieSuggestion"}', False),
        ('{"subreddit":"movies"}', False),
        ('{"title":"MovieSuggestions","subreddit":"funny"}', False),
        ('{"body":"\\"subreddit\\":\\"MovieSuggestions\\"","subreddit":"funny"}', False),
        ('{"subreddit_id":"MovieSuggestions","subreddit":null}', False),
        ('{"subreddit":"funny","cut":', True),
        ("no object", True),
        ('"subreddit"', True),
    ],
)
def test_a_line_is_read_that_names_a_community_or_looks_odd(
    tmp_path: Path, reject: Reject, line: str, is_taken: bool
) -> None:
    numbers, left_out = taken(tmp_path / "RC.ndjson", reject, f"{line}\n{{}}\n{line}".encode())
    assert numbers == ([1, 3] if is_taken else [])
    assert left_out == {"other community": 1 if is_taken else 3}


@pytest.mark.parametrize("content", [b"\n", b"\r\n", b""], ids=["line end", "return", "nothing"])
def test_a_file_of_a_blank_line_holds_nothing(
    tmp_path: Path, reject: Reject, content: bytes
) -> None:
    numbers, left_out = taken(tmp_path / "RC.ndjson", reject, content)
    assert (numbers, left_out["blank line"]) == ([], len(content) > 0)


NAMES = st.sampled_from(["MovieSuggestions", "moviesuggestionS", "u_a-b", "movies", "u_a-b2", ""])
ROWS = st.fixed_dictionaries(
    {"subreddit": NAMES | st.none() | st.integers(), "body": st.text(max_size=8)},
    optional={"inner": st.fixed_dictionaries({"subreddit": NAMES}), "subreddit_type": NAMES},
)


def names_one(row: dict[str, Any]) -> bool:
    wanted = {name.lower() for name in COMMUNITIES}
    said = (row["subreddit"], row.get("inner", {}).get("subreddit"))
    return any(isinstance(name, str) and name.lower() in wanted for name in said)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(
    rows=st.lists(ROWS, min_size=1, max_size=6),
    separators=st.sampled_from([(",", ":"), (", ", ": "), (" ,", " :\t")]),
    end=st.sampled_from([b"\n", b"\r\n", b""]),
)
def test_what_is_taken_is_what_the_parsed_rows_say(
    tmp_path: Path,
    reject: Reject,
    rows: list[dict[str, Any]],
    separators: tuple[str, str],
    end: bytes,
) -> None:
    lines = [json.dumps(row, separators=separators).encode() for row in rows]
    numbers, _ = taken(tmp_path / "RC.ndjson", reject, (end or b"\n").join(lines) + end)
    assert numbers == [n for n, row in enumerate(rows, start=1) if names_one(row)]
