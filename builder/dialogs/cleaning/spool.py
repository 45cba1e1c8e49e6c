"""Spools protected dialogs to disk until all are there; then drops near copies and sorts the rest.

For each dialog, only its offset in the file and its sort key are held in memory, some 200 bytes.
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
from builder.near_copies.search import NearCopyRule, copies_of_earlier
from builder.records import Dialog
from builder.rows import from_row, to_row
from builder.sources import Reject


@dataclass(frozen=True, slots=True, order=True)
class _Entry:
    is_kept: bool  # those that were withdrawn come first
    source: str
    created_utc: int
    dialog_id: str
    place: str
    is_chat: bool
    offset: int


class Spool:
    """Dialogs on disk: `put` them all, `drop_copies`, then iterate over `dialogs`."""

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

    def put(self, dialog: Dialog, place: str, *, is_chat: bool, is_withdrawn: bool = False) -> None:
        """Add one dialog, read at `place`. Must not be called after `drop_copies`.

        One that was withdrawn only serves to find its copies, and is dropped with them.
        """
        entry = (
            not is_withdrawn,
            dialog.source,
            dialog.created_utc,
            dialog.dialog_id,
            place,
            is_chat,
        )
        self._entries.append(_Entry(*entry, self._file.tell()))
        self._file.write(orjson.dumps(to_row(dialog), option=orjson.OPT_APPEND_NEWLINE))

    def drop_copies(self, rules: Rules, reject: Reject) -> None:
        """Drop dialogs whose request is a near copy of an earlier one, in any source.

        Chats are compared as a whole with other chats. Dialogs are ordered by source, date and id,
        those that were withdrawn first: copies of these go, whichever was written first.
        """
        entries, copies = sorted(self._entries), set()
        for is_chat, jaccard in (
            (False, rules.copy_min_jaccard),
            (True, rules.chat_copy_min_jaccard),
        ):
            rule = NearCopyRule(rules.copy_shingle_words, jaccard, rules.copy_min_words)
            alike = [entry for entry in entries if entry.is_chat == is_chat]
            for copy, original, overlap in copies_of_earlier(_Requests(self, alike), rule):
                if not alike[copy].is_kept:
                    continue
                copies.add(alike[copy])
                if not alike[original].is_kept:
                    reject(alike[copy].place, "request: copy of a withdrawn one", "")
                    continue
                named = f"{alike[copy].dialog_id} is {alike[original].dialog_id}"
                reject(alike[copy].place, "request: near copy", f"{named}, overlap {overlap:.2f}")
        self._entries = [e for e in entries if e.is_kept and e not in copies]

    def dialogs(self) -> Iterator[Dialog]:
        """Yield the dialogs, ordered by source, date and id."""
        yield from map(self.read, self._entries)

    def read(self, entry: _Entry) -> Dialog:
        """Return one dialog."""
        self._file.seek(entry.offset)
        return from_row(Dialog, orjson.loads(self._file.readline()))


class _Requests(Sequence[str]):
    """The request of each dialog: the first post of a thread, all turns of a chat."""

    def __init__(self, spool: Spool, entries: list[_Entry]) -> None:
        self._spool, self._entries = spool, entries

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, number: int) -> str:  # type: ignore[override]
        entry = self._entries[number]
        turns = self._spool.read(entry).turns
        return "\n".join(turn.text for turn in (turns if entry.is_chat else turns[:1]))
