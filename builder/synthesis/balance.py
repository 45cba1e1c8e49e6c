"""Which of several fitting traits a sample gets, so that no trait crowds out the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from builder.seeding import keyed_digest


@dataclass(frozen=True, slots=True)
class Option:
    """A trait a sample could get; `weight` > 0, the number of recommended items it takes out."""

    trait: str
    weight: int


@dataclass(frozen=True, slots=True)
class Balance:
    """How far evenness goes.

    `max_share` in (0, 1]: the largest part of the assigned samples that one trait may take.
    `near_top` in [0, 1]: a trait competes if its weight is at least this part of the sample's
    heaviest; 1 means that only the most violated traits do.
    """

    max_share: float
    near_top: float


def balance(
    options_by_sample: Mapping[str, Sequence[Option]], rule: Balance, seed: int
) -> dict[str, str]:
    """Return a trait for as many samples as the shares leave room for.

    Samples with the fewest options choose first, each the least taken of its traits; ties go by
    a hash of sample and seed, so the order of the samples changes nothing. With fewer samples
    than 1 / max_share a trait may be taken once.
    """
    room = _room(rule, len(options_by_sample))
    while True:
        chosen = _choose(options_by_sample, rule, room, seed)
        allowed = _room(rule, len(chosen))
        if max(Counter(chosen.values()).values(), default=0) <= allowed:
            return chosen
        room = allowed


def _room(rule: Balance, n_samples: int) -> int:
    return max(1, int(rule.max_share * n_samples))


def _choose(
    options_by_sample: Mapping[str, Sequence[Option]], rule: Balance, room: int, seed: int
) -> dict[str, str]:
    taken: Counter[str] = Counter()
    chosen: dict[str, str] = {}
    for sample in sorted(
        options_by_sample, key=lambda s: (len(options_by_sample[s]), keyed_digest(seed, s), s)
    ):
        free = [option for option in options_by_sample[sample] if taken[option.trait] < room]
        if not free:
            continue
        heaviest = max(option.weight for option in free)
        near = [option for option in free if option.weight >= rule.near_top * heaviest]
        best = min(
            near, key=lambda o: (taken[o.trait], -o.weight, keyed_digest(seed, sample, o.trait))
        )
        chosen[sample] = best.trait
        taken[best.trait] += 1
    return chosen
