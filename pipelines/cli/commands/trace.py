"""The way back from an exported row to the source lines it comes from, link by link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from builder.errors import InputError
from builder.export.release_layout import INDEX_FILE, scenario_ids
from builder.oracle.files.oracle import Oracle
from builder.records import Conversation, Dialog, ExportRow, Item, Mention, Request, Risk, Scenario
from builder.tables import read_where
from pipelines.cli.commands.show import items_of
from pipelines.runtime.layout import Layout, read_layout

T = TypeVar("T")

_SAFEREC_ROW = re.compile(r"(sft|grpo)/(train|validation|test)/(\d+)")
_PENGUIN_ROW = re.compile(r"penguin/(\d+)")

Place = Literal["left out", "kept", "unknown", "alternative"]


@dataclass(frozen=True, slots=True)
class TracedTitle:
    """One title of a conversation.

    Attributes:
        item_id: The item.
        place: What became of it.
        risks: The building oracle's answer for each trait in force, with its reasons.
    """

    item_id: str
    place: Place
    risks: tuple[Risk, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """A row and all that it comes from; a link that its way does not have is None or empty.

    Attributes:
        row: The row of SafeRec, with the ids of its items.
        scenario: The row of PENGUIN.
        conversation: What the row was made from.
        titles: The conversation's titles, those left out first.
        request: What the conversation was made from.
        mentions: The titles that were found in the request's posts and its reply.
        items: All items that are named, with the source rows that speak of them.
        dialog: The thread; of a request only the posts that it was made from.
    """

    row: ExportRow | None = None
    scenario: Scenario | None = None
    conversation: Conversation | None = None
    titles: tuple[TracedTitle, ...] = ()
    request: Request | None = None
    mentions: tuple[Mention, ...] = ()
    items: tuple[Item, ...] = ()
    dialog: Dialog | None = None


def trace(folder: Path, name: str) -> Trace | None:
    """Return the trace of a row, conversation, request, scenario or thread by its id.

    Args:
        folder: The project's.
        name: "sft/train/17" or "penguin/3" for a row, counted from 0; else an id.

    Returns:
        None if the name is none of these.

    Raises:
        InputError: If there is no such row, or a file is missing or does not fit the others.
    """
    tracer = _Tracer(read_layout(folder))
    if match := _SAFEREC_ROW.fullmatch(name):
        return tracer.of_row(match[1], match[2], int(match[3]))
    if match := _PENGUIN_ROW.fullmatch(name):
        return tracer.of_penguin(int(match[1]))
    return tracer.of_id(name) if ":" in name else None


class _Tracer:
    """Looks ids up in the files of one project."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def of_row(self, config: str, split: str, number: int) -> Trace:
        index = self._layout["saferec"] / INDEX_FILE
        wanted: dict[str, list[Any]] = {"config": [config], "split": [split], "row": [number]}
        rows = read_where(index, ExportRow, wanted)
        if not rows:
            raise InputError(index, f"has no row {config}/{split}/{number}", "rows count from 0")
        conversation = self._needed("conversations", Conversation, rows[0].conversation_id)
        return self._of_conversation(conversation, rows[0])

    def of_penguin(self, number: int) -> Trace:
        ids = scenario_ids(self._layout["penguin"])
        if number >= len(ids):
            raise InputError(
                self._layout["penguin"], f"has no row {number}", f"rows are 0 to {len(ids) - 1}"
            )
        return self._of_scenario(self._needed("scenarios", Scenario, ids[number]))

    def of_id(self, name: str) -> Trace | None:
        if conversation := self._found("conversations", Conversation, name):
            return self._of_conversation(conversation, None)
        if request := self._found("requests", Request, name):
            return self._of_request(request, [*request.seen, *request.recommended])
        if scenario := self._found("scenarios", Scenario, name):
            return self._of_scenario(scenario)
        if dialog := self._found("dialogs", Dialog, name):
            mentions = self._mentions(dialog)
            ids = [mention.item_id for mention in mentions if mention.item_id is not None]
            return Trace(dialog=dialog, mentions=mentions, items=self._items(ids))
        return None

    def _of_conversation(self, conversation: Conversation, row: ExportRow | None) -> Trace:
        request = self._needed("requests", Request, conversation.request_id)
        oracle = Oracle.open(self._layout["oracle_build"], "build")
        titles = tuple(_titles(conversation, oracle))
        named = [*conversation.seen, *conversation.recommended, *conversation.alternatives]
        return self._of_request(request, named, row=row, conversation=conversation, titles=titles)

    def _of_request(self, request: Request, named: Iterable[str], **links: Any) -> Trace:
        dialog = self._needed("dialogs", Dialog, request.dialog_id)
        turns = tuple(turn for turn in dialog.turns if turn.turn_id in request.turn_ids)
        return Trace(
            request=request,
            mentions=tuple(m for m in self._mentions(dialog) if m.turn_id in request.turn_ids),
            items=self._items(named),
            dialog=replace(dialog, turns=turns),
            **links,
        )

    def _of_scenario(self, scenario: Scenario) -> Trace:
        if not scenario.dialog_id:
            return Trace(scenario=scenario)
        return Trace(scenario=scenario, dialog=self._needed("dialogs", Dialog, scenario.dialog_id))

    def _mentions(self, dialog: Dialog) -> tuple[Mention, ...]:
        wanted = {"dialog_id": [dialog.dialog_id]}
        return tuple(read_where(self._layout["mentions"], Mention, wanted))

    def _items(self, item_ids: Iterable[str]) -> tuple[Item, ...]:
        wanted = list(dict.fromkeys(item_ids))
        by_id = {item.item_id: item for item in items_of(self._layout["items"], wanted)}
        return tuple(by_id[item_id] for item_id in wanted)

    def _found(self, table: str, record: type[T], row_id: str) -> T | None:
        """Return the row of that id, None if there is none or the table is not made yet."""
        path = self._layout[table]
        rows = read_where(path, record, {_ID[table]: [row_id]}) if path.exists() else []
        return rows[0] if rows else None

    def _needed(self, table: str, record: type[T], row_id: str) -> T:
        rows = read_where(self._layout[table], record, {_ID[table]: [row_id]})
        if not rows:
            raise InputError(
                self._layout[table], f"lacks {row_id}, which others name", "run `make repro`"
            )
        return rows[0]


_ID = {
    "conversations": "conversation_id",
    "requests": "request_id",
    "scenarios": "scenario_id",
    "dialogs": "dialog_id",
}


def _titles(conversation: Conversation, oracle: Oracle) -> Iterator[TracedTitle]:
    parts: tuple[tuple[Place, Iterable[str]], ...] = (
        ("left out", [left_out.item_id for left_out in conversation.filtered]),
        ("unknown", conversation.unknown),
        ("kept", conversation.safe),
        ("alternative", conversation.alternatives),
    )
    for place, item_ids in parts:
        for item_id in item_ids:
            answers = (oracle.risk(item_id, trait) for trait in conversation.in_force)
            yield TracedTitle(item_id, place, tuple(risk for risk in answers if risk))
