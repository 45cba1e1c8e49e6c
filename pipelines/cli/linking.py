"""Measures linking, and lets people decide on open mentions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from pipelines.cli.console import one_line_errors, out, print_json

if TYPE_CHECKING:
    from builder.linking.review.decisions import OpenWords
    from pipelines.cli.commands.link_review import Queue


def link_eval(
    turns: Annotated[Path, typer.Argument(help="Annotated turns, one JSON object per line.")],
    catalog: Annotated[
        Path | None, typer.Option(help="A table of items; default: the items of the run.")
    ] = None,
) -> None:
    """Print precision, recall, F1 and abstention rate of linking as JSON, with intervals."""
    from pipelines.cli.commands.link import evaluate_linking

    with one_line_errors():
        print_json(evaluate_linking(Path(), turns, catalog))


def link_review() -> None:
    """Decide on open mentions in the terminal, the most frequent first.

    Decisions are added to the file that `link.decisions` names; the next run uses them.
    """
    from pipelines.cli.commands.link_review import read_queue

    with one_line_errors():
        queue = read_queue(Path())
    n_decided = 0
    for found in queue.open:
        _print_open(found, queue.name_by_id)
        answer, item_id = _ask(found, queue)
        if answer == "q":
            break
        if answer != "s":
            queue.decide(found.words, item_id)
            n_decided += 1
    told = f"{n_decided} decisions added to {queue.decisions}. Next: dvc repro"
    out.print(told, soft_wrap=True)


def _ask(found: OpenWords, queue: Queue) -> tuple[str, str | None]:
    """Return the answer and the item that is meant, None for no title, skip or stop."""
    while True:
        answer = typer.prompt("Number, title (year), n: no title, s: skip, q: stop", default="s")
        item_id = _meant(answer, found, queue)
        if item_id is not None or answer in {"n", "s", "q"}:
            return answer, item_id
        out.print(f"{escape(answer)!r} matches no item of the catalogue, or several.")


def _print_open(found: OpenWords, name_by_id: dict[str, str]) -> None:
    out.print(
        f"\n[bold]{escape(found.words)}[/]  {found.n_mentions} times: {', '.join(found.reasons)}"
    )
    for before, words, behind in found.contexts:
        out.print(f"  … {escape(before)}[bold]{escape(words)}[/]{escape(behind)} …", soft_wrap=True)
    for number, item_id in enumerate(found.candidates, start=1):
        out.print(f"  {number}  {escape(name_by_id.get(item_id, item_id))}")


def _meant(answer: str, found: OpenWords, queue: Queue) -> str | None:
    if answer.isdigit() and 1 <= int(answer) <= len(found.candidates):
        return found.candidates[int(answer) - 1]
    return None if answer in {"n", "s", "q"} else queue.find(answer)


def link_tasks(
    path: Annotated[Path, typer.Argument(help="The file to write.")],
) -> None:
    """Write open mentions as Label Studio tasks, for annotation/screens/linking.xml."""
    from pipelines.cli.commands.link_review import read_queue, write_tasks

    with one_line_errors():
        n_tasks = write_tasks(read_queue(Path()), path)
    out.print(f"{path}: {n_tasks} tasks", soft_wrap=True)


def link_learn(
    export: Annotated[Path, typer.Argument(help="A JSON export of the tasks.")],
) -> None:
    """Add the decisions in a Label Studio export to the file that the next run uses."""
    from pipelines.cli.commands.link_review import learn, read_queue

    with one_line_errors():
        queue = read_queue(Path())
        n_decided = learn(queue, export)
    out.print(f"{n_decided} decisions added to {queue.decisions}. Next: dvc repro", soft_wrap=True)
