"""The `saferec` command. It prints; what it prints is looked up in pipelines/commands."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from builder.catalog.coverage import Coverage
from builder.catalog.fetching.register import Source
from builder.errors import SaferecError
from builder.linking.review import Open
from builder.llm.prices import NANO
from builder.records import Risk
from builder.rows import to_row
from pipelines.commands.coverage import catalog_coverage
from pipelines.commands.doctor import Check, examine
from pipelines.commands.fetch import Fetched, fetch, sources_to_fetch
from pipelines.commands.household import household_verdicts
from pipelines.commands.link import evaluate_linking
from pipelines.commands.link_review import Queue, learn, read_queue, write_tasks
from pipelines.commands.plan import StagePlan, plan_run, remarks
from pipelines.commands.show import NotOne, Shown, interval_of, look_up, name_of
from pipelines.commands.sources import configured_sources
from pipelines.commands.summary import Summary, summarize
from pipelines.commands.tag import evaluate_tagging
from pipelines.commands.tombstones import add_tombstone, look_for_tombstones
from pipelines.workspace import make_workspace

app = typer.Typer(
    name="saferec",
    help="Build, label, train on and honestly grade data for recommenders that respect people.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
link_app = typer.Typer(no_args_is_help=True, help="Measure and teach the linking of titles.")
app.add_typer(link_app, name="link")
tag_app = typer.Typer(no_args_is_help=True, help="Measure what texts say of the traits.")
app.add_typer(tag_app, name="tag")
synth = typer.Typer(name="synth", help="What a language model writes.", no_args_is_help=True)
app.add_typer(synth)
catalog_app = typer.Typer(no_args_is_help=True, help="What the catalogue knows.")
app.add_typer(catalog_app, name="catalog")
tombstones_app = typer.Typer(no_args_is_help=True, help="What people took back must be gone.")
app.add_typer(tombstones_app, name="tombstones")
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]

_N_REASONS = 3
_STYLE_BY_VERDICT = {"safe": "green", "unsafe": "bold red", "unknown": "dim"}
_MARK_BY_STATE = {"ok": "[green]ok[/]", "absent": "[yellow]–[/]", "missing": "[red]missing[/]"}


@contextmanager
def one_line_errors() -> Iterator[None]:
    """End the command with one line and exit code 2 where input is bad."""
    try:
        yield
    except SaferecError as exc:
        err.print(f"saferec: {exc}", markup=False, soft_wrap=True)
        raise typer.Exit(2) from exc


def print_json(value: object) -> None:
    """Print a value as JSON, as it is, whatever the width of the terminal."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Say what is installed, which device and servers there are, and how to get what is missing.

    Exit code 1 where something is missing that the run on the bundled input needs.
    """
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
            mend = f"\n[cyan]{escape(check.mend)}[/]" if check.state != "ok" and check.mend else ""
            table.add_row(_MARK_BY_STATE[check.state], check.name, escape(check.found) + mend)
        out.print(table)
    missing = [check.name for check in checks if check.state == "missing"]
    verdict = f"Missing: {', '.join(missing)}." if missing else "The bundled run can start."
    out.print(f"\n{escape(verdict)}")


@app.command()
def show(
    title: Annotated[str, typer.Argument(help='A title, best with its year: "Saw (2004)".')],
    full: Annotated[bool, typer.Option("--full", help="Print all evidence.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what both oracles say of a title, trait by trait, with the evidence.

    Exit code 1 where the title means no item or more than one.
    """
    with one_line_errors():
        found = look_up(Path(), title)
    if as_json:
        print_json(asdict(found) if isinstance(found, NotOne) else to_row(found))
    elif isinstance(found, NotOne):
        _print_not_one(title, found)
    else:
        _print_verdicts(found, None if full else _N_REASONS)
    if isinstance(found, NotOne):
        raise typer.Exit(1)


def _print_not_one(title: str, found: NotOne) -> None:
    if found.candidates:
        err.print(f"{title!r} may mean {'; '.join(found.candidates)}.", soft_wrap=True)
    elif found.near:
        err.print(f"No title {title!r}. Near: {'; '.join(found.near)}.", soft_wrap=True)
    else:
        err.print(f"No title {title!r}, and none is spelled like it.", soft_wrap=True)


