"""Which of several fitting traits a request gets, so that no trait crowds out the others.

The allocation is max-min fair. The number of rows that a trait may have, the level, rises one by
one, and at every level as many requests as possible have a trait (a maximum matching of requests
and traits, found by augmenting paths). So the rarest traits get all they can, and the cap falls on
the others. The level stops where one more row would give a trait more than its share. If that
leaves too few rows (with five traits, none can have less than a fifth), the level rises until
enough are kept, and the counts report what was not reached.
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
class TraitOption:
    """A trait that a request could get; `weight` > 0 is the number of items that it takes out."""

    trait: str
    weight: int


class Targets(Strict):
    """How even the traits should be in each split.

    Attributes:
        max_share: Of one trait among the rows with a trait, in (0, 1].
        min_rows: Per trait, by split; the counts report traits with fewer.
        min_groundtruth_train: Recommended titles that a request of train needs for an SFT row.
    """

    max_share: Annotated[float, Field(gt=0, le=1)]
    min_rows: dict[Split, Annotated[int, Field(ge=0)]]
    min_groundtruth_train: Annotated[int, Field(ge=1)]


class Balance(Strict):
    """How traits are balanced.

    Attributes:
        balance: The targets.
        near_top: Share of the heaviest weight of a request from which a trait competes, in [0, 1];
            lighter traits only fill what is left.
        min_kept: Share of the requests with an option that must get a trait, whatever `max_share`
            says, in [0, 1].
    """

    balance: Targets
    near_top: Annotated[float, Field(ge=0, le=1)]
    min_kept: Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Balanced:
    """The traits that requests got.

    Attributes:
        trait_by_sample: In no particular order.
        level: Rows that a trait could have at most.
        n_open: Requests with an option.
    """

    trait_by_sample: Mapping[str, str]
    level: int
    n_open: int

    def coverage(self, targets: Targets, split: Split, traits: Iterable[str]) -> dict[str, Any]:
        """Return which targets were reached, as plain data.

        Args:
            targets: The targets.
            split: Split of the requests.
            traits: All traits, including those that no request could get.
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
    options_by_sample: Mapping[str, Sequence[TraitOption]],
    rule: Balance,
    seed: int,
    stratum_by_sample: Mapping[str, str] | None = None,
) -> Balanced:
    """Return a trait for as many requests as the rule allows.

    Requests with the fewest options choose first; each takes its least used trait in its stratum,
    then overall. Ties are broken by a hash of request and seed, so the order of the requests does
    not matter. With fewer requests than 1 / max_share, a trait may be taken once.

    Args:
        options_by_sample: What each request could get.
        rule: The settings.
        seed: For breaking ties.
        stratum_by_sample: Groups, such as months, to balance by themselves as far as possible.
    """
    matching = _Matching(options_by_sample, rule, seed, stratum_by_sample or {})
    matching.rise_within_share()
    matching.offer_lighter()
    matching.rise_within_share()
    n_open = sum(bool(options) for options in options_by_sample.values())
    matching.rise_until(rule.min_kept * n_open)
    return Balanced(dict(matching.trait_by_sample), matching.level, n_open)


class _Matching:
    """A matching of requests and traits in which each trait has at most `level` requests."""

    def __init__(
        self,
        options_by_sample: Mapping[str, Sequence[TraitOption]],
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
        """Offer requests their traits of less weight too, from now on."""
        self._offered = {sample: self._options[sample] for sample in self._in_turn}
        self._restore(dict(self.trait_by_sample))

    def rise_within_share(self) -> None:
        """Assign traits, and raise the level while no trait has more than its share."""
        self._fill()
        while self._waiting():
            before, self.level = dict(self.trait_by_sample), self.level + 1
            self._fill()
            if self.level > self._rule.balance.max_share * len(self.trait_by_sample):
                self.level -= 1
                self._restore(before)
                return

    def rise_until(self, n_wanted: float) -> None:
        """Raise the level until `n_wanted` requests have a trait."""
        while self._waiting() and len(self.trait_by_sample) < n_wanted:
            self.level += 1
            self._fill()

    def _fill(self) -> None:
        """Give a trait to every waiting request that can have one at this level."""
        dead: set[str] = set()
        for sample in self._waiting():
            self._place(sample, dead)

    def _waiting(self) -> list[str]:
        return [sample for sample in self._in_turn if sample not in self.trait_by_sample]

    def _near_top(self, sample: str) -> Sequence[TraitOption]:
        options = self._options[sample]
        least = self._rule.near_top * max(option.weight for option in options)
        return [option for option in options if option.weight >= least]

    def _place(self, sample: str, dead: set[str]) -> None:
        """Give a request a trait with room, if need be by moving others along an augmenting path.

        `dead` has the traits from which no trait with room can be reached at this level.
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
        """Return traits, each of which can pass a request to the next, up to one with room."""
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

    def _rank(self, sample: str, option: TraitOption) -> tuple[int, int, int, int]:
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
