"""What every stage shares: its parameters, its paths, its progress bar, its counts.

A stage module holds `class Params(StageParams)` and `main(job, params, *, items: Path, ...)`, and
dvc.yaml runs it as `python -m pipelines.stages.NAME`. The keyword-only arguments are paths that
dvc.yaml names; words NAME=PATH on the command line take their place, and that of the stage's
counts, rejections and log.
"""

from __future__ import annotations

import inspect
import sys
import time
import typing
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from builder.errors import InputError, SaferecError
from builder.records import Rejection
from builder.settings import Strict
from builder.tables import write_json
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import read_params
from pipelines.runtime.rejections import Rejections

T = TypeVar("T")

_BAR_WIDTH = 20
"""Half of what is usual, so that the cost of a run stands beside it on 80 columns."""


class StageParams(Strict):
    """A stage's settings: every key required, none unknown.

    `reads_also` names shared sections, each a field of its own: a number has one home.
    """

    reads_also: ClassVar[tuple[str, ...]] = ()


class RunParams(StageParams):
    """The section all stages share."""

    seed: int
    workers: int


@dataclass
class Job:
    """One run of one stage: what it read, made and left out."""

    stage: str
    seed: int
    workers: int
    rows_in: dict[str, int] = field(default_factory=dict)
    rows_out: dict[str, int] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    rejections: Rejections = field(default_factory=Rejections)
    log: dict[str, Any] = field(default_factory=dict)
    """What differs between two runs that make the same rows: usage. In no hashed output."""
    note: Callable[[], str] | None = None
    """What the progress bar says beside the count, asked for anew each time it is drawn."""
    _is_tracking: bool = False

    def reject(self, place: str, reason: str, detail: str) -> None:
        """Record one thing left out. `reason` is a short phrase that is counted."""
        self.rejections.add(Rejection(self.stage, place, reason, detail))

    def track(self, rows: Iterable[T], *, total: int | None = None) -> Iterator[T]:
        """Yield the rows behind a progress bar on a terminal, and plainly elsewhere.

        Within another bar of the job rows are yielded plainly: there is one bar at a time.
        """
        console = Console(stderr=True)
        if self._is_tracking or not console.is_terminal:
            yield from rows
            return
        columns = (
            TextColumn(self.stage),
            BarColumn(_BAR_WIDTH),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self._is_tracking = True
        try:
            with Progress(*columns, _Note(self), console=console) as progress:
                known = (
                    total
                    if total is not None
                    else (len(rows) if isinstance(rows, Sequence) else None)
                )
                yield from progress.track(rows, total=known)
        finally:
            self._is_tracking = False

    def counts(self) -> dict[str, Any]:
        """Return the stage's counts: rows in and out, rejections by reason, its figures."""
        return {
            "stage": self.stage,
            "in": self.rows_in,
            "out": self.rows_out,
            "rejected": dict(sorted(self.rejections.n_by_reason.items())),
            **self.figures,
        }


class _Note(ProgressColumn):
    """The job's note, as it is now."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self._job = job

    def render(self, task: Task) -> Text:
        return Text(self._job.note() if self._job.note else "")


def run_stage(main: Callable[..., None], *, is_counted: bool = True) -> typing.NoReturn:
    """Run a stage from the command line; end with one line and exit code 2 on bad input.

    Args:
        main: The stage's.
        is_counted: Whether its counts and rejections are written. Its log always is.
    """
    stage = Path(inspect.getfile(main)).stem
    try:
        _run(stage, main, sys.argv[1:], is_counted=is_counted)
    except SaferecError as exc:
        print(f"{stage}: {exc}", file=sys.stderr)
        sys.exit(2)
    sys.exit(0)


def _run(stage: str, main: Callable[..., None], words: Sequence[str], *, is_counted: bool) -> None:
    arguments = path_arguments(main)
    files = ("counts", "rejections", "log") if is_counted else ("log",)
    paths = _paths(stage, words, [*arguments, *files])
    settings = read_params()
    params = settings.section(typing.get_type_hints(main)["params"], stage)
    shared = settings.section(RunParams, "run")
    job = Job(stage, shared.seed, shared.workers)
    started = time.monotonic()
    main(job, params, **{name: paths[name] for name in arguments})
    seconds = round(time.monotonic() - started, 2)
    if is_counted:
        job.rejections.save(paths["rejections"])
        write_json(paths["counts"], job.counts())
    write_json(paths["log"], {"stage": stage, "seconds": seconds, **job.log})


def path_arguments(main: Callable[..., None]) -> list[str]:
    """Return the names of a stage's paths: the keyword-only arguments of its `main`."""
    parameters = inspect.signature(main).parameters.values()
    return [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]


def _paths(stage: str, words: Sequence[str], wanted: Sequence[str]) -> dict[str, Path]:
    """Return the wanted paths: those on the command line, and of the others those of dvc.yaml."""
    paths = {}
    for word in words:
        name, _, value = word.partition("=")
        if name not in wanted or not value:
            raise InputError(
                word, "unknown argument", f"expected NAME=PATH for {', '.join(wanted)}"
            )
        paths[name] = Path(value)
    if set(paths) >= set(wanted):
        return paths
    layout = read_layout()
    by_convention = {
        "counts": layout.counts,
        "rejections": layout.rejections,
        "log": layout.log,
    }
    for name in wanted:
        if name not in paths:
            find = by_convention.get(name)
            paths[name] = find(stage) if find else layout[name]
    return paths
