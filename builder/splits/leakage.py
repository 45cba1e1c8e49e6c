"""Count what the splits share, both what they must not share and what they should share little."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from builder.near_copies.search import NearCopyRule, near_copies
from builder.records import Conversation, Dialog, Split, SplitRow
from builder.splits.divide import request_text
from builder.splits.split_rule import SPLITS


def find_leaks(
    dialogs: Sequence[Dialog],
    conversations: Iterable[Conversation],
    rows: Sequence[SplitRow],
    near: NearCopyRule,
) -> dict[str, Any]:
    """Return what is shared between splits, measured on the threads that were kept.

    `threads_in_two_splits` and `near_copies_across_splits` must be 0. The others are reported, not
    fixed: an asker may come back later, and a good film is recommended every month. Askers are
    distinguished by pseudonym: in a source whose pseudonyms change from thread to thread, none
    appears twice.
    """
    split_by_id = {row.dialog_id: row.split for row in rows}
    kept = [dialog for dialog in dialogs if dialog.dialog_id in split_by_id]
    replies = [c for c in conversations if c.dialog_id in split_by_id]
    texts = {dialog.dialog_id: request_text(dialog) for dialog in kept}
    return {
        "threads": _sizes(row.split for row in rows),
        "conversations": _sizes(split_by_id[c.dialog_id] for c in replies),
        "threads_in_two_splits": _shared_threads(rows),
        "near_copies_across_splits": len(near_copies(texts, split_by_id, near)),
        "askers": _also_in_train(_grouped(kept, split_by_id, _asker)),
        "groundtruth_items": _also_in_train(_grouped(replies, split_by_id, _recommended)),
        "constraint_texts": _also_in_train(_grouped(replies, split_by_id, _constraint_text)),
    }


def _sizes(splits: Iterable[Split]) -> dict[str, int]:
    listed = list(splits)
    return {split: listed.count(split) for split in SPLITS}


def _shared_threads(rows: Sequence[SplitRow]) -> int:
    ids = {split: {row.dialog_id for row in rows if row.split == split} for split in SPLITS}
    return sum(len(ids[one] & ids[other]) for one, other in combinations(SPLITS, 2))


def _asker(dialog: Dialog) -> Iterable[str]:
    return {turn.author for turn in dialog.turns[:1] if turn.author}


def _recommended(conversation: Conversation) -> Iterable[str]:
    return conversation.recommended


def _constraint_text(conversation: Conversation) -> Iterable[str]:
    return [conversation.constraint.text] if conversation.constraint else []


def _grouped(
    rows: Iterable[Any], split_by_id: Mapping[str, Split], values: Callable[[Any], Iterable[str]]
) -> dict[Split, set[str]]:
    values_by_split: dict[Split, set[str]] = defaultdict(set)
    for row in rows:
        values_by_split[split_by_id[row.dialog_id]].update(values(row))
    return values_by_split


def _also_in_train(values_by_split: Mapping[Split, set[str]]) -> dict[str, dict[str, float]]:
    train = values_by_split.get("train", set())
    report: dict[str, dict[str, float]] = {}
    for split in SPLITS[1:]:
        in_split = values_by_split.get(split, set())
        shared = len(in_split & train)
        share = round(shared / len(in_split), 4) if in_split else 0.0
        report[split] = {"distinct": len(in_split), "also_in_train": shared, "share": share}
    return report
