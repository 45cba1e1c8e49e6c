"""The `saferec` command. It prints what pipelines/cli/commands gathers.

Each command imports what it needs when it runs: `saferec --help` answers at once, and only the
commands that encode texts wait for torch.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from pipelines.cli import fetching, linking, project, titles, tombstones, writing

app = typer.Typer(
    name="saferec",
    help="Build data for recommenders that respect sensitivities; train and evaluate on it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(version("saferec-builder"))
        raise typer.Exit


@app.callback()
def _options(
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Declare the options of the command itself."""


app.command()(project.doctor)
app.command()(titles.show)
app.command()(project.sources)
app.command()(project.summary)
app.command()(project.workspace)
app.command()(project.compare)
app.command("fetch")(fetching.fetch_source)
app.command()(titles.household)


def _group(name: str, about: str) -> typer.Typer:
    group = typer.Typer(no_args_is_help=True, help=about)
    app.add_typer(group, name=name)
    return group


_link = _group("link", "Measure the linking of titles, and decide on open mentions.")
_link.command("eval")(linking.link_eval)
_link.command("review")(linking.link_review)
_link.command("tasks")(linking.link_tasks)
_link.command("learn")(linking.link_learn)
_group("tag", "Measure the evidence from texts.").command("eval")(titles.tag_eval)
_group("synth", "Estimate what a language model would be asked.").command("plan")(writing.plan)
_group("catalog", "Look at the catalogue.").command("coverage")(titles.coverage)
_tombstones = _group("tombstones", "Remove posts and authors on request.")
_tombstones.command("add")(tombstones.add)
_tombstones.command("check")(tombstones.check)
