"""Threads divided into train, validation and test, the copies across splits left out.

Of two near copies in two splits the one of the later split is left out, never moved: a thread
stays in its split or is gone, whatever rows are added. It is left out even where the earlier one
is itself left out, so that adding rows can take threads away but bring none back.
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
    """The split of every thread kept, by id, and every pair of near copies that was found.

    In a pair `first` is of the earlier split and `second`, of the later one, was left out.
    """

    rows: tuple[SplitRow, ...]
    copies: tuple[NearCopy, ...]

    def nearest_by_left_out(self) -> dict[str, NearCopy]:
        """Return for every thread that was left out the pair of the greatest overlap."""
        nearest: dict[str, NearCopy] = {}
        for pair in self.copies:
            known = nearest.get(pair.second)
            if known is None or pair.jaccard > known.jaccard:
                nearest[pair.second] = pair
        return nearest


def request_text(dialog: Dialog) -> str:
    """Return what the asker wrote in a thread, the text by which near copies are told."""
    return "\n".join(turn.text for turn in dialog.turns if turn.role == "seeker")


def divide(dialogs: Iterable[Dialog], rule: SplitRule, near: NearCopyRule) -> Division:
    """Return the split of each thread.

    Raises:
        InputError: If two threads have one id.
    """
    split_by_id: dict[str, Split] = {}
    text_by_id: dict[str, str] = {}
    for dialog in dialogs:
        if dialog.dialog_id in split_by_id:
            raise InputError(
                f"thread {dialog.dialog_id}", "stands there twice", "keep one of the two"
            )
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