def _print_verdicts(shown: Shown, n_reasons: int | None) -> None:
    item = shown.item
    out.print(f"[bold]{escape(name_of(item))}[/]  {item.item_id}  {', '.join(item.genres)}")
    known = [t for t in shown.traits if {t.build.verdict, t.grade.verdict} != {"unknown"}]
    for told in shown.traits if n_reasons is None else known:
        out.print(f"\n[bold]{escape(told.trait)}[/]")
        table = Table.grid(padding=(0, 2))
        for oracle, risk in (("building", told.build), ("grading", told.grade)):
            verdict = f"[{_STYLE_BY_VERDICT[risk.verdict]}]{risk.verdict}[/]"
            reasons = escape("\n".join(_reasons(risk, n_reasons)))
            table.add_row(f"  {oracle}", verdict, interval_of(risk), reasons)
        out.print(table)
    rest = [told.trait for told in shown.traits if told not in known]
    if rest and n_reasons is not None:
        out.print(f"\n[bold]Unknown to both[/]: {escape('; '.join(rest))}. Why: --full")


def _reasons(risk: Risk, n_reasons: int | None) -> list[str]:
    n_more = 0 if n_reasons is None else len(risk.because) - n_reasons
    more = [f"and {n_more} more: --full"] if n_more > 0 else []
    return [*risk.because[:n_reasons], *more]


@app.command()
def sources(as_json: AsJson = False) -> None:
    """List the configured sources: reader, rows read, licence, when they were fetched."""
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


@app.command()
def summary(as_json: AsJson = False) -> None:
    """Say what was built, where it lies, and what to do next."""
    with one_line_errors():
        found = summarize(Path())
    if as_json:
        print_json({"seconds": found.seconds, "stages": found.counts, "waiting": found.waiting})
    else:
        _print_summary(found)


def _print_summary(found: Summary) -> None:
    table = Table(box=None, header_style="bold")
    for name in ("stage", "made", "left out", "seconds"):
        table.add_column(name, justify="right" if name in ("left out", "seconds") else "left")
    for row in found.counts:
        made = ", ".join(f"{number:,} {name}" for name, number in row["out"].items())
        left_out = f"{sum(row['rejected'].values()):,}"
        table.add_row(row["stage"], escape(made), left_out, f"{row['seconds']:.1f}")
    out.print(table)
    if found.waiting:
        out.print(f"\nNot run yet: {', '.join(found.waiting)}.", soft_wrap=True)
    out.print(f"\n[bold]Built[/] in {found.seconds:.0f} s of the stages' time:")
    for what, path in found.places.items():
        out.print(f"  {path}  [dim]{what}[/]", soft_wrap=True)
    out.print("[bold]Next[/]: open the page; ask `saferec show TITLE` what is known of a title;")
    out.print("bring your own catalogue, dialogs, model and annotators: docs/own-data.md.")


@app.command()
def workspace(
    folder: Annotated[Path, typer.Argument(help="The run folder to make or refresh.")],
    profile: Annotated[Path, typer.Option(help="A YAML file of what differs from params.yaml.")],
    data: Annotated[Path | None, typer.Option(help="The folder that ${data} stands for.")] = None,
) -> None:
    """Make a run folder beside this project, with other parameters and a DVC of its own."""
    with one_line_errors():
        files = make_workspace(Path(), folder, profile, data)
    out.print(f"{folder}: {len(files)} files. Next: cd {folder} && dvc repro", soft_wrap=True)


@link_app.command("eval")
def link_eval(
    turns: Annotated[Path, typer.Argument(help="Annotated turns, one JSON object a line.")],
    catalog: Annotated[
        Path | None, typer.Option(help="A table of items; without it, that of the run.")
    ] = None,
) -> None:
    """Print precision, recall, F1 and abstention rate of linking, with intervals, as JSON."""
    with one_line_errors():
        print_json(evaluate_linking(Path(), turns, catalog))


@link_app.command("review")
def link_review() -> None:
    """Ask what the words mean that linking left open, the most frequent first.

    The answers go into the file that `link.decisions` names; the next run reads it.
    """
    with one_line_errors():
        queue = read_queue(Path())
    n_decided = 0
    for found in queue.open:
        _print_open(found, queue.name_by_id)
        answer = typer.prompt("Number, title (year), n: no title, s: skip, q: stop", default="s")
        if answer == "q":
            break
        if answer == "s":
            continue
        item_id = _meant(answer, found, queue)
        if item_id is None and answer != "n":
            out.print(f"{escape(answer)!r} means no item or more than one: skipped.")
            continue
        queue.decide(found.words, item_id)
        n_decided += 1
    told = f"{n_decided} decisions in {queue.decisions}; `dvc repro` links again with them."
    out.print(told, soft_wrap=True)


