"""Text from anywhere, read in one way: regular files in UTF-8, a byte order mark passed over."""

from __future__ import annotations

import os
import stat
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import BinaryIO

from builder.errors import InputError

CHECK_PATH = "check the path in params.yaml or dvc.yaml"


def open_file(path: Path, *, fix: str = CHECK_PATH) -> BinaryIO:
    """Return a regular file open for reading; pipes and devices could keep a reader for ever.

    Args:
        path: The file.
        fix: What to do where there is none.

    Raises:
        InputError: If it is missing, a folder or no regular file, or cannot be read.
    """
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise InputError(path, "is a folder, not a file", fix)
        if not stat.S_ISREG(mode):
            raise InputError(path, "is not a regular file", "save its content as a file")
        return path.open("rb")
    except FileNotFoundError as exc:
        raise InputError(path, "no such file", fix) from exc
    except OSError as exc:
        raise InputError(path, f"cannot be read ({exc.strerror})", fix) from exc


def read_text(path: Path, *, fix: str = CHECK_PATH) -> str:
    """Return the text of a file in UTF-8, without a byte order mark.

    Raises:
        InputError: As `open_file`, and if it is not UTF-8.
    """
    with open_file(path, fix=fix) as handle:
        data = handle.read()
    refuse_utf16(path, data)
    try:
        return data.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise InputError(f"{path}:{line}", "not UTF-8", "save the file as UTF-8") from exc


def refuse_utf16(path: Path, start: bytes) -> None:
    """Raise an InputError if a file that starts so says that it is UTF-16."""
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise InputError(path, "is UTF-16", "save the file as UTF-8")
