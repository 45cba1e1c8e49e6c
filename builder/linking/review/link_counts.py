"""Counts of linking for its stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from builder.records import Mention


def linking_figures(mentions: Sequence[Mention]) -> dict[str, Any]:
    """Return how many mentions were linked and in which roles, and why the others were not."""
    linked = [mention for mention in mentions if mention.item_id is not None]
    abstained = Counter(mention.abstained for mention in mentions if mention.item_id is None)
    return {
        "linked": len(linked),
        "linked_share": round(len(linked) / len(mentions), 4) if mentions else None,
        "linked_items": len({mention.item_id for mention in linked}),
        "abstained": dict(sorted(abstained.items())),
        "roles": dict(sorted(Counter(mention.role for mention in linked).items())),
    }
