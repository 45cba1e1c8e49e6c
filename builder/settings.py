"""The data files beside the grammars, read once and held to a model."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from builder.errors import InputError

T = TypeVar("T")


class Strict(BaseModel):
    """Base of what the files hold: no unknown keys, no conversion of types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def read_yaml(path: Path, kind: type[T]) -> T:
    """Return a YAML file as the given type.

    Raises:
        InputError: If the file is missing, is not YAML, or holds something else.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise InputError(path, "no such file", "restore it from git") from exc
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise InputError(path, f"not YAML ({' '.join(str(exc).split())})", "fix the file") from exc
    try:
        return TypeAdapter(kind).validate_python(document)
    except ValidationError as exc:
        error = exc.errors()[0]
        place = ".".join(map(str, error["loc"]))
        raise InputError(f"{path}: {place}", error["msg"], "fix the entry") from exc
