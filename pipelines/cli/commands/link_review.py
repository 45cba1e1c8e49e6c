"""What linking left open, shown to a person, and what they decide, kept for the next run.

`saferec link review` asks in the terminal, `saferec link tasks` writes the same for Label Studio
(annotation/screens/linking.xml), and `saferec link learn` reads its export.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from builder.errors import InputError
from builder.linking.review.decisions import OpenWords, open_words
from builder.records import Dialog, Item, Mention
from builder.tables import read_table, write_json
from builder.text_files.json_text import read_json
from builder.titles import Named, TitleIndex, TitleYear, parse_title
from pipelines.runtime.layout import read_layout

N_CONTEXTS = 3
"""Places shown of the same words."""

NO_TITLE = "no title"
SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Queue:
    """What is open, the names of all items by id, and where decisions go."""

    open: tuple[OpenWords, ...]
    name_by_id: dict[str, str]
    index: TitleIndex
    decisions: Path

    def find(self, words: str) -> str | None:
        """Return the one item that "Title (Year)" or an item id means."""
        if words in self.name_by_id:
            return words
        asked = parse_title(words)
        return self.index.resolve(asked.title, asked.year).item_id

    def decide(self, words: str, item_id: str | None) -> None:
        """Append a decision to the file."""
        self.decisions.parent.mkdir(parents=True, exist_ok=True)
        with self.decisions.open("ab") as handle:
            handle.write(orjson.dumps({"words": words, "item_id": item_id}) + b"\n")


def read_queue(folder: Path) -> Queue:
    """Return what the last run left open, most frequent words first.

    Raises:
        InputError: If stage link has not run yet.
    """
    layout = read_layout(folder)
    for name in ("items", "dialogs", "mentions"):
        if not layout[name].exists():
            raise InputError(layout[name], "does not exist yet", "run `make repro` first")
    items = read_table(layout["items"], Item)
    dialogs = read_table(layout["dialogs"], Dialog)
    mentions = read_table(layout["mentions"], Mention)
    return Queue(
        open=tuple(open_words(mentions, dialogs, n_contexts=N_CONTEXTS)),
        name_by_id={item.item_id: str(TitleYear(item.title, item.year)) for item in items},
        index=TitleIndex(Named(i.item_id, (i.title, *i.aliases), i.year) for i in items),
        decisions=layout["link_decisions"],
    )


def write_tasks(queue: Queue, path: Path) -> int:
    """Write the queue as Label Studio tasks and return how many."""
    tasks = list(_tasks(queue))
    write_json(path, tasks)
    return len(tasks)


def _tasks(queue: Queue) -> Iterator[dict[str, Any]]:
    for found in queue.open:
        choices = [
            {"value": f"{queue.name_by_id[item_id]} [{item_id}]"}
            for item_id in found.candidates
            if item_id in queue.name_by_id
        ]
        shown = "\n".join(
            f"… {before}[{words}]{behind} …" for before, words, behind in found.contexts
        )
        yield {
            "data": {
                "words": found.words,
                "reasons": f"{found.n_mentions} times: {', '.join(found.reasons)}",
                "contexts": shown,
                "choices": [*choices, {"value": NO_TITLE}, {"value": SKIPPED}],
            }
        }


def learn(queue: Queue, export: Path) -> int:
    """Append what a Label Studio export decides and return how many decisions it holds.

    Raises:
        InputError: If the file is missing, or is no export of these tasks.
    """
    decided = 0
    try:
        for task in read_json(export):
            for choice in _choices(task):
                if choice != SKIPPED:
                    item_id = None if choice == NO_TITLE else choice.rpartition("[")[2].rstrip("]")
                    queue.decide(task["data"]["words"], item_id)
                    decided += 1
    except (KeyError, TypeError, AttributeError) as exc:
        fix = "export the project as JSON, not JSON_MIN"
        raise InputError(export, f"is not an export of linking tasks ({exc!r})", fix) from exc
    return decided


def _choices(task: dict[str, Any]) -> Iterator[str]:
    given = [a for a in task["annotations"] if not a.get("was_cancelled")]
    for annotation in given[-1:]:
        for result in annotation["result"]:
            yield from result["value"]["choices"]
