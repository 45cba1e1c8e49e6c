"""Which of several fitting traits a sample gets, so that no trait crowds out the others.

Traits are filled like vessels from one tap: a level rises by one row at a time, and at every level
as many samples as can be have a trait (a maximum matching of samples and traits, found by
augmenting paths). So the rarest traits get all that they can, and the cap falls on the others. The
level stops where one more row would give a trait more than its share. Where even that leaves too
few rows (with five traits nobody can have less than a fifth), it rises on until enough are kept,
and what was not reached is told.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from builder.records import Split
from builder.seeding import keyed_digest
from builder.settings import Strict


@dataclass(frozen=True, slots=True)
class Option:
    """A trait a sample could get; `weight` > 0, the number of recommended items it takes out."""

    trait: str
    weight: int


class Targets(Strict):
    """How evenly traits should stand in each split, and what counts there.

    `max_share` in (0, 1]: the largest part of the rows with a trait that one may take.
    `min_rows`: of a trait; fewer are told. `min_groundtruth_train`: recommended titles that a
    sample of train needs to become an SFT row.
    """

    max_share: Annotated[float, Field(gt=0, le=1)]
    min_rows: dict[Split, Annotated[int, Field(ge=0)]]
    min_groundtruth_train: Annotated[int, Field(ge=1)]


class Balance(Strict):
    """How far evenness goes.

    `balance` is what is aimed at. `near_top` in [0, 1]: a trait competes if its weight is at least
    this part of the sample's heaviest; lighter ones only fill the room that is left. `min_kept` in
    [0, 1]: part of the samples with an option that must get a trait, `max_share` or not.
    """

    balance: Targets
    near_top: Annotated[float, Field(ge=0, le=1)]
    min_kept: Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Balanced:
    """A trait by sample; `level`: rows that a trait could have; `n_open`: samples with an option.

    The dict is in no order that means anything.
    """

    trait_by_sample: Mapping[str, str]
    level: int
    n_open: int

    def coverage(self, targets: Targets, split: Split, traits: Iterable[str]) -> dict[str, Any]:
        """Return what was reached and what was not, plain data.

        Args:
            targets: What was wanted.
            split: Of the samples.
            traits: All traits, also those that no sample could get.
        """
        n_by_trait = Counter(self.trait_by_sample.values())
        n_rows = len(self.trait_by_sample)
        largest = max(n_by_trait.values(), default=0) / n_rows if n_rows else 0.0
        return {
            "samples_with_an_option": self.n_open,
            "assigned": n_rows,
            "most_rows_of_a_trait": self.level,
            "largest_share": round(largest, 4),
            "max_share_reached": largest <= targets.max_share or self.level == 1,
            "fewer_than_min_rows": {
                trait: n_by_trait[trait]
                for trait in traits
                if n_by_trait[trait] < targets.min_rows.get(split, 0)
            },
        }


def balance(
    options_by_sample: Mapping[str, Sequence[Option]],
    rule: Balance,
    seed: int,
    stratum_by_sample: Mapping[str, str] | None = None,
) -> Balanced:
    """Return a trait for as many samples as the rule leaves room for.

    Samples with the fewest options choose first, each the least taken of its traits in its own
    stratum, then overall; ties go by a hash of sample and seed, so the order of the samples
    changes nothing. With fewer samples than 1 / max_share a trait may be taken once.

    Args:
        options_by_sample: What each sample could get.
        rule: The bounds.
        seed: Of the ties.
        stratum_by_sample: Groups, as months, that are to be even in themselves as far as can be.
    """
    vessels = _Vessels(options_by_sample, rule, seed, stratum_by_sample or {})
    vessels.rise_within_share()
    vessels.offer_lighter()
    vessels.rise_within_share()
    n_open = sum(bool(options) for options in options_by_sample.values())
    vessels.rise_until(rule.min_kept * n_open)
    return Balanced(dict(vessels.trait_by_sample), vessels.level, n_open)


class _Vessels:
    """The matching at one level: each trait holds at most `level` samples."""

    def __init__(
        self,
        options_by_sample: Mapping[str, Sequence[Option]],
        rule: Balance,
        seed: int,
        stratum_by_sample: Mapping[str, str],
    ) -> None:
        self._options, self._rule, self._seed = options_by_sample, rule, seed
        self._stratum = {sample: stratum_by_sample.get(sample, "") for sample in options_by_sample}
        self._in_turn = sorted(
            (sample for sample, options in options_by_sample.items() if options),
            key=lambda s: (len(options_by_sample[s]), keyed_digest(seed, s), s),
        )
        self._offered = {sample: self._near_top(sample) for sample in self._in_turn}
        self.level = 1
        self._empty()

    def _empty(self) -> None:
        self.trait_by_sample: dict[str, str] = {}
        self._taken = Counter[str]()
        self._taken_in = Counter[tuple[str, str]]()
        self._movable = defaultdict[tuple[str, str], dict[str, None]](dict)

    def offer_lighter(self) -> None:
        """Let samples have traits of less weight too, from now on."""
        self._offered = {sample: self._options[sample] for sample in self._in_turn}
        self._restore(dict(self.trait_by_sample))

    def rise_within_share(self) -> None:
        """Fill, and raise the level while no trait takes more than its share."""
        self._fill()
        while self._waiting():
            before, self.level = dict(self.trait_by_sample), self.level + 1
            self._fill()
            if self.level > self._rule.balance.max_share * len(self.trait_by_sample):
                self.level -= 1
                self._restore(before)
                return

    def rise_until(self, n_wanted: float) -> None:
        """Raise the level until so many samples have a trait."""
        while self._waiting() and len(self.trait_by_sample) < n_wanted:
            self.level += 1
            self._fill()

    def _fill(self) -> None:
        """Give a trait to every waiting sample that can have one at this level."""
        dead: set[str] = set()
        for sample in self._waiting():
            self._place(sample, dead)

    def _waiting(self) -> list[str]:
        return [sample for sample in self._in_turn if sample not in self.trait_by_sample]

    def _near_top(self, sample: str) -> Sequence[Option]:
        options = self._options[sample]
        least = self._rule.near_top * max(option.weight for option in options)
        return [option for option in options if option.weight >= least]

    def _place(self, sample: str, dead: set[str]) -> None:
        """Give a sample a trait with room, moving others along a path to one where none has.

        `dead` holds the traits from which no room can be reached at this level.
        """
        options = self._offered[sample]
        free = [option for option in options if self._has_room(option.trait)]
        if free:
            self._put(sample, min(free, key=lambda option: self._rank(sample, option)).trait)
            return
        path = self._path_to_room([o.trait for o in options if o.trait not in dead], dead)
        for full, other in zip(path[-2::-1], path[:0:-1], strict=True):
            moved = next(iter(self._movable[full, other]))
            self._take(moved)
            self._put(moved, other)
        if path:
            self._put(sample, path[0])

    def _path_to_room(self, starts: Sequence[str], dead: set[str]) -> list[str]:
        """Return traits, each of which can hand a sample to the next, the last with room."""
        came_from: dict[str, str | None] = dict.fromkeys(starts)
        queue = deque(starts)
        while queue:
            trait = queue.popleft()
            if self._has_room(trait):
                path = [trait]
                while (before := came_from[path[-1]]) is not None:
                    path.append(before)
                return path[::-1]
            for (full, other), samples in self._movable.items():
                if full == trait and samples and other not in came_from:
                    came_from[other] = trait
                    queue.append(other)
        dead.update(came_from)
        return []

    def _has_room(self, trait: str) -> bool:
        return self._taken[trait] < self.level

    def _rank(self, sample: str, option: Option) -> tuple[int, int, int, int]:
        trait, stratum = option.trait, self._stratum[sample]
        tie = keyed_digest(self._seed, sample, trait)
        return self._taken_in[stratum, trait], self._taken[trait], -option.weight, tie

    def _put(self, sample: str, trait: str) -> None:
        self.trait_by_sample[sample] = trait
        self._taken[trait] += 1
        self._taken_in[self._stratum[sample], trait] += 1
        for option in self._offered[sample]:
            self._movable[trait, option.trait][sample] = None

    def _take(self, sample: str) -> None:
        trait = self.trait_by_sample.pop(sample)
        self._taken[trait] -= 1
        self._taken_in[self._stratum[sample], trait] -= 1
        for option in self._offered[sample]:
            del self._movable[trait, option.trait][sample]

    def _restore(self, trait_by_sample: Mapping[str, str]) -> None:
        self._empty()
        for sample, trait in trait_by_sample.items():
            self._put(sample, trait)