def _print_open(found: Open, name_by_id: dict[str, str]) -> None:
    out.print(
        f"\n[bold]{escape(found.words)}[/]  {found.n_mentions} times: {', '.join(found.reasons)}"
    )
    for before, words, behind in found.contexts:
        out.print(f"  … {escape(before)}[bold]{escape(words)}[/]{escape(behind)} …", soft_wrap=True)
    for number, item_id in enumerate(found.candidates, start=1):
        out.print(f"  {number}  {escape(name_by_id.get(item_id, item_id))}")


def _meant(answer: str, found: Open, queue: Queue) -> str | None:
    if answer.isdigit() and 1 <= int(answer) <= len(found.candidates):
        return found.candidates[int(answer) - 1]
    return None if answer == "n" else queue.find(answer)


@link_app.command("tasks")
def link_tasks(
    path: Annotated[Path, typer.Argument(help="The file to write.")],
) -> None:
    """Write what linking left open as Label Studio tasks, for annotation/screens/linking.xml."""
    with one_line_errors():
        n_tasks = write_tasks(read_queue(Path()), path)
    out.print(f"{path}: {n_tasks} tasks", soft_wrap=True)


@link_app.command("learn")
def link_learn(
    export: Annotated[Path, typer.Argument(help="A JSON export of the tasks.")],
) -> None:
    """Add what a Label Studio export decides to the file that the next run reads."""
    with one_line_errors():
        queue = read_queue(Path())
        n_decided = learn(queue, export)
    out.print(f"{n_decided} decisions in {queue.decisions}", soft_wrap=True)


@tag_app.command("eval")
def tag_eval(
    labels: Annotated[Path, typer.Argument(help="Your labels, CSV: docs/text-evidence.md.")],
) -> None:
    """Print how well texts tell unsafe from safe on your labels, beside two peers, as JSON.

    Nothing is fitted on them. Each row that cannot be used is one line on standard error.
    """
    with one_line_errors():
        table, rejections = evaluate_tagging(Path(), labels)
    for one in rejections:
        err.print(f"{one.place}: {one.reason}: {one.detail}", markup=False, soft_wrap=True)
    print_json(table)


@synth.command("plan")
def synth_plan(as_json: AsJson = False) -> None:
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


@app.command("fetch")
def fetch_command(
    source: Annotated[
        str | None, typer.Argument(help="A source; without one all are listed.")
    ] = None,
    to: Annotated[Path, typer.Option(help="The folder of all fetched data.")] = Path("data/raw"),
    accept: Annotated[bool, typer.Option("--accept", help="Accept the licence shown.")] = False,
    items: Annotated[
        Path, typer.Option(help="The catalogue whose films an API is asked for.")
    ] = Path("data/interim/items.parquet"),
    limit: Annotated[int | None, typer.Option(help="Films to ask an API for.", min=1)] = None,
    as_json: AsJson = False,
) -> None:
    """Download what a publisher offers freely, or say how to obtain it.

    The licence is shown and accepted once. A download that was cut goes on where it was.
    """
    with one_line_errors():
        if source is None:
            _print_sources_to_fetch(as_json)
            return
        today = date.today()
        found = fetch(
            source, to, lambda s: _ask(s, accept), _progress, items=items, limit=limit, today=today
        )
    if as_json:
        print_json({"obtain": found} if isinstance(found, str) else asdict(found))
    elif isinstance(found, str):
        out.print(escape(found), soft_wrap=True)
    else:
        _print_fetched(found, to)


def _print_sources_to_fetch(as_json: bool) -> None:
    known = sources_to_fetch()
    if as_json:
        print_json([source.model_dump(exclude_none=True) for source in known])
        return
    table = Table(box=None, header_style="bold")
    for name in ("source", "what", "licence", "how"):
        table.add_column(name, overflow="fold", no_wrap=name == "source")
    for source in known:
        how = "download" if source.files else "API with a key" if source.api else "by hand"
        table.add_row(*map(escape, (source.name, source.what, source.licence, how)))
    out.print(table)


def _ask(source: Source, accepted: bool) -> bool:
    err.print(f"{source.name}: {source.what}", markup=False, soft_wrap=True)
    for file in source.files or ():
        size = f"{file.bytes:,} bytes" if file.bytes else "size not stated"
        told = f"{size}, {file.checksum or 'no checksum stated'}"
        err.print(f"  {file.url} ({told})", markup=False, soft_wrap=True)
    licence = f"Licence: {source.licence}, {source.licence_page}"
    err.print(licence, markup=False, soft_wrap=True)
    return accepted or (sys.stdin.isatty() and typer.confirm("Accept it?", err=True))


