"""Two runs side by side: the parameters, figures and counts in which they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.errors import InputError
from builder.text_files.json_text import read_json
from pipelines.runtime.layout import Layout, read_layout
from pipelines.runtime.params import read_params

_INTERVAL = frozenset({"value", "low", "high"})


@dataclass(frozen=True, slots=True)
class Change:
    """Something that differs between two runs.

    Attributes:
        name: The parameter ("fuse.posterior.level"), or the stage with what it counted.
        first: Its value in the first run, None where there is none.
        second: Its value in the second.
    """

    name: str
    first: Any
    second: Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a report, with the ends of its interval where it has one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that differs between two runs.

    Attributes:
        name: The report and the path to the figure in it.
        first: In the first run, None where it is not there.
        second: In the second.
        difference: The second less the first, None where one is not there.
        is_apart: Whether both have intervals, and these do not overlap.
    """

    name: str
    first: Figure | None
    second: Figure | None
    difference: float | None
    is_apart: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs; what is equal is left out.

    Attributes:
        parameters: In the order of the settings.
        figures: Of the reports that dvc.yaml calls metrics.
        counts: Rows in, out and left out, in the order of the stages.
    """

    parameters: tuple[Change, ...]
    figures: tuple[FigureChange, ...]
    counts: tuple[Change, ...]


def compare_runs(first: Path, second: Path) -> Comparison:
    """Return what differs between two runs.

    Args:
        first: The folder of the project or of a workspace.
        second: Likewise.

    Raises:
        InputError: If one of them is no such folder, or no stage has run there.
    """
    layouts = read_layout(first), read_layout(second)
    for layout in layouts:
        if not any(layout.counts(stage).exists() for stage in layout.counted_stages):
            raise InputError(layout["count_files"], "no stage has run", "run `dvc repro` there")
    return Comparison(
        parameters=_changes(*(_leaves(read_params(run).sections) for run in (first, second))),
        figures=tuple(_figure_changes(*map(_figures, layouts))),
        counts=_changes(*map(_counts, layouts)),
    )


def _changes(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple(
        Change(name, first.get(name), second.get(name))
        for name in dict.fromkeys((*first, *second))
        if first.get(name) != second.get(name)
    )


def _leaves(value: Any, name: str = "") -> dict[str, Any]:
    """Return the values within maps by their path; a list is one value."""
    if not isinstance(value, Mapping):
        return {name: value}
    leaves: dict[str, Any] = {}
    for key, part in value.items():
        leaves |= _leaves(part, f"{name}.{key}" if name else str(key))
    return leaves


def _counts(layout: Layout) -> dict[str, int]:
    counts: dict[str, int] = {}
    for stage in layout.counted_stages:
        if layout.counts(stage).exists():
            row = read_json(layout.counts(stage))
            for kind, words in (("in", "read"), ("out", "made"), ("rejected", "left out")):
                counts |= {f"{stage}, {words}: {name}": n for name, n in row[kind].items()}
    return counts


def _figures(layout: Layout) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for name in layout.metrics:
        if layout[name].exists():
            figures |= dict(_figures_within(read_json(layout[name]), layout[name].stem))
    return figures


def _figures_within(value: Any, name: str) -> Iterator[tuple[str, Figure]]:
    """Yield the numbers of a report by their path; entries of a list that begin with a name too."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield name, Figure(value)
    elif isinstance(value, Mapping) and value.keys() == _INTERVAL:
        if value["value"] is not None:
            yield name, Figure(**value)
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _figures_within(part, f"{name}.{key}")
    elif isinstance(value, list):
        for part in value:
            if isinstance(part, Mapping) and isinstance(label := next(iter(part.values())), str):
                yield from _figures_within(part, f"{name}.{label}")


def _figure_changes(
    first: Mapping[str, Figure], second: Mapping[str, Figure]
) -> Iterator[FigureChange]:
    for change in _changes(first, second):
        one, other = change.first, change.second
        if one is None or other is None:
            yield FigureChange(change.name, one, other, None, is_apart=False)
        else:
            difference = round(other.value - one.value, 6)
            yield FigureChange(change.name, one, other, difference, _are_apart(one, other))


def _are_apart(one: Figure, other: Figure) -> bool:
    if None in (one.low, one.high, other.low, other.high):
        return False
    return one.high < other.low or other.high < one.low  # type: ignore[operator]
