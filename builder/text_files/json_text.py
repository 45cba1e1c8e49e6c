r"""JSON as people's programs write it: a document, or one object per line.

What other libraries write and the standard forbids is read: NaN and infinities as null, half of a
surrogate pair ("\ud83d" alone, half of an emoji) as U+FFFD, a byte order mark not at all.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from builder.errors import InputError, Reject
from builder.text_files.lines import byte_lines
from builder.text_files.open_files import read_bytes, refuse_utf16

MAX_DEPTH = 100
"""Lists and objects within each other; what is read must also be walked, compared, written."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


class JsonError(ValueError):
    """What is no JSON: a reason to count, a detail for people, the line within the document."""

    def __init__(self, reason: str, detail: str, line: int = 1) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason, self.detail, self.line = reason, detail, line


def parse_json(data: bytes) -> Any:
    """Return a JSON value; strings hold no surrogates, numbers are finite.

    Raises:
        JsonError: For anything else: "not UTF-8", "not JSON" or "nested too deeply".
    """
    is_strict = True
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as exc:
        value, is_strict = _leniently(data, exc), False
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH and _is_deep(value):
        raise JsonError("nested too deeply", f"more than {MAX_DEPTH} levels")
    return value if is_strict else _without_surrogates(value)


def read_json(path: Path) -> Any:
    """Return the JSON document in a file.

    Raises:
        InputError: If the file is missing, is no regular file, or is not JSON in UTF-8.
    """
    data = read_bytes(path)
    refuse_utf16(path, data)
    try:
        return parse_json(data)
    except JsonError as exc:
        place, found = f"{path}:{exc.line}", f"{exc.reason} ({exc.detail})"
        raise InputError(place, found, "fix or replace the file") from exc


def read_json_lines(path: Path, reject: Reject) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (place "file:line", object); a line that is none is rejected, a blank one passed over.

    Raises:
        InputError: If the file cannot be read, is UTF-16, or is named .zst and holds no zstd.
    """
    for number, offset, line in byte_lines(path, reject):
        if line and not line.isspace():
            place = f"{path}:{number}"
            row = parse_object(line, place, f"line from byte {offset}", reject)
            if row is not None:
                yield place, row


def parse_object(line: bytes, place: str, where: str, reject: Reject) -> dict[str, Any] | None:
    """Return a line as a JSON object; anything else is rejected, with `where` it stands."""
    try:
        row = parse_json(line)
    except JsonError as exc:
        reject(place, exc.reason, f"{exc.detail}, {where}")
        return None
    if isinstance(row, dict):
        return row
    reject(place, "not a JSON object", f"found {type(row).__name__}, {where}")
    return None


def _leniently(data: bytes, refused: orjson.JSONDecodeError) -> Any:
    try:
        text = data.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise JsonError("not UTF-8", f"byte {exc.start + 1} of the line", line) from exc
    try:
        return json.loads(text, parse_constant=_as_null, parse_int=_finite, parse_float=_finite)
    except RecursionError as exc:
        raise JsonError("nested too deeply", f"more than {MAX_DEPTH} levels") from exc
    except json.JSONDecodeError as exc:
        detail = "a NUL byte" if "\0" in text else refused.msg
        raise JsonError("not JSON", detail, exc.lineno) from exc
    except ValueError as exc:
        raise JsonError("not JSON", str(exc)) from exc


def _as_null(constant: str) -> None:
    """Read NaN, Infinity and -Infinity."""


def _finite(digits: str) -> int | float:
    """Return a number as orjson reads it: beyond 64 bits it is a float."""
    try:
        number: int | float = orjson.loads(digits)
    except orjson.JSONDecodeError as exc:
        raise ValueError(f"a number of {len(digits):,} digits, too large") from exc
    return number


def _without_surrogates(value: Any) -> Any:
    """Return a value whose strings, keys too, have U+FFFD in the place of half pairs."""
    if isinstance(value, str):
        return _SURROGATE.sub(_REPLACEMENT, value)
    if isinstance(value, list):
        return [_without_surrogates(part) for part in value]
    if isinstance(value, dict):
        return {_SURROGATE.sub(_REPLACEMENT, k): _without_surrogates(v) for k, v in value.items()}
    return value


def _is_deep(value: Any) -> bool:
    """Return whether lists and objects are nested deeper than `MAX_DEPTH`, level by level."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            part
            for outer in level
            if isinstance(outer, list | dict)
            for part in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(part, list | dict)
        ]
        if not level:
            return False
    return True