def _progress(have: int, total: int | None) -> None:
    if err.is_terminal:
        err.print(f"\r{have:,}" + (f" of {total:,}" if total else ""), end="", markup=False)


def _print_fetched(found: Fetched, root: Path) -> None:
    for file in found.files:
        told = ", ".join(f"{key} {value}" for key, value in file.items() if key != "url")
        out.print(f"{found.folder}: {told}", markup=False, soft_wrap=True)
    told = f"To read it, set mine_catalog.root to {root} in params.yaml and add to its sources:"
    out.print(told, markup=False, soft_wrap=True)
    out.print(f"- {json.dumps(found.setting)}", markup=False, soft_wrap=True)


@catalog_app.command("coverage")
def coverage_command(as_json: AsJson = False) -> None:
    """Show how much each source tells about each trait, in items and as a share of all items."""
    with one_line_errors():
        rows = catalog_coverage(Path())
    if as_json:
        print_json([asdict(row) for row in rows])
    else:
        _print_coverage(rows)


def _print_coverage(rows: list[Coverage]) -> None:
    sources = list(dict.fromkeys(row.source for row in rows))
    told = {(row.source, row.trait): row for row in rows}
    table = Table(box=None, header_style="bold")
    table.add_column("items that a source tells something of", overflow="fold")
    for source in sources:
        table.add_column(source or "any source", justify="right", overflow="fold")
    for trait in dict.fromkeys(row.trait for row in rows):
        cells = [told[source, trait] for source in sources]
        table.add_row(escape(trait), *(f"{c.items:,} ({c.share:.0%})" for c in cells))
    out.print(table)


@app.command("household")
def household_command(
    file: Annotated[Path, typer.Argument(help="A YAML file of households.")],
    title: Annotated[str, typer.Argument(help='A title, best with its year: "Saw (2004)".')],
    as_json: AsJson = False,
) -> None:
    """Tell whether a title suits several people at once: unsafe for one is unsafe for all.

    Exit code 1 where the title means no item or more than one.
    """
    with one_line_errors():
        found = household_verdicts(Path(), file, title)
    if isinstance(found, NotOne):
        _print_not_one(title, found)
        raise typer.Exit(1)
    if as_json:
        print_json([asdict(told) for told in found])
        return
    for told in found:
        out.print(f"{told.household}: {told.build} (grading oracle: {told.grade})", markup=False)
        for who, trait in told.unsafe_for:
            out.print(f"  unsafe for {who}: {trait}", markup=False, soft_wrap=True)


@tombstones_app.command("add")
def tombstones_add(
    source: Annotated[str, typer.Option(help="The source's name in params.yaml.")],
    post: Annotated[str | None, typer.Option(help='A post by its id: "t3_rt01s5".')] = None,
    author: Annotated[str | None, typer.Option(help="A name; its pseudonym is kept.")] = None,
) -> None:
    """Put one post or one author on the list. Then: dvc repro, saferec tombstones check."""
    if (post is None) == (author is None):
        raise typer.BadParameter("name a post or an author")
    with one_line_errors():
        stone = add_tombstone(Path(), source, post, author, os.environ)
    out.print(f"{stone.source}: {stone.post or stone.author} must go. Next: dvc repro")


@tombstones_app.command("check")
def tombstones_check(as_json: AsJson = False) -> None:
    """Look through everything that stages made for what was taken back.

    Exit code 1 where something is found, or the files were made from another list.
    """
    with one_line_errors():
        found = look_for_tombstones(Path())
    if as_json:
        print_json({**asdict(found), "proven": found.is_proven})
    else:
        for looked in (one for one in found.files if one.found):
            err.print(f"{looked.path}: {looked.found:,} of {looked.rows:,} rows", soft_wrap=True)
        n_rows = sum(looked.rows for looked in found.files)
        n_found = sum(looked.found for looked in found.files)
        said = "" if found.replayed else "; not made from this list: run dvc repro first"
        out.print(
            f"{found.tombstones} tombstones; {len(found.files)} files, {n_rows:,} rows looked at, "
            f"{n_found:,} name what was taken back{said}",
            soft_wrap=True,
        )
    if not found.is_proven:
        raise typer.Exit(1)
