"""Training examples from the release: what is asked, what answers it, what it is judged by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import datasets

from builder.evaluation.answers import reasoning_of, render_answer
from builder.export.choose import Config
from builder.export.layout import FOLDER_OF, INDEX_FILE
from builder.export.naming import Names
from builder.oracle.files.lookup import Oracle
from builder.records import Conversation, ExportRow, Split
from builder.tables import iter_table
from builder.titles import TitleYear

NO_TRAIT = "None"
"""What a GRPO row carries where the conversation holds no cue (the reference's word)."""


@dataclass(frozen=True, slots=True)
class Example:
    """A row of the release with the thread it comes from.

    `prompt` is one user message, `truth` the ground truth, `completion` "" for GRPO rows. `trait`
    is the assigned one, `traits` are all that an answer must respect.
    """

    conversation_id: str
    dialog_id: str
    prompt: str
    trait: str | None
    traits: tuple[str, ...]
    truth: tuple[TitleYear, ...]
    completion: str


def read_examples(saferec: Path, config: Config, split: Split) -> list[Example]:
    """Return the rows of one configuration and split, in the release's order."""
    rows = datasets.load_from_disk(str(saferec / FOLDER_OF[config]))[split]
    index = {
        row.row: row
        for row in iter_table(saferec / INDEX_FILE, ExportRow)
        if (row.config, row.split) == (config, split)
    }
    return [_example(row, index[number]) for number, row in enumerate(rows)]


def _example(row: Mapping[str, Any], origin: ExportRow) -> Example:
    trait = row["assigned_trait"]
    return Example(
        conversation_id=origin.conversation_id,
        dialog_id=origin.dialog_id,
        prompt=row["prompt"][0]["content"],
        trait=None if trait == NO_TRAIT else trait,
        traits=tuple(name for name, holds in row["constraints"].items() if holds),
        truth=tuple(_title(title, year) for title, year in row["groundtruth_with_release_year"]),
        completion=row["completion"][0]["content"] if "completion" in row else "",
    )


def _title(title: str, year: str) -> TitleYear:
    return TitleYear(title, int(year) if year else None)


class ThreadLists:
    """Titles recommended in a thread, to complete the short list of a single reply.

    A reply names two or three titles, an answer should list ten. What other people recommended
    for the same request is the best further answer there is.
    """

    def __init__(
        self, conversations: Iterable[Conversation], names: Names, *, whole_thread: bool
    ) -> None:
        """Gather the recommended items of each thread, in the order of the table.

        Args:
            conversations: All of them.
            names: Of the catalogue.
            whole_thread: Whether lists are completed; if not, a reply's own titles are all.
        """
        self._names, self._whole_thread = names, whole_thread
        self._items: dict[str, dict[str, None]] = {}
        self._by_conversation: dict[str, Conversation] = {}
        for conversation in conversations:
            items = self._items.setdefault(conversation.dialog_id, {})
            items.update(dict.fromkeys(conversation.recommended))
            self._by_conversation[conversation.conversation_id] = conversation

    def unfiltered(self, example: Example, wanted: int) -> tuple[TitleYear, ...]:
        """Return all that the reply recommends, then what the thread does, up to `wanted`."""
        own = self._by_conversation[example.conversation_id]
        return self._titles(own.recommended, example, own)[:wanted]

    def safe(self, example: Example, oracle: Oracle, wanted: int) -> tuple[TitleYear, ...]:
        """Return what of it the building oracle calls safe for all of the example's traits."""
        if not example.traits:
            return self.unfiltered(example, wanted)
        own = self._by_conversation[example.conversation_id]
        listed = self._titles(own.safe, example, own)
        verdicts = oracle.verdicts_for_all(listed, example.traits)
        kept = [title for title, said in zip(listed, verdicts, strict=True) if said == "safe"]
        return tuple(kept[:wanted])

    def _titles(
        self, first: Sequence[str], example: Example, own: Conversation
    ) -> tuple[TitleYear, ...]:
        others = self._items[example.dialog_id] if self._whole_thread else ()
        ordered = dict.fromkeys([*first, *others])
        return tuple(self._names.title_year(item) for item in ordered if item not in own.seen)


def sft_row(example: Example, titles: Sequence[TitleYear], *, reasoning: bool) -> dict[str, Any]:
    """Return a row for TRL's SFTTrainer: prompt and completion as messages.

    Args:
        example: What is asked.
        titles: What the completion lists.
        reasoning: Whether the release's <reasoning> is kept.
    """
    said = reasoning_of(example.completion) if reasoning else ""
    return {
        "prompt": [{"role": "user", "content": example.prompt}],
        "completion": [{"role": "assistant", "content": render_answer(titles, said)}],
    }
