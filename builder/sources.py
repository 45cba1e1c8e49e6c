"""What a user says of a source in params.yaml, and the counts and years that sources state."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from builder.errors import InputError, Reject
from builder.settings import Strict
from builder.text_files.open_files import refuse_special

__all__ = ["Reject", "SourceSpec", "read_count", "read_year", "require"]


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
    """Return the path if it is a file or a folder.

    Raises:
        InputError: If it is missing, or is a pipe or a device.
    """
    refuse_special(path)
    if not path.exists():
        raise InputError(
            path, "no such file", "put the source there or correct its path in params.yaml"
        )
    return path


def read_count(text: str) -> int | None:
    """Return a whole number of at most 18 digits, None where the text is not one."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None


def read_year(text: str) -> int | None:
    """Return a release year between 1870 and 2100, None where the text is not one."""
    return int(text) if re.fullmatch(r"(18[7-9]|19\d|20\d)\d", text) else None
