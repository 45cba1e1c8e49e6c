"""Opens regular files only, and reads whole ones in UTF-8."""

from __future__ import annotations

import os
import stat
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import BinaryIO

from builder.errors import InputError

CHECK_PATH = "check the path in params.yaml or dvc.yaml"


def refuse_special(path: Path) -> None:
    """Check that a path is no pipe or device, which could keep a reader for ever.

    Raises:
        InputError: If it is one, or cannot be looked at. A missing file is none.
    """
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return
    except OSError as exc:
        raise _unreadable(path, exc) from exc
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise InputError(path, "is not a regular file", "save its content as a file")


def open_file(path: Path, *, fix: str = CHECK_PATH) -> BinaryIO:
    """Return a regular file, open for reading.

    Args:
        path: The file.
        fix: What to do if there is none.

    Raises:
        InputError: If it is missing, a folder or no regular file, or cannot be read.
    """
    refuse_special(path)
    try:
        return path.open("rb")
    except FileNotFoundError as exc:
        raise InputError(path, "no such file", fix) from exc
    except OSError as exc:
        raise _unreadable(path, exc) from exc


def read_bytes(path: Path, *, fix: str = CHECK_PATH) -> bytes:
    """Return the content of a file, see `open_file`."""
    with open_file(path, fix=fix) as handle:
        try:
            return handle.read()
        except OSError as exc:
            raise _unreadable(path, exc) from exc


def read_text(path: Path, *, fix: str = CHECK_PATH) -> str:
    """Return the text of a file in UTF-8, without a byte order mark.

    Raises:
        InputError: As `open_file`, and if it is not UTF-8.
    """
    data = read_bytes(path, fix=fix)
    refuse_utf16(path, data)
    try:
        return data.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise InputError(f"{path}:{line}", "not UTF-8", "save the file as UTF-8") from exc


def refuse_utf16(path: Path, start: bytes) -> None:
    """Check that a file which starts so does not say that it is UTF-16.

    Raises:
        InputError: If it does.
    """
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise InputError(path, "is UTF-16", "save the file as UTF-8")


def _unreadable(path: Path, exc: OSError) -> InputError:
    return InputError(path, f"cannot be read ({exc.strerror})", "name a file that can be read")
