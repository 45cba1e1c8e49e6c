"""The output of every command: tables or JSON on standard output, bad input in one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from builder.errors import SaferecError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@contextmanager
def one_line_errors() -> Iterator[None]:
    """End the command with one line and exit code 2 if the input is bad."""
    try:
        yield
    except SaferecError as exc:
        err.print(f"saferec: {exc}", markup=False, soft_wrap=True)
        raise typer.Exit(2) from exc


def print_json(value: object) -> None:
    """Print a value as JSON, unwrapped whatever the width of the terminal."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))
