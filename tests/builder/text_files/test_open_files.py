from __future__ import annotations

import os
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.text_files.open_files import open_file, read_text


def test_a_text_is_read_without_its_mark(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfAm\xc3\xa9lie\r\n")
    assert read_text(tmp_path / "a") == "Amélie\r\n"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "a: no such file; put it there"),
        (lambda path: path.mkdir(), "a: cannot be read (Is a directory); name a file"),
        (os.mkfifo, "a: is not a regular file; save its content as a file"),
        (
            lambda path: path.symlink_to("a"),
            "a: cannot be read (Too many levels",
        ),
        (lambda path: path.symlink_to("/dev/zero"), "a: is not a regular file"),
        (lambda path: path.write_bytes(b"fine\nb\xffd"), "a:2: not UTF-8; save the file as UTF-8"),
        (lambda path: path.write_bytes(b"\xff\xfea\0"), "a: is UTF-16; save the file as UTF-8"),
    ],
    ids=["missing", "folder", "pipe", "loop", "device", "bytes", "utf-16"],
)
def test_what_is_no_text_file_is_one_line(tmp_path: Path, make: object, message: str) -> None:
    make(tmp_path / "a")  # type: ignore[operator]
    with pytest.raises(InputError) as caught:
        read_text(tmp_path / "a", fix="put it there")
    assert str(caught.value).startswith(f"{tmp_path}/{message}")


def test_a_file_is_open_in_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff")
    with open_file(tmp_path / "a") as handle:
        assert handle.read() == b"\xff"
