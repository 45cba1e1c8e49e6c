"""Settings and data files in YAML, each read once and held to a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from builder.errors import InputError
from builder.yaml_files import read_yaml_document

T = TypeVar("T")


class Strict(BaseModel):
    """Base of what settings and data files hold: no unknown keys, no conversion of types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def read_yaml(path: Path, kind: type[T], *, fix: str = "restore it from git") -> T:
    """Return a YAML file as the given type.

    Args:
        path: The file.
        kind: A model, or a type such as `dict[str, str]`.
        fix: What to do where there is no file.

    Raises:
        InputError: If the file is missing, is not YAML (see `read_yaml_document`), or holds
            something else, with the key.
    """
    document = read_yaml_document(path, fix=fix)
    try:
        return TypeAdapter(kind).validate_python(document)
    except ValidationError as exc:
        error: Any = exc.errors()[0]
        key = ".".join(map(str, error["loc"]))
        raise InputError(f"{path}: {key}" if key else path, error["msg"], "fix the entry") from exc
