"""How evenly traits stand in the rows of a split: held to a share, and told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from builder.export.choose import Chosen
from builder.export.release import Places
from builder.records import Split
from builder.seeding import keyed_digest
from builder.sources import Reject
from builder.synthesis.assign.balance import Targets

SHARE_TAKEN = "the trait has its share of the split"


def evenly(places: Places, targets: Targets, seed: int, reject: Reject) -> Places:
    """Return the rows with each SFT split held to its share of a trait.

    The cues of GRPO rows are what people wrote; nothing of them is left out.
    """
    return {
        (config, split): hold_to_share(rows, targets.max_share, seed, reject)
        if config == "sft"
        else rows
        for (config, split), rows in places.items()
    }


def hold_to_share(
    rows: Sequence[Chosen], max_share: float, seed: int, reject: Reject
) -> list[Chosen]:
    """Return the rows of one split in which no trait takes more than its share.

    Shares are of the rows with an assigned trait in force. Samples are left out whole, so that no
    counterfactual set is torn, in an order keyed by their ids. Where there are too few traits for
    that share nothing is left out: `trait_shares` tells.

    Args:
        rows: All of the split.
        max_share: Of one trait, in (0, 1].
        seed: Keys the order.
        reject: Takes each row left out.
    """
    counts = Counter(row.conversation.trait for row in rows if row.conversation.trait)
    if len(counts) * max_share < 1:
        return list(rows)
    waiting = _samples_by_trait(rows, seed)
    dropped: set[str] = set()
    while max(counts.values(), default=0) > max_share * counts.total():
        largest = min(counts, key=lambda trait: (-counts[trait], trait))
        sample_id = waiting[largest].pop()
        dropped.add(sample_id)
        counts[largest] -= sum(
            row.conversation.sample_id == sample_id and row.conversation.trait == largest
            for row in rows
        )
    kept = []
    for row in rows:
        own = row.conversation
        if own.sample_id in dropped:
            spoken = own.constraint.trait if own.constraint else ""
            reject(own.conversation_id, SHARE_TAKEN, f"{spoken} in {row.split}")
        else:
            kept.append(row)
    return kept


def _samples_by_trait(rows: Iterable[Chosen], seed: int) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.conversation.trait:
            found[row.conversation.trait].add(row.conversation.sample_id)
    return {
        trait: sorted(ids, key=lambda i: (keyed_digest(seed, "share", i), i))
        for trait, ids in found.items()
    }


def trait_shares(
    rows: Iterable[Chosen], targets: Targets, split: Split, traits: Iterable[str]
) -> dict[str, Any]:
    """Return how evenly the traits stand in some rows: with counts, from the most to the least.

    Shares in [0, 1]: the largest trait's of all rows, and of those in which a trait is in force.
    `fewer_than_min_rows` names the traits that have too few, those without a row among them;
    `further` counts the wishes that stand beside an assigned one.
    """
    conversations = [row.conversation for row in rows]
    counts = Counter(own.trait for own in conversations if own.trait)
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
        "further": _most_first(Counter(trait for own in conversations for trait in own.also)),
    }


def _most_first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda found: (-found[1], found[0])))
