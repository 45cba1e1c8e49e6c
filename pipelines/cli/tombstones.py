"""Remove posts and authors on request."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import AsJson, err, one_line_errors, out, print_json


def add(
    source: Annotated[str, typer.Option(help="Name of the source in params.yaml.")],
    post: Annotated[str | None, typer.Option(help='Id of a post: "t3_rt01s5".')] = None,
    author: Annotated[
        str | None, typer.Option(help="Name of an author; only the pseudonym is stored.")
    ] = None,
    absent: Annotated[
        bool, typer.Option("--absent", help="The source no longer has it; it is not read.")
    ] = False,
) -> None:
    """Put a post or an author on the list of removals. Next: dvc repro, tombstones check."""
    from pipelines.cli.commands.tombstones import add_tombstone

    if (post is None) == (author is None):
        raise typer.BadParameter("give either --post or --author")
    with one_line_errors():
        stone = add_tombstone(Path(), source, post, author, os.environ, absent=absent)
    out.print(f"{stone.source}: {stone.post or stone.author} is on the list. Next: dvc repro")


def check(as_json: AsJson = False) -> None:
    """Check that no output still contains what is on the list of removals.

    Exit code 1 if one does, or if the outputs were built from another list.
    """
    from pipelines.cli.commands.tombstones import look_for_tombstones

    with one_line_errors():
        found = look_for_tombstones(Path(), os.environ)
    if as_json:
        print_json({**asdict(found), "proven": found.is_proven})
    else:
        for looked in (one for one in found.files if one.found):
            err.print(f"{looked.path}: {looked.found:,} of {looked.rows:,} rows", soft_wrap=True)
        for looked in (one for one in found.files if one.problem):
            err.print(f"{looked.path}: could not be read: {looked.problem}", soft_wrap=True)
        n_rows = sum(looked.rows for looked in found.files)
        n_found = sum(looked.found for looked in found.files)
        said = (
            ""
            if found.replayed
            else "; the outputs were built from another list: run dvc repro first"
        )
        out.print(
            f"{found.tombstones} tombstones; {len(found.files)} files, {n_rows:,} rows checked, "
            f"{n_found:,} rows refer to removed content{said}",
            soft_wrap=True,
        )
    if not found.is_proven:
        raise typer.Exit(1)
