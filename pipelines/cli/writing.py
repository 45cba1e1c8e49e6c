"""Estimates what the writing stages would ask of a language model."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from pipelines.cli.console import AsJson, one_line_errors, out, print_json

if TYPE_CHECKING:
    from builder.llm.forecast import Range
    from pipelines.cli.commands.plan import StagePlan


def plan(as_json: AsJson = False) -> None:
    """Estimate the requests, tokens and cost of the stages that use a language model.

    Renders every prompt, but sends and writes nothing.
    """
    from pipelines.cli.commands.plan import plan_run, remarks

    with one_line_errors():
        plans = plan_run(Path())
    if as_json:
        print_json({"stages": [asdict(plan) for plan in plans], "remarks": [*remarks(plans)]})
        return
    table = Table(box=None, header_style="bold")
    for name in ("stage", "writer", "requests", "paid", "prompt kTok", "reply kTok"):
        table.add_column(name, justify="left" if name in ("stage", "writer") else "right")
    table.add_column("dollars", justify="right")
    for plan in plans:
        table.add_row(*map(escape, _plan_cells(plan)))
    table.add_row(*_total_cells(plans))
    out.print(table)
    for remark in remarks(plans):
        out.print(remark, soft_wrap=True, markup=False)


def _plan_cells(plan: StagePlan) -> list[str]:
    return [plan.stage, plan.model or "offline", *_cells([plan])]


def _total_cells(plans: list[StagePlan]) -> list[str]:
    return ["all", "", *_cells(plans)]


def _cells(plans: list[StagePlan]) -> list[str]:
    from builder.llm.ledger.prices import NANO

    seen = [plan.forecast for plan in plans]
    counts = [sum(f.requests for f in seen), sum(f.paid_before for f in seen)]
    sizes = [[f.prompt_tokens for f in seen], [f.reply_tokens for f in seen]]
    costs = [plan.cost for plan in plans if plan.cost is not None]
    money = "unknown" if len(costs) < len(plans) else _range(costs, NANO, 2)
    return [f"{n:,}" for n in counts] + [_range(part, 1000, 0) for part in sizes] + [money]


def _range(parts: list[Range], unit: int, digits: int) -> str:
    low, high = (sum(ends) / unit for ends in zip(*((r.low, r.high) for r in parts), strict=True))
    return f"{low:,.{digits}f}–{high:,.{digits}f}"
