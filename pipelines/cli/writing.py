"""What the writing stages would ask of their writers."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from builder.llm.prices import NANO
from pipelines.cli.console import AsJson, one_line_errors, out, print_json
from pipelines.commands.plan import StagePlan, plan_run, remarks


def plan(as_json: AsJson = False) -> None:
    """Say what the writing stages would ask of their writers, and what that would cost.

    Renders every prompt, asks nobody, writes nothing.
    """
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
    out.print(table)
    for remark in remarks(plans):
        out.print(remark, soft_wrap=True, markup=False)


def _plan_cells(plan: StagePlan) -> list[str]:
    seen, cost = plan.forecast, plan.cost
    ranges = (seen.prompt_tokens, seen.reply_tokens)
    sizes = [f"{r.low / 1000:,.0f}–{r.high / 1000:,.0f}" for r in ranges]
    money = "unknown" if cost is None else f"{cost.low / NANO:,.2f}–{cost.high / NANO:,.2f}"
    counts = [f"{seen.requests:,}", f"{seen.paid_before:,}"]
    return [plan.stage, plan.model or "offline", *counts, *sizes, money]
