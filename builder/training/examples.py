"""Training examples from the release: what is asked, what answers it, what it is judged by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import datasets

from builder.evaluation.answers import reasoning_of, render_answer
from builder.export.choose import Config
from builder.export.naming import Names
from builder.export.release_layout import FOLDER_OF, INDEX_FILE
from builder.oracle.files.oracle import Oracle
from builder.records import Conversation, ExportRow, Item, Split
from builder.tables import iter_table

NO_TRAIT = "None"
"""What a GRPO row carries where the conversation holds no cue (the reference's word)."""


@dataclass(frozen=True, slots=True)
class Example:
    """A row of the release, with the ids of the items behind its titles.

    Attributes:
        row_id: "sft/train/17".
        conversation_id: Of the conversation it was made of.
        dialog_id: Of its thread.
        prompt: One user message.
        trait: The assigned one.
        traits: All that an answer must respect.
        truth: Ids of its ground truth.
        completion: "" for GRPO rows.
    """

    row_id: str
    conversation_id: str
    dialog_id: str
    prompt: str
    trait: str | None
    traits: tuple[str, ...]
    truth: tuple[str, ...]
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
        row_id=origin.row_id,
        conversation_id=origin.conversation_id,
        dialog_id=origin.dialog_id,
        prompt=row["prompt"][0]["content"],
        trait=None if trait == NO_TRAIT else trait,
        traits=tuple(name for name, holds in row["constraints"].items() if holds),
        truth=origin.groundtruth_ids,
        completion=row["completion"][0]["content"] if "completion" in row else "",
    )


class ThreadLists:
    """Items recommended in a thread, to complete the short list of a single reply.

    A reply names two or three titles, an answer should list ten. What other people recommended
    for the same request is the best further answer there is.
    """

    def __init__(self, conversations: Iterable[Conversation], *, whole_thread: bool) -> None:
        """Gather the recommended items of each thread, in the order of the table.

        Args:
            conversations: All of them.
            whole_thread: Whether lists are completed; if not, a reply's own items are all.
        """
        self._whole_thread = whole_thread
        self._items: dict[str, dict[str, None]] = {}
        self._by_conversation: dict[str, Conversation] = {}
        for conversation in conversations:
            items = self._items.setdefault(conversation.dialog_id, {})
            items.update(dict.fromkeys(conversation.recommended))
            self._by_conversation[conversation.conversation_id] = conversation

    def unfiltered(self, example: Example, wanted: int) -> tuple[str, ...]:
        """Return all that the reply recommends, then what the thread does, up to `wanted`."""
        own = self._by_conversation[example.conversation_id]
        return self._items_of(own, own.recommended)[:wanted]

    def safe(self, example: Example, oracle: Oracle, wanted: int) -> tuple[str, ...]:
        """Return what of it the building oracle calls safe for all of the example's traits."""
        if not example.traits:
            return self.unfiltered(example, wanted)
        own = self._by_conversation[example.conversation_id]
        return oracle.cut(self._items_of(own, own.safe), example.traits).safe[:wanted]

    def _items_of(self, own: Conversation, first: Sequence[str]) -> tuple[str, ...]:
        """Return these items, then those of the thread, without what the seeker has named."""
        others = self._items[own.dialog_id] if self._whole_thread else ()
        ordered = dict.fromkeys([*first, *others])
        return tuple(item_id for item_id in ordered if item_id not in own.seen)


def named_items(items: Iterable[Item], conversations: Iterable[Conversation]) -> list[Item]:
    """Return the items that somebody in the conversations names."""
    named = {item_id for talk in conversations for item_id in (*talk.recommended, *talk.seen)}
    return [item for item in items if item.item_id in named]


def sft_rows(
    examples: Iterable[Example],
    lists: Iterable[Sequence[str]],
    names: Names,
    *,
    reasoning: bool,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield rows for TRL's SFTTrainer, each with the id of its conversation.

    Args:
        examples: What is asked.
        lists: The items that each completion lists.
        names: Of the catalogue.
        reasoning: Whether the release's <reasoning> is kept.
    """
    for example, item_ids in zip(examples, lists, strict=True):
        yield example.conversation_id, sft_row(example, item_ids, names, reasoning=reasoning)


def sft_row(
    example: Example, item_ids: Sequence[str], names: Names, *, reasoning: bool
) -> dict[str, Any]:
    """Return a row for TRL's SFTTrainer: prompt and completion as messages.

    Args:
        example: What is asked.
        item_ids: What the completion lists.
        names: Of the catalogue.
        reasoning: Whether the release's <reasoning> is kept.
    """
    words = reasoning_of(example.completion) if reasoning else ""
    titles = [names.title_year(item_id) for item_id in item_ids]
    return {
        "prompt": [{"role": "user", "content": example.prompt}],
        "completion": [{"role": "assistant", "content": render_answer(titles, words)}],
    }
