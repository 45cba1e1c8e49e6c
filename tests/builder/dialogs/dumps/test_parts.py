"""Dumps read in passes that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.dialogs.reader_context import ReaderContext, Scratch
from builder.dialogs.readers.reddit import read_reddit
from builder.sources import Reject
from builder.text_files import blocks
from tests.factories import make_dialog_source

Rejected = list[tuple[str, str, str]]


def framed(*contents: bytes, level: int = 3) -> bytes:
    return b"".join(zstandard.ZstdCompressor(level=level).compress(part) for part in contents)


GOOD = {
    "id": "a", "subreddit": "movies", "author": "ann", "title": "t", "selftext": "s",
    "created_utc": 1, "score": 1, "over_18": False,
}  # fmt: skip
COMMENT = {
    "id": "c", "subreddit": "movies", "author": "bo", "body": "b", "created_utc": 1, "score": 1,
    "link_id": "t3_a", "parent_id": "t3_a",
}  # fmt: skip
JSON_LINES = st.one_of(
    st.sampled_from([GOOD, COMMENT, {}, [], 5, {**COMMENT, "id": None}]).map(orjson.dumps),
    st.builds(
        lambda post_id, parent: orjson.dumps({**COMMENT, "id": post_id, "parent_id": parent}),
        st.sampled_from("bcdef"),
        st.sampled_from(["t3_a", "t1_b", "t1_c", "t1_d", "t1_zz"]),
    ),
    st.builds(lambda at: orjson.dumps(GOOD)[:at], st.integers(0, 60)),
    st.binary(max_size=20).map(lambda b: b.replace(b"\n", b"")),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.lists(JSON_LINES, max_size=10), st.booleans(), st.booleans())
def test_every_line_of_a_dump_is_kept_left_out_or_rejected(
    tmp_path: Path, rows: list[bytes], is_compressed: bool, is_selected: bool
) -> None:
    content = b"".join(row + b"\n" for row in rows)
    path = tmp_path / ("RS.zst" if is_compressed else "RS.ndjson")
    path.write_bytes(framed(content) if is_compressed else content)
    told: Rejected = []
    scratch = Scratch(tmp_path / "scratch", memory_mib=100, checkpoint_mib=1.0)
    reading = ReaderContext(lambda *rejection: told.append(rejection), scratch)
    communities = ["movies"] if is_selected else None
    select = {"communities": communities, "first_day": None, "last_day": None, "min_score": None}
    threads = list(read_reddit(path, make_dialog_source(select=select), reading))
    n_kept = sum(len(thread.posts) for thread in threads)
    assert n_kept + len(told) + sum(reading.left_out.values()) == len(rows)
    assert len({place for place, _, _ in told}) == len(told)


def a_dump(path: Path, n_lines: int) -> None:
    rows: list[dict[str, Any]] = [{**GOOD, "id": f"{n:x}", "title": f"t{n}"} for n in range(50)]
    for n in range(n_lines):
        link = f"t3_{n % 600:x}"  # of most, the thread never comes
        said = {"id": f"c{n:x}", "link_id": link, "parent_id": link, "body": f"{n} " * 30}
        rows.append({**COMMENT, **said})
    content = b"".join(orjson.dumps(row) + b"\n" for row in rows)
    path.write_bytes(framed(content[: len(content) // 2], content[len(content) // 2 :]))


CHILD = """
import sys
from pathlib import Path
from builder.text_files import blocks
from builder.dialogs.reader_context import Scratch
from builder.dialogs.dumps.parts import DumpParts
blocks.BLOCK_BYTES = 1 << 16
scratch = Scratch(Path(sys.argv[2]), memory_mib=100, checkpoint_mib=0.1)
DumpParts(Path(sys.argv[1]), 0, None, scratch).build()
"""


def test_a_killed_pass_goes_on_and_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1 << 16)
    path, killed = tmp_path / "RC.zst", tmp_path / "killed"
    a_dump(path, 40_000)
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path), str(killed)])
    while not list(killed.glob("*/000001.json")):
        assert child.poll() is None
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    child.wait()
    n_before = len(list(killed.glob("*/*.json")))
    found, told = [], []
    for folder in (killed, tmp_path / "whole"):
        rejected: Rejected = []
        reading = ReaderContext(
            lambda *rejection, to=rejected: to.append(rejection),  # type: ignore[misc]
            Scratch(folder, memory_mib=100, checkpoint_mib=0.1),
        )
        found.append(list(read_reddit(path, make_dialog_source(), reading)))
        told.append(rejected)
    assert found[0] == found[1]
    assert told[0] == told[1]
    assert len(told[0]) > 10_000
    marks = [sorted(p.name for p in f.glob("*/*.json")) for f in (killed, tmp_path / "whole")]
    assert 2 <= n_before < len(marks[0]) == len(marks[1])


def test_a_pass_that_is_done_is_not_done_again(tmp_path: Path, reject: Reject) -> None:
    path = tmp_path / "RC.zst"
    a_dump(path, 10)
    source = make_dialog_source()
    reading = ReaderContext(reject, Scratch(tmp_path / "s", memory_mib=100, checkpoint_mib=1.0))
    first = list(read_reddit(path, source, reading))
    state = path.stat()
    path.write_bytes(b"x" * state.st_size)  # not to be looked at again
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert list(read_reddit(path, source, reading)) == first
