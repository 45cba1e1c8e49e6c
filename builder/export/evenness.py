"""How evenly traits are distributed over the rows of a split: limited to a share, and reported."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from builder.export.choose import ChosenRow
from builder.export.release import Places
from builder.records import Split
from builder.seeding import keyed_digest
from builder.sources import Reject
from builder.synthesis.assign.balance import Targets

SHARE_TAKEN = "trait has reached its share of the split"


def limit_trait_shares(places: Places, targets: Targets, seed: int, reject: Reject) -> Places:
    """Return the rows with each trait limited to its share of each SFT split.

    GRPO rows are never dropped: their cues are what people themselves wrote.
    """
    return {
        (config, split): limit_split(rows, targets.max_share, seed, reject)
        if config == "sft"
        else rows
        for (config, split), rows in places.items()
    }


def limit_split(
    rows: Sequence[ChosenRow], max_share: float, seed: int, reject: Reject
) -> list[ChosenRow]:
    """Return the rows of one split with no trait above its share.

    Shares are of the rows with an assigned trait in force. Samples are dropped whole, in an order
    keyed by their ids, so that no counterfactual set is split up. Where there are too few traits to
    reach that share, nothing is dropped; `trait_shares` reports it.

    Args:
        rows: All rows of the split.
        max_share: The largest share of a single trait, in (0, 1].
        seed: Keys the order.
        reject: Called for each dropped row.
    """
    counts = Counter(row.conversation.trait for row in rows if row.conversation.trait)
    if len(counts) * max_share < 1:
        return list(rows)
    waiting = _samples_by_trait(rows, seed)
    dropped: set[str] = set()
    while max(counts.values(), default=0) > max_share * counts.total():
        largest = min(counts, key=lambda trait: (-counts[trait], trait))
        request_id = waiting[largest].pop()
        dropped.add(request_id)
        counts[largest] -= sum(
            row.conversation.request_id == request_id and row.conversation.trait == largest
            for row in rows
        )
    kept = []
    for row in rows:
        conversation = row.conversation
        if conversation.request_id in dropped:
            trait = conversation.constraint.trait if conversation.constraint else ""
            reject(conversation.conversation_id, SHARE_TAKEN, f"{trait} in {row.split}")
        else:
            kept.append(row)
    return kept


def _samples_by_trait(rows: Iterable[ChosenRow], seed: int) -> dict[str, list[str]]:
    samples_by_trait: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.conversation.trait:
            samples_by_trait[row.conversation.trait].add(row.conversation.request_id)
    return {
        trait: sorted(ids, key=lambda i: (keyed_digest(seed, "share", i), i))
        for trait, ids in samples_by_trait.items()
    }


def trait_shares(
    rows: Iterable[ChosenRow], targets: Targets, split: Split, traits: Iterable[str]
) -> dict[str, Any]:
    """Return how evenly the traits are distributed, with counts from the highest to the lowest.

    Shares are in [0, 1]: the largest trait's share of all rows, and of those with a trait in force.
    `fewer_than_min_rows` lists the traits with too few rows or none; `further` counts the wishes
    that a conversation has besides its assigned one.
    """
    conversations = [row.conversation for row in rows]
    counts = Counter(c.trait for c in conversations if c.trait)
    largest = max(counts.values(), default=0)
    in_force = round(largest / max(1, counts.total()), 4)
    return {
        "rows_in_force": counts.total(),
        "largest_share": round(largest / max(1, len(conversations)), 4),
        "largest_share_in_force": in_force,
        "max_share_reached": largest <= targets.max_share * counts.total(),
        "fewer_than_min_rows": {
            trait: counts[trait] for trait in traits if counts[trait] < targets.min_rows[split]
        },
        "rows_by_trait": _most_first(counts),
        "further": _most_first(Counter(trait for c in conversations for trait in c.also)),
    }


def _most_first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
