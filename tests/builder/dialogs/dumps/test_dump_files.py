"""Doors to dumps: what is damaged is told, counted, and passed over."""

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

from builder.dialogs.dumps import blocks
from builder.dialogs.dumps.blocks import START, read_blocks
from builder.dialogs.dumps.dump_files import read_good_lines
from builder.dialogs.reader_context import ReaderContext, Scratch
from builder.dialogs.readers.reddit import read_reddit
from builder.errors import InputError
from builder.sources import Reject
from tests.factories import make_dialog_source

Rejected = list[tuple[str, str, str]]


def framed(*contents: bytes, level: int = 3) -> bytes:
    return b"".join(zstandard.ZstdCompressor(level=level).compress(part) for part in contents)


def noise(n_bytes: int) -> bytes:
    return os.urandom(n_bytes // 2).hex().encode()


def read(path: Path, reject: Reject) -> bytes:
    return b"".join(block.data for block in read_blocks(path, START, reject))


def test_a_frame_that_ends_early_gives_what_it_holds_and_its_cut_line_is_told(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    lines = b"".join(b'{"n": "%b"}\n' % noise(2_000) for _ in range(400))
    path = tmp_path / "RC.zst"
    path.write_bytes(framed(lines)[:-100_000])
    found = read(path, reject)
    assert lines.startswith(found)
    assert len(found) > 400_000
    n_lines = found.count(b"\n")
    assert [(Path(place).name, reason) for place, reason, _ in rejected] == [
        (f"RC.zst:{n_lines + 1}", "line cut off"),
        (f"RC.zst:byte {path.stat().st_size}", "damaged compression"),
    ]
    assert rejected[0][2].endswith(f"from byte {len(found)} of the content")


def test_after_a_damaged_frame_the_next_one_is_read(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    first, second = framed(b"a\n" + noise(600_000) + b"\n"), framed(b"b\n")
    path = tmp_path / "RC.zst"
    middle = len(first) // 2  # block after block of ones: headers of a reserved type
    path.write_bytes(first[:middle] + b"\xff" * 70_000 + first[middle + 70_000 :] + second)
    assert read(path, reject).endswith(b"b\n")
    assert "damaged compression" in [reason for _, reason, _ in rejected]


def test_what_follows_a_frame_and_is_none_is_told(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    path = tmp_path / "RC.zst"
    path.write_bytes(framed(b"a\n") + b"garbage" + framed(b"b\n"))
    assert read(path, reject) == b"a\nb\n"
    assert [reason for _, reason, _ in rejected] == ["damaged compression"]


def test_a_file_that_is_not_zstd_ends_the_run(tmp_path: Path, reject: Reject) -> None:
    path = tmp_path / "RS.zst"
    path.write_bytes(b'{"id": "a"}\n')
    with pytest.raises(InputError, match="not zstd"):
        read(path, reject)


def test_a_line_of_many_megabytes_is_told_and_passed_over(
    tmp_path: Path, reject: Reject, rejected: Rejected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 1_000)
    monkeypatch.setattr(blocks, "MAX_LINE_BYTES", 100_000)
    path = tmp_path / "RC.ndjson"
    path.write_bytes(b"a\n" + b"x" * 400_000 + b"\nb\n")
    assert list(read_good_lines(path, reject)) == [(1, "a"), (3, "b")]
    [(place, reason, detail)] = rejected
    assert (Path(place).name, reason) == ("RC.ndjson:2", "line too long")
    assert detail == "more than 100,000 bytes, from byte 2 of the content"


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["no line end", "line end"])
def test_bad_bytes_cost_one_line(
    tmp_path: Path, reject: Reject, rejected: Rejected, end: bytes
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"one\r\nb\xffd\n\nAm\xc3\xa9lie" + end)
    assert list(read_good_lines(path, reject)) == [(1, "one"), (3, ""), (4, "Amélie")]
    assert rejected == [(f"{path}:2", "not UTF-8", "byte 2 of the line, line from byte 5")]


def test_a_folder_in_place_of_a_file_ends_the_run(tmp_path: Path, reject: Reject) -> None:
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\)"):
        list(read_good_lines(tmp_path, reject))


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path, reject: Reject) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbfone\n\xef\xbb\xbftwo\n")
    assert list(read_good_lines(path, reject)) == [(1, "one"), (2, "\ufefftwo")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    parts=st.lists(
        st.lists(st.binary(max_size=30).map(lambda b: b.replace(b"\n", b"")), max_size=5),
        min_size=1,
        max_size=4,
    ),
    start=st.integers(0, 12),
)
def test_reading_can_begin_again_at_every_block(
    tmp_path: Path, parts: list[list[bytes]], start: int
) -> None:
    path = tmp_path / "RC.zst"
    path.write_bytes(framed(*(b"".join(line + b"\n" for line in part) for part in parts)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_BYTES", 8)
        whole = list(read_blocks(path, START, forbidden))
        if whole:
            again = list(read_blocks(path, whole[start % len(whole)].after, forbidden))
            assert again == whole[start % len(whole) + 1 :]
    assert b"".join(b.data for b in whole) == b"".join(x + b"\n" for part in parts for x in part)


def forbidden(place: str, reason: str, detail: str) -> None:
    pytest.fail(f"{place}: {reason}, {detail}")


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


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None
)
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
from builder.dialogs.dumps import blocks
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
