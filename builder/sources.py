"""What a user says of a source in params.yaml, and its lines with file and row in errors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from builder.errors import InputError


class SourceSpec(BaseModel):
    """One configured source.

    `name` is written into every row it feeds. `path` is a file or folder below the stage's root.
    `retrieved` is when the user fetched it, YYYY-MM-DD.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

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
