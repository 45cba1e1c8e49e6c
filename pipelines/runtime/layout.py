"""Where the stages' files lie: `vars: paths` of dvc.yaml, the one home of paths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import InputError
from builder.yaml_files import read_yaml_document

DVC_FILE = Path("dvc.yaml")
COUNTS = Path("data/reports/counts")
_PATH_NAME = re.compile(r"\$\{paths\.(\w+)\}")


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths by name ("items", "oracle_build") and the stages in the order of the way."""

    paths: Mapping[str, Path]
    stages: tuple[str, ...]

    def __getitem__(self, name: str) -> Path:
        """Return a path by its name in dvc.yaml."""
        return self.paths[name]


def read_layout(folder: Path = Path()) -> Layout:
    """Return the layout of a project's folder; its paths begin with the folder.

    Raises:
        InputError: If there is no dvc.yaml, or it does not say where the files lie.
    """
    place, document = folder / DVC_FILE, _read(folder)
    try:
        paths = _paths(document["vars"])
        return Layout({name: folder / path for name, path in paths.items()}, _names(document))
    except (KeyError, TypeError, AttributeError) as exc:
        raise InputError(place, "has no vars, paths and stages", "restore it from git") from exc


def read_outputs(folder: Path, stage: str) -> frozenset[str]:
    """Return the names of the paths that a stage writes.

    Raises:
        InputError: If there is no dvc.yaml, or it does not know the stage.
    """
    place, document = folder / DVC_FILE, _read(folder)
    try:
        parts = document["stages"][stage]
    except (KeyError, TypeError) as exc:
        raise InputError(place, f"has no stage {stage}", "restore it from git") from exc
    outs = [out for kind in ("outs", "metrics", "plots") for out in parts.get(kind, [])]
    return frozenset(_PATH_NAME.findall(str(outs)))


def _read(folder: Path) -> Any:
    return read_yaml_document(folder / DVC_FILE, fix="run from the project's folder")


def _paths(variables: list[dict[str, Any]]) -> dict[str, str]:
    return next(part["paths"] for part in variables if "paths" in part)


def _names(document: dict[str, Any]) -> tuple[str, ...]:
    return tuple(document["stages"])
