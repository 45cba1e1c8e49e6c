"""Protected dialogs put by on disk until all are there; then copies go and the rest is in order.

Of each dialog only its place in the file and what orders it are held in memory, some 200 bytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from builder.dialogs.cleaning.filters import Rules
from builder.near_copies.shingles import NearCopyRule, copies_of_earlier
from builder.records import Dialog
from builder.rows import from_row, to_row
from builder.sources import Reject


@dataclass(frozen=True, slots=True, order=True)
class _Entry:
    source: str
    created_utc: int
    dialog_id: str
    place: str
    is_chat: bool
    offset: int


class Shelf:
    """Dialogs on disk: `put` them all, `drop_copies`, then read `dialogs`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by __exit__
        self._entries: list[_Entry] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def put(self, dialog: Dialog, place: str, *, is_chat: bool) -> None:
        """Put one dialog by. `place`: where it was read. Not after `drop_copies`."""
        entry = (dialog.source, dialog.created_utc, dialog.dialog_id, place, is_chat)
        self._entries.append(_Entry(*entry, self._file.tell()))
        self._file.write(orjson.dumps(to_row(dialog), option=orjson.OPT_APPEND_NEWLINE))

    def drop_copies(self, rules: Rules, reject: Reject) -> None:
        """Drop dialogs whose request is a near copy of an earlier one, of any source.

        Chats are compared whole with chats. What is earlier is by source, date and id.
        """
        entries, copies = sorted(self._entries), set()
        for is_chat, jaccard in (
            (False, rules.copy_min_jaccard),
            (True, rules.chat_copy_min_jaccard),
        ):
            rule = NearCopyRule(rules.copy_shingle_words, jaccard, rules.copy_min_words)
            alike = [entry for entry in entries if entry.is_chat == is_chat]
            for copy, original, overlap in copies_of_earlier(_Requests(self, alike), rule):
                copies.add(alike[copy].dialog_id)
                named = f"{alike[copy].dialog_id} is {alike[original].dialog_id}"
                reject(alike[copy].place, "request: near copy", f"{named}, overlap {overlap:.2f}")
        self._entries = [entry for entry in entries if entry.dialog_id not in copies]

    def dialogs(self) -> Iterator[Dialog]:
        """Yield the dialogs by source, date and id."""
        yield from map(self.read, self._entries)

    def read(self, entry: _Entry) -> Dialog:
        """Return one dialog."""
        self._file.seek(entry.offset)
        return from_row(Dialog, orjson.loads(self._file.readline()))


class _Requests(Sequence[str]):
    """What each dialog asks: the first post of a thread, everything said in a chat."""

    def __init__(self, shelf: Shelf, entries: list[_Entry]) -> None:
        self._shelf, self._entries = shelf, entries

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, number: int) -> str:  # type: ignore[override]
        entry = self._entries[number]
        turns = self._shelf.read(entry).turns
        return "\n".join(turn.text for turn in (turns if entry.is_chat else turns[:1]))
