"""What a run built and where it lies, from the stages' counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import InputError
from builder.text_files.json_text import read_json
from pipelines.runtime.layout import Layout, read_layout

_PLACES = {
    "page": "a page about the whole run",
    "card": "the dataset card, next to both data sets",
    "model_gdpo": "the trained model",
    "metrics": "the metrics of all systems",
    "tasks": "tasks for annotators",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What a project's folder holds.

    Attributes:
        counts: The stages' own, in their order.
        seconds_by_stage: How long the last run of each stage took, where its log is there.
        places: What lies where, if it is there.
        waiting: The stages that have not run.
    """

    counts: tuple[Mapping[str, Any], ...]
    seconds_by_stage: Mapping[str, float]
    places: Mapping[str, Path]
    waiting: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """Return how long the stages took in all."""
        return sum(self.seconds_by_stage.values())


def summarize(folder: Path) -> Summary:
    """Return what lies in a project's folder.

    Raises:
        InputError: If no stage has run there.
    """
    layout = read_layout(folder)
    files = {stage: layout.counts(stage) for stage in layout.counted_stages}
    if not any(file.exists() for file in files.values()):
        raise InputError(layout["count_files"], "no stage has run yet", "run `make repro`")
    return Summary(
        counts=tuple(read_json(file) for file in files.values() if file.exists()),
        seconds_by_stage=_seconds(layout),
        places=_places(layout),
        waiting=tuple(stage for stage, file in files.items() if not file.exists()),
    )


def _seconds(layout: Layout) -> dict[str, float]:
    logs = {stage: layout.log(stage) for stage in layout.stages}
    return {stage: read_json(log)["seconds"] for stage, log in logs.items() if log.exists()}


def _places(layout: Layout) -> dict[str, Path]:
    there = {name: layout[name] for name in _PLACES if name in layout.paths}
    return {_PLACES[name]: path for name, path in there.items() if path.exists()}
