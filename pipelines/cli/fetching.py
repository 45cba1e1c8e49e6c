"""Downloads of freely available data."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from pipelines.cli.console import AsJson, err, one_line_errors, out, print_json

if TYPE_CHECKING:
    from builder.catalog.fetching.register import Source
    from pipelines.cli.commands.fetch import Fetched


def fetch_source(
    source: Annotated[str | None, typer.Argument(help="A source; omit it to list all.")] = None,
    to: Annotated[Path, typer.Option(help="The folder for downloads.")] = Path("data/raw"),
    accept: Annotated[
        bool, typer.Option("--accept", help="Accept the licence without asking.")
    ] = False,
    items: Annotated[
        Path, typer.Option(help="The catalogue whose films are requested from an API.")
    ] = Path("data/interim/items.parquet"),
    limit: Annotated[
        int | None, typer.Option(help="Number of films to request from an API.", min=1)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Download freely available data, or say how to obtain it.

    The licence is shown and accepted once. An interrupted download is resumed.
    """
    from pipelines.cli.commands.fetch import fetch

    with one_line_errors():
        if source is None:
            _print_sources(as_json)
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


def _print_sources(as_json: bool) -> None:
    from pipelines.cli.commands.fetch import sources_to_fetch

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
