"""What the writing stages would ask of their writers, stage by stage, and what that would cost.

The stages run over a client that only counts. What they write goes to a folder that is removed, and
a later stage reads it from there.
"""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from builder.errors import InputError
from builder.llm.client_settings import OfflineSettings, OpenAISettings
from builder.llm.forecast import Forecast, Range
from builder.llm.ledger.ledger import Ledger
from builder.llm.ledger.location import ledger_path
from builder.llm.ledger.prices import NANO, dollars, price_of
from pipelines.runtime.chat import PlanCompleteError, PlannedJob
from pipelines.runtime.layout import Layout, read_layout
from pipelines.runtime.params import read_params
from pipelines.runtime.stage import RunParams, path_arguments

STAGES = ("assign", "synthesize", "scenarios", "judge")
"""Those with a writer, in the order of the way."""


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What one stage would ask and spend.

    Attributes:
        stage: Name of the stage.
        model: None for the offline writer.
        forecast: Requests and tokens.
        cost: In nano-dollars, None without a price.
        price_as_of: Day of the price.
        budget_usd: The configured budget, None for no limit.
        budget_tokens: The configured budget, None for no limit.
        spent_nano_usd: Spent so far, by the ledger.
        spent_tokens: Spent so far, by the ledger.
    """

    stage: str
    model: str | None
    forecast: Forecast
    cost: Range | None
    price_as_of: date | None
    budget_usd: float | None
    budget_tokens: int | None
    spent_nano_usd: int
    spent_tokens: int


def plan_run(folder: Path) -> list[StagePlan]:
    """Return the plan of every stage that has a writer.

    Raises:
        InputError: If what the stages read is not there, a prompt cannot be filled in, or a
            stage would be refused for its settings.
    """
    layout, settings = read_layout(folder), read_params(folder)
    shared = settings.section(RunParams, "run")
    with tempfile.TemporaryDirectory() as scratch:
        made = dict[str, Path]()
        plans = []
        for stage in STAGES:
            module = importlib.import_module(f"pipelines.stages.{stage}")
            job = PlannedJob(stage, shared.seed, shared.workers, is_last=stage == STAGES[-1])
            paths = _paths(stage, module.main, layout, made, Path(scratch))
            with suppress(PlanCompleteError):
                module.main(job, settings.section(module.Params, stage), **paths)
            plans.append(_plan(job))
        return plans


def _paths(
    stage: str, main: Any, layout: Layout, made: dict[str, Path], scratch: Path
) -> dict[str, Path]:
    """Return the stage's paths: outputs, and inputs made by an earlier stage, in the scratch."""
    paths = {}
    for name in path_arguments(main):
        if name in layout.outputs[stage]:
            made[name] = scratch / layout[name].name
        paths[name] = made.get(name, layout[name])
        if name not in made and not paths[name].exists():
            makers = [made_by for made_by, names in layout.outputs.items() if name in names]
            fix = f"run `dvc repro {makers[0]}` first" if makers else "correct the path"
            raise InputError(paths[name], "does not exist yet", fix)
    return paths


def _plan(job: PlannedJob) -> StagePlan:
    writer = job.writer
    if writer is None or isinstance(writer, OfflineSettings):
        return StagePlan(job.stage, None, job.forecast, Range(), None, None, None, 0, 0)
    price, (nano_usd, tokens) = price_of(writer), _spent(writer)
    return StagePlan(
        job.stage,
        writer.model,
        job.forecast,
        job.forecast.cost(price) if price else None,
        price.as_of if price else None,
        writer.budget_usd,
        writer.budget_tokens,
        nano_usd,
        tokens,
    )


def _spent(writer: OpenAISettings) -> tuple[int, int]:
    path = ledger_path(writer)
    if not path.exists():
        return 0, 0
    with Ledger.open(path) as ledger:
        return ledger.spent()


def remarks(plans: list[StagePlan]) -> Iterator[str]:
    """Yield what a reader of the plan must know beside the numbers."""
    asked = [plan for plan in plans if plan.model is not None]
    if not asked:
        yield "Every writer is offline: nothing is asked of anybody and nothing is paid."
        return
    for plan in asked:
        if plan.cost is None:
            yield f"{plan.stage}: no price is known for {plan.model}, so its cost is unknown."
    if days := sorted({plan.price_as_of for plan in asked if plan.price_as_of}):
        yield f"Prices are those of {days[0]}; check them with your provider."
    yield from _budget_remarks(asked)


def _budget_remarks(asked: list[StagePlan]) -> Iterator[str]:
    """Yield where a run at the high end would stop: each stage spends after those before it."""
    cost, tokens = 0, 0
    for plan in asked:
        seen = plan.forecast
        cost += plan.cost.high if plan.cost else 0
        tokens += seen.prompt_tokens.high + seen.reply_tokens.high
        nano_usd, all_tokens = plan.spent_nano_usd + cost, plan.spent_tokens + tokens
        if plan.budget_usd is not None and nano_usd > plan.budget_usd * NANO:
            yield (
                f"{plan.stage}: at the high end {dollars(nano_usd)} would be spent by its end, "
                f"beyond budget_usd {plan.budget_usd:g}; the run would stop there."
            )
        if plan.budget_tokens is not None and all_tokens > plan.budget_tokens:
            yield (
                f"{plan.stage}: at the high end {all_tokens:,} tokens would be spent by its end, "
                f"beyond budget_tokens {plan.budget_tokens:,}; the run would stop there."
            )
