"""What people took back must be gone."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import AsJson, err, one_line_errors, out, print_json


def add(
    source: Annotated[str, typer.Option(help="The source's name in params.yaml.")],
    post: Annotated[str | None, typer.Option(help='A post by its id: "t3_rt01s5".')] = None,
    author: Annotated[str | None, typer.Option(help="A name; its pseudonym is kept.")] = None,
) -> None:
    """Put one post or one author on the list. Then: dvc repro, saferec tombstones check."""
    from pipelines.cli.commands.tombstones import add_tombstone

    if (post is None) == (author is None):
        raise typer.BadParameter("name a post or an author")
    with one_line_errors():
        stone = add_tombstone(Path(), source, post, author, os.environ)
    out.print(f"{stone.source}: {stone.post or stone.author} must go. Next: dvc repro")


def check(as_json: AsJson = False) -> None:
    """Look through everything that stages made for what was taken back.

    Exit code 1 where something is found, or the files were made from another list.
    """
    from pipelines.cli.commands.tombstones import look_for_tombstones

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
