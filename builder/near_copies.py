"""Near copies among texts: every pair whose sets of word runs overlap enough, none missed.

The search is the prefix filter of Bayardo et al. 2007 ("Scaling up all pairs similarity search"):
two sets of Jaccard t share at least one of their rarest `n - ceil(t * n) + 1` members, so only
texts that meet there are compared. The answer is exact and does not depend on the order.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from builder.seeding import keyed_digest
from builder.titles import title_key


@dataclass(frozen=True, slots=True)
class NearCopyRule:
    """What counts as a near copy.

    `shingle_words` is the length of the word runs that are compared; `jaccard` the overlap, in
    (0, 1], from which two texts are near copies; texts of fewer than `min_words` words never are.
    """

    shingle_words: int
    jaccard: float
    min_words: int


@dataclass(frozen=True, slots=True)
class NearCopy:
    """Two texts, by id, and the Jaccard overlap of their word runs."""

    first: str
    second: str
    jaccard: float


def shingles(text: str, rule: NearCopyRule) -> frozenset[int]:
    """Return the hashed word runs of a text, none where it is too short to be judged."""
    words = title_key(text).split()
    if len(words) < rule.min_words:
        return frozenset()
    last = max(len(words) - rule.shingle_words, 0)
    runs = (" ".join(words[at : at + rule.shingle_words]) for at in range(last + 1))
    return frozenset(keyed_digest(run) for run in runs)


def near_copies(
    text_by_id: Mapping[str, str], group_by_id: Mapping[str, str], rule: NearCopyRule
) -> list[NearCopy]:
    """Return every pair of near copies of two different groups, by id.

    Args:
        text_by_id: The texts.
        group_by_id: The group of each id, such as its split; pairs within one are not sought.
        rule: What counts as a near copy.
    """
    sets = {i: found for i in sorted(text_by_id) if (found := shingles(text_by_id[i], rule))}
    pairs = _meetings(sets, group_by_id, rule.jaccard)
    scored = (NearCopy(a, b, _jaccard(sets[a], sets[b])) for a, b in pairs)
    return sorted(
        (pair for pair in scored if pair.jaccard >= rule.jaccard), key=lambda p: (p.first, p.second)
    )


def _meetings(
    sets: Mapping[str, frozenset[int]], group_by_id: Mapping[str, str], jaccard: float
) -> Iterator[tuple[str, str]]:
    seen_by_member: dict[int, list[str]] = defaultdict(list)
    n_by_member = Counter(member for found in sets.values() for member in found)
    for text_id, found in sets.items():
        rarest = sorted(found, key=lambda member: (n_by_member[member], member))
        met: set[str] = set()
        for member in _prefix(rarest, jaccard):
            met.update(seen_by_member[member])
            seen_by_member[member].append(text_id)
        yield from ((i, text_id) for i in met if group_by_id[i] != group_by_id[text_id])


def _prefix(rarest: Sequence[int], jaccard: float) -> Sequence[int]:
    # The margin keeps a product like 0.7 * 10 = 7.000000000000001 from shortening the prefix.
    return rarest[: len(rarest) - math.ceil(jaccard * len(rarest) - 1e-9) + 1]


def _jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
