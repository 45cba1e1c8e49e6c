"""What is known about titles: verdicts with evidence, households, coverage, text evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pipelines.cli.console import AsJson, err, one_line_errors, out, print_json

if TYPE_CHECKING:
    from builder.catalog.coverage import Coverage, TextCoverage
    from builder.explanations.renderer import Renderer
    from builder.records import Risk
    from pipelines.cli.commands.show import NotOne, Shown

_N_REASONS = 3
_STYLE_BY_VERDICT = {"safe": "green", "unsafe": "bold red", "unknown": "dim"}


_SHOWN = 'A title, best with its year ("Saw (2004)"), or a row or id: "sft/train/17", "penguin/3".'


def show(
    what: Annotated[str, typer.Argument(help=_SHOWN)],
    full: Annotated[bool, typer.Option("--full", help="Print all evidence.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show both oracles' verdicts on a title, or trace a row back to its source lines.

    You can also name a row by the id of its conversation, request, scenario or thread. Exit code 1
    if a title matches no item or several.
    """
    from builder.rows import to_row
    from pipelines.cli.commands.show import NotOne, look_up, read_renderer
    from pipelines.cli.commands.trace import Trace, trace
    from pipelines.cli.traces import print_trace

    with one_line_errors():
        found = trace(Path(), what) or look_up(Path(), what)
        renderer = read_renderer(Path())
    n_reasons = None if full else _N_REASONS
    if as_json:
        print_json(asdict(found) if isinstance(found, NotOne) else to_row(found))
    elif isinstance(found, NotOne):
        print_not_one(what, found)
    elif isinstance(found, Trace):
        print_trace(found, renderer, n_reasons)
    else:
        _print_verdicts(found, renderer, n_reasons)
    if isinstance(found, NotOne):
        raise typer.Exit(1)


def print_not_one(title: str, found: NotOne) -> None:
    """Say why a title matches no item, or several."""
    if found.candidates:
        meant = "; ".join(found.candidates)
        err.print(f"No single item matches {title!r}. Did you mean {meant}?", soft_wrap=True)
    elif found.near:
        err.print(f"No title {title!r}. Similar: {'; '.join(found.near)}.", soft_wrap=True)
    else:
        err.print(f"No title {title!r}, and none with a similar spelling.", soft_wrap=True)


def _print_verdicts(shown: Shown, renderer: Renderer, n_reasons: int | None) -> None:
    from pipelines.cli.commands.show import interval_of, name_of

    item = shown.item
    out.print(f"[bold]{escape(name_of(item))}[/]  {item.item_id}  {', '.join(item.genres)}")
    known = [t for t in shown.traits if {t.build.verdict, t.grade.verdict} != {"unknown"}]
    for told in shown.traits if n_reasons is None else known:
        out.print(f"\n[bold]{escape(told.trait)}[/]")
        table = Table.grid(padding=(0, 2))
        for oracle, risk in (("building", told.build), ("grading", told.grade)):
            verdict = f"[{_STYLE_BY_VERDICT[risk.verdict]}]{risk.verdict}[/]"
            reasons = escape("\n".join(_lines(risk, renderer, n_reasons)))
            table.add_row(f"  {oracle}", verdict, interval_of(risk), reasons)
        out.print(table)
    rest = [told.trait for told in shown.traits if told not in known]
    if rest and n_reasons is not None:
        out.print(f"\n[bold]Unknown to both[/]: {escape('; '.join(rest))}. Reasons: --full")


def _lines(risk: Risk, renderer: Renderer, n_reasons: int | None) -> list[str]:
    n_more = 0 if n_reasons is None else len(risk.reasons) - n_reasons
    more = [f"and {n_more} more: --full"] if n_more > 0 else []
    return [*renderer.lines(risk.trait, risk.reasons[:n_reasons]), *more]


def household(
    file: Annotated[Path, typer.Argument(help="A YAML file of households.")],
    title: Annotated[str, typer.Argument(help='A title, best with its year: "Saw (2004)".')],
    as_json: AsJson = False,
) -> None:
    """Check whether a title is safe for several people at once: unsafe for one is unsafe for all.

    Exit code 1 if the title matches no item or several.
    """
    from pipelines.cli.commands.household import household_verdicts
    from pipelines.cli.commands.show import NotOne

    with one_line_errors():
        found = household_verdicts(Path(), file, title)
    if isinstance(found, NotOne):
        print_not_one(title, found)
        raise typer.Exit(1)
    if as_json:
        print_json([asdict(told) for told in found])
        return
    for told in found:
        out.print(f"{told.household}: {told.build} (grading oracle: {told.grade})", markup=False)
        for who, trait in told.unsafe_for:
            out.print(f"  unsafe for {who}: {trait}", markup=False, soft_wrap=True)


def coverage(as_json: AsJson = False) -> None:
    """Show how many items each source covers, by trait and by kind of text.

    Both as numbers and as shares of all items.
    """
    from pipelines.cli.commands.coverage import catalog_coverage

    with one_line_errors():
        found = catalog_coverage(Path())
    if as_json:
        print_json(asdict(found))
        return
    sources = list(dict.fromkeys(row.source for row in found.evidence))
    told = {(row.source, row.trait): row for row in found.evidence}
    _print_coverage("items with evidence, by trait", sources, told)
    out.print()
    _print_coverage(
        "items with a text, by kind", sources, {(t.source, t.kind): t for t in found.texts}
    )


def _print_coverage(
    head: str, sources: list[str], told: Mapping[tuple[str, str], Coverage | TextCoverage]
) -> None:
    table = Table(box=None, header_style="bold")
    table.add_column(head, overflow="fold")
    for source in sources:
        table.add_column(source or "any source", justify="right", overflow="fold")
    for name in dict.fromkeys(name for _, name in told):
        cells = [told.get((source, name)) for source in sources]
        table.add_row(escape(name), *(f"{c.items:,} ({c.share:.0%})" if c else "0" for c in cells))
    out.print(table)


def tag_eval(
    labels: Annotated[
        Path, typer.Argument(help="A CSV file of labels, see docs/text-evidence.md.")
    ],
) -> None:
    """Print as JSON how well texts separate unsafe from safe on your labels, with two baselines.

    Nothing is fitted on the labels. Rows that cannot be used are listed on standard error.
    """
    from pipelines.cli.commands.tag import evaluate_tagging

    with one_line_errors():
        table, rejections = evaluate_tagging(Path(), labels)
    for one in rejections:
        err.print(f"{one.place}: {one.reason}: {one.detail}", markup=False, soft_wrap=True)
    print_json(table)
