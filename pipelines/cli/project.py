"""The project as a whole: what is installed, configured and built, and other run folders."""

from __future__ import annotations

import os
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pipelines.cli.console import AsJson, one_line_errors, out, print_json

if TYPE_CHECKING:
    from pipelines.cli.commands.compare import Comparison, Figure
    from pipelines.cli.commands.doctor import Check
    from pipelines.cli.commands.summary import Summary

_MARK_BY_STATE = {"ok": "[green]ok[/]", "absent": "[yellow]–[/]", "missing": "[red]missing[/]"}


def doctor(as_json: AsJson = False) -> None:
    """Check the installation, the device and the servers; say how to get what is missing.

    Exit code 1 where something is missing that the run on the bundled input needs.
    """
    from pipelines.cli.commands.doctor import examine

    checks = list(examine(Path(), os.environ))
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        _print_checks(checks)
    if any(check.state == "missing" for check in checks):
        raise typer.Exit(1)


def _print_checks(checks: list[Check]) -> None:
    for group, members in groupby(checks, key=lambda check: check.group):
        out.print(f"\n[bold]{group}[/]")
        table = Table.grid(padding=(0, 2))
        for check in members:
            fix = f"\n[cyan]{escape(check.fix)}[/]" if check.state != "ok" and check.fix else ""
            table.add_row(_MARK_BY_STATE[check.state], check.name, escape(check.found) + fix)
        out.print(table)
    missing = [check.name for check in checks if check.state == "missing"]
    verdict = f"Missing: {', '.join(missing)}." if missing else "The bundled run can start."
    out.print(f"\n{escape(verdict)}")


def sources(as_json: AsJson = False) -> None:
    """List the configured sources with reader, rows read, licence and date of retrieval."""
    from pipelines.cli.commands.sources import configured_sources

    with one_line_errors():
        found = list(configured_sources(Path()))
    if as_json:
        print_json([asdict(source) for source in found])
        return
    table = Table(box=None, header_style="bold")
    for name in ("source", "reader", "rows", "licence", "retrieved", "path"):
        table.add_column(
            name,
            justify="right" if name == "rows" else "left",
            overflow="fold",
            no_wrap=name in ("source", "rows", "retrieved"),
        )
    for s in found:
        rows = "not read yet" if s.rows is None else f"{s.rows:,}"
        cells = (s.name, s.reader, rows, s.licence, s.retrieved, s.path)
        table.add_row(*map(escape, cells))
    out.print(table)


def summary(as_json: AsJson = False) -> None:
    """Say what was built, where it is, and what to do next."""
    from pipelines.cli.commands.summary import summarize

    with one_line_errors():
        found = summarize(Path())
    if as_json:
        print_json(
            {
                "seconds": found.seconds,
                "seconds_by_stage": found.seconds_by_stage,
                "stages": found.counts,
                "waiting": found.waiting,
            }
        )
    else:
        _print_summary(found)


def _print_summary(found: Summary) -> None:
    table = Table(box=None, header_style="bold")
    for name in ("stage", "made", "left out", "seconds"):
        table.add_column(name, justify="right" if name in ("left out", "seconds") else "left")
    for row in found.counts:
        made = ", ".join(f"{number:,} {name}" for name, number in row["out"].items())
        left_out = f"{sum(row['rejected'].values()):,}"
        seconds = found.seconds_by_stage.get(row["stage"])
        table.add_row(
            row["stage"], escape(made), left_out, "–" if seconds is None else f"{seconds:.1f}"
        )
    out.print(table)
    if found.waiting:
        out.print(f"\nNot run yet: {', '.join(found.waiting)}.", soft_wrap=True)
    out.print(f"\n[bold]Built[/] in {found.seconds:.0f} s of stage time:")
    for what, path in found.places.items():
        out.print(f"  {path}  [dim]{what}[/]", soft_wrap=True)
    out.print(
        "[bold]Next[/]: open the page; run `saferec show TITLE` to see what is known about a title;"
    )
    out.print("use your own catalogue, dialogs, model and annotators (docs/own-data.md).")


def workspace(
    folder: Annotated[Path, typer.Argument(help="The run folder to create or update.")],
    profile: Annotated[
        Path, typer.Option(help="A YAML file with the differences from params.yaml.")
    ],
    data: Annotated[Path | None, typer.Option(help="The folder that ${data} stands for.")] = None,
) -> None:
    """Create a separate run folder with its own settings and its own DVC."""
    from pipelines.runtime.workspace import make_workspace

    with one_line_errors():
        files = make_workspace(Path(), folder, profile, data)
    out.print(f"{folder}: {len(files)} files. Next: cd {folder} && dvc repro", soft_wrap=True)


def compare(
    first: Annotated[Path, typer.Argument(help="The folder of a run: the project or a workspace.")],
    second: Annotated[Path, typer.Argument(help="The folder of another run.")],
    as_json: AsJson = False,
) -> None:
    """Show the parameters, figures and counts in which two runs differ."""
    from pipelines.cli.commands.compare import compare_runs

    with one_line_errors():
        comparison = compare_runs(first, second)
    if as_json:
        print_json(asdict(comparison))
    else:
        _print_comparison(comparison, str(first), str(second))


def _print_comparison(comparison: Comparison, first: str, second: str) -> None:
    for what, changes in (("Parameters", comparison.parameters), ("Counts", comparison.counts)):
        table = Table("", first, second, box=None, header_style="bold")
        for change in changes:
            table.add_row(*(escape(_shown(v)) for v in (change.name, change.first, change.second)))
        _print_part(what, table)
    table = Table("", first, second, "difference", box=None, header_style="bold")
    for figure in comparison.figures:
        difference = "–" if figure.difference is None else f"{figure.difference:+.3f}"
        cells = (figure.name, _interval(figure.first), _interval(figure.second), difference)
        table.add_row(*map(escape, cells), style="bold" if figure.is_apart else None)
    _print_part("Figures, bold where the intervals do not overlap", table)


def _print_part(what: str, table: Table) -> None:
    out.print(f"\n[bold]{what}[/]" + ("" if table.row_count else ": no difference"))
    if table.row_count:
        out.print(table)


def _shown(value: object) -> str:
    return "–" if value is None else str(value)


def _interval(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
