"""Divide threads into train, validation and test, dropping near copies across splits.

Of two near copies in different splits, the one in the later split is dropped, never moved: a thread
stays in its split or disappears, whatever rows are added. It is dropped even where the earlier one
is itself dropped, so that adding rows can remove threads but never bring one back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from builder.errors import InputError
from builder.near_copies.search import NearCopy, NearCopyRule, near_copies
from builder.records import Dialog, Split, SplitRow
from builder.splits.split_rule import SPLITS, SplitRule


@dataclass(frozen=True, slots=True)
class Division:
    """The result of dividing the threads.

    Attributes:
        rows: The split of each thread that is kept, in the order of the thread ids.
        copies: Every pair of near copies across splits. `first` is in the earlier split; `second`,
            in the later one, was dropped.
    """

    rows: tuple[SplitRow, ...]
    copies: tuple[NearCopy, ...]

    def nearest_by_left_out(self) -> dict[str, NearCopy]:
        """Return, for each dropped thread, the pair with the greatest overlap."""
        nearest: dict[str, NearCopy] = {}
        for pair in self.copies:
            best = nearest.get(pair.second)
            if best is None or pair.jaccard > best.jaccard:
                nearest[pair.second] = pair
        return nearest


def request_text(dialog: Dialog) -> str:
    """Return what the asker wrote in a thread, the text that near copies are compared by."""
    return "\n".join(turn.text for turn in dialog.turns if turn.role == "seeker")


def divide(dialogs: Iterable[Dialog], rule: SplitRule, near: NearCopyRule) -> Division:
    """Return the split of each thread.

    Raises:
        InputError: If two threads have the same id.
    """
    split_by_id: dict[str, Split] = {}
    text_by_id: dict[str, str] = {}
    for dialog in dialogs:
        if dialog.dialog_id in split_by_id:
            raise InputError(f"thread {dialog.dialog_id}", "appears twice", "keep one of the two")
        split_by_id[dialog.dialog_id] = rule.split_of(dialog.dialog_id, dialog.created_utc)
        text_by_id[dialog.dialog_id] = request_text(dialog)
    copies = [_in_time(pair, split_by_id) for pair in near_copies(text_by_id, split_by_id, near)]
    left_out = {pair.second for pair in copies}
    kept = (SplitRow(i, split_by_id[i]) for i in sorted(split_by_id) if i not in left_out)
    return Division(tuple(kept), tuple(sorted(copies, key=lambda p: (p.second, p.first))))


def _in_time(pair: NearCopy, split_by_id: dict[str, Split]) -> NearCopy:
    first, second = sorted(
        (pair.first, pair.second), key=lambda i: (SPLITS.index(split_by_id[i]), i)
    )
    return NearCopy(first, second, pair.jaccard)
