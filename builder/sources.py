"""What a user says of a source in params.yaml, and its lines with file and row in errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Protocol

import orjson
from pydantic import Field, field_validator

from builder.errors import InputError
from builder.settings import Strict


class Reject(Protocol):
    """Records one thing left out: `reject(place, reason, detail)`, see `Job` of the stages."""

    def __call__(self, place: str, reason: str, detail: str) -> None:
        """Record it."""


class SourceSpec(Strict):
    """One configured source.

    Attributes:
        name: Written into every row that comes from it.
        reader: The format of its files.
        path: A file or folder below the root of the stage.
        licence: Its licence.
        retrieved: Day on which the user obtained it, YYYY-MM-DD.
    """

    name: Annotated[str, Field(min_length=1)]
    reader: str
    path: str
    licence: Annotated[str, Field(min_length=1)]
    retrieved: str

    @field_validator("retrieved")
    @classmethod
    def _is_a_date(cls, value: str) -> str:
        date.fromisoformat(value)
        return value


def require(path: Path) -> Path:
    """Return the path if it exists.

    Raises:
        InputError: If it does not.
    """
    if not path.exists():
        raise InputError(
            path, "no such file", "put the source there or correct its path in params.yaml"
        )
    return path


def read_lines(path: Path, *, encoding: str = "utf-8") -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line without its end).

    Raises:
        InputError: If the file is missing or a line is not in the encoding.
    """
    with require(path).open("rb") as handle:
        for number, raw in enumerate(handle, start=1):
            try:
                yield number, raw.decode(encoding).rstrip("\r\n")
            except UnicodeDecodeError as exc:
                raise InputError(
                    f"{path}:{number}",
                    f"byte {exc.start + 1} is not {encoding}",
                    f"save the file as {encoding}",
                ) from exc


def read_json_lines(path: Path, reject: Reject) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (place "file:line", object); a line that is no JSON object is rejected."""
    yield from parse_json_lines(path, read_lines(path), reject)


def parse_json_lines(
    path: Path, lines: Iterable[tuple[int, str]], reject: Reject
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield as `read_json_lines` does, from (line number, line) of a file already opened."""
    for number, line in lines:
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as exc:
            reject(place, "not JSON", str(exc))
            continue
        if isinstance(row, dict):
            yield place, row
        else:
            reject(place, "not a JSON object", f"found {type(row).__name__}")


def read_count(text: str) -> int | None:
    """Return a whole number of at most 18 digits, None where the text is not one."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def read_year(text: str) -> int | None:
    """Return a release year between 1870 and 2100, None where the text is not one."""
    return int(text) if re.fullmatch(r"(18[7-9]|19\d|20\d)\d", text) else None
