"""Dumps in blocks: what is damaged is told, counted, and passed over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import InputError
from builder.sources import Reject
from builder.text_files import blocks
from builder.text_files.blocks import START, read_blocks
from builder.text_files.lines import read_lines

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
    assert list(read_lines(path, reject)) == [(1, "a"), (3, "b")]
    [(place, reason, detail)] = rejected
    assert (Path(place).name, reason) == ("RC.ndjson:2", "line too long")
    assert detail == "more than 100,000 bytes, from byte 2 of the content"


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
