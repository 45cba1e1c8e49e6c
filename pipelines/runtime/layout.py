"""Where files lie: dvc.yaml names what stages make, `inputs` of params.yaml what people keep."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import InputError
from builder.settings import Strict
from builder.yaml_files import read_yaml_document
from pipelines.runtime.params import PARAMS_FILE, read_params

DVC_FILE = Path("dvc.yaml")
_OUTPUTS = ("outs", "metrics", "plots")
_PATH_NAME = re.compile(r"\$\{paths\.(\w+)\}")


class Inputs(Strict):
    """What people keep beside the sources, as paths; see params.yaml."""

    taxonomy: str
    tombstones: str
    link_decisions: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The files of a project's folder.

    Attributes:
        paths: By name ("items", "oracle_build"), each beginning with the folder.
        outputs: By stage, the names of the paths that it writes; in the order of the stages.
        metrics: The names of the reports whose figures two runs are compared by.
    """

    paths: Mapping[str, Path]
    outputs: Mapping[str, frozenset[str]]
    metrics: tuple[str, ...]

    @property
    def stages(self) -> tuple[str, ...]:
        """Return the stages in the order of the way."""
        return tuple(self.outputs)

    @property
    def counted_stages(self) -> tuple[str, ...]:
        """Return the stages that write counts: all but the one that reads them."""
        return tuple(stage for stage, names in self.outputs.items() if "count_files" in names)

    def __getitem__(self, name: str) -> Path:
        """Return a path by its name.

        Raises:
            InputError: If there is none of that name.
        """
        if name not in self.paths:
            fix = f"name it under vars: paths, or under inputs of {PARAMS_FILE}"
            raise InputError(DVC_FILE, f"has no path {name!r}", fix)
        return self.paths[name]

    def counts(self, stage: str) -> Path:
        """Return the file of a stage's counts."""
        return self["count_files"] / f"{stage}.json"

    def log(self, stage: str) -> Path:
        """Return the file of what a stage's last run took, which is no output."""
        return self["log_files"] / f"{stage}.json"

    def rejections(self, stage: str) -> Path:
        """Return the file of what a stage left out."""
        return self["rejection_files"] / f"{stage}.jsonl"


def read_layout(folder: Path = Path()) -> Layout:
    """Return the layout of a project's folder.

    Raises:
        InputError: If there is no dvc.yaml or params.yaml, or they do not say where the files lie.
    """
    inputs = read_params(folder).section(Inputs, "inputs").model_dump()
    place = folder / DVC_FILE
    document = read_yaml_document(place, fix="run from the project's folder")
    try:
        paths = next(part["paths"] for part in document["vars"] if "paths" in part)
        return Layout(
            {name: folder / path for name, path in (paths | inputs).items()},
            {stage: _names(parts, *_OUTPUTS) for stage, parts in document["stages"].items()},
            tuple(
                name
                for parts in document["stages"].values()
                for name in sorted(_names(parts, "metrics"))
            ),
        )
    except (KeyError, TypeError, AttributeError, StopIteration) as exc:
        raise InputError(place, "has no vars, paths and stages", "restore it from git") from exc


def _names(stage: Mapping[str, Any], *kinds: str) -> frozenset[str]:
    """Return the names of the paths that stand under some keys of a stage."""
    return frozenset(_PATH_NAME.findall(str([stage.get(kind, []) for kind in kinds])))
