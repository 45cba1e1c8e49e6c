"""Lines of text files: a bad one costs itself."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
import zstandard

from builder.errors import InputError
from builder.sources import Reject
from builder.text_files.lines import byte_lines, read_lines

Rejected = list[tuple[str, str, str]]


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["no line end", "line end"])
def test_bad_bytes_cost_one_line(
    tmp_path: Path, reject: Reject, rejected: Rejected, end: bytes
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"one\r\nb\xffd\n\nAm\xc3\xa9lie" + end)
    assert list(read_lines(path, reject)) == [(1, "one"), (3, ""), (4, "Amélie")]
    assert rejected == [(f"{path}:2", "not UTF-8", "byte 2 of the line, line from byte 5")]


def test_a_folder_in_place_of_a_file_ends_the_run(tmp_path: Path, reject: Reject) -> None:
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\)"):
        list(read_lines(tmp_path, reject))


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path, reject: Reject) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbfone\n\xef\xbb\xbftwo\n")
    assert list(read_lines(path, reject)) == [(1, "one"), (2, "\ufefftwo")]


def test_offsets_are_those_of_the_content(tmp_path: Path, reject: Reject) -> None:
    path = tmp_path / "a.zst"
    path.write_bytes(zstandard.ZstdCompressor().compress(b"\xef\xbb\xbfone\r\ntwo\nthree"))
    assert list(byte_lines(path, reject)) == [(1, 0, b"one"), (2, 8, b"two"), (3, 12, b"three")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(tmp_path: Path, reject: Reject, encoding: str) -> None:
    (tmp_path / "a.jsonl").write_bytes("\ufeffone\n".encode(encoding))
    with pytest.raises(InputError, match=r"a\.jsonl: is UTF-16; save the file as UTF-8"):
        list(read_lines(tmp_path / "a.jsonl", reject))


def test_fifo_in_place_of_a_file_ends_the_run(tmp_path: Path, reject: Reject) -> None:
    os.mkfifo(tmp_path / "f.jsonl")
    with pytest.raises(InputError, match=r"f\.jsonl: is not a regular file"):
        list(read_lines(tmp_path / "f.jsonl", reject))


def test_a_link_to_itself_ends_the_run(tmp_path: Path, reject: Reject) -> None:
    (tmp_path / "a.jsonl").symlink_to("a.jsonl")
    with pytest.raises(InputError, match=r"a\.jsonl: cannot be read \(Too many levels"):
        list(read_lines(tmp_path / "a.jsonl", reject))


def test_gzip_is_read_and_a_cut_is_told(tmp_path: Path, reject: Reject, rejected: Rejected) -> None:
    path, content = tmp_path / "a.jsonl.gz", b"one\ntwo\n" + os.urandom(100_000).hex().encode()
    path.write_bytes(gzip.compress(content, mtime=0))
    assert [line for _, line in read_lines(path, reject)][:2] == ["one", "two"]
    assert rejected == []
    path.write_bytes(gzip.compress(content, mtime=0)[:-50_000])
    assert [line for _, line in read_lines(path, reject)] == ["one", "two"]
    assert [reason for _, reason, _ in rejected] == ["line cut off", "damaged compression"]
