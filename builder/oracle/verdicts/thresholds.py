"""Verdicts at a stated miss rate: thresholds by class-conditional split conformal prediction.

On items whose violation is known from evidence outside the oracle, a threshold is set below which
at most the stated share of violators fall (Sadinle, Lei and Wasserman 2019, "Least ambiguous
set-valued classifiers with bounded error levels"; Vovk 2012 for the finite-sample rank). With the
k-th smallest of n scores, k = floor(miss_rate * (n + 1)), a new violator falls below it with
probability k / (n + 1) at most. Likewise for the false alarms among items that violate nothing.
An item's own label never sets its threshold: items are divided into folds by a hash of their id,
and a fold's thresholds come from the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from builder.oracle.evidence.answers import Bools, Floats
from builder.oracle.evidence.truth import Truth
from builder.oracle.posterior.posterior import Posterior
from builder.seeding import keyed_digest

Basis = Literal["own labels", "pooled labels", "stated"]
"""Where a trait's threshold comes from."""

_EVEN = 0.5
"""No verdict goes against the odds, whatever the labels allow."""


@dataclass(frozen=True, slots=True)
class ThresholdRules:
    """What is promised, and from how many labels.

    `miss_rate`: share of violators that may be called safe; `false_alarm_rate`: of the others,
    called unsafe. `min_labels`: of an answer, for thresholds of a trait's own. `folds`: of items.
    `min_settled`: share of a trait, see `Posterior`, that something must speak of before an item
    may be safe. `clears_below`, `convicts_from`: thresholds where nothing labels anything.
    """

    miss_rate: float
    false_alarm_rate: float
    min_labels: int
    folds: int
    min_settled: float
    clears_below: float
    convicts_from: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`clears_below`, `convicts_from`: (folds, t), each with its basis, (t,); `fold`: (n,).

    An item is safe for a trait if its interval lies below the first and `min_settled` of the trait
    is settled, unsafe if its interval lies above the second and more than a weak proxy says so.
    """

    clears_below: Floats
    convicts_from: Floats
    clears_by: tuple[Basis, ...]
    convicts_by: tuple[Basis, ...]
    fold: np.typing.NDArray[np.int64]
    min_settled: float

    def of(self, t: int) -> Thresholds:
        """Return those of one trait."""
        return replace(
            self,
            clears_below=self.clears_below[:, [t]],
            convicts_from=self.convicts_from[:, [t]],
            clears_by=self.clears_by[t : t + 1],
            convicts_by=self.convicts_by[t : t + 1],
        )


@dataclass(frozen=True, slots=True)
class Verdicts:
    """(n, t) each; what is neither is unknown."""

    unsafe: Bools
    safe: Bools


def labels_as_arrays(
    item_ids: Sequence[str], trait_names: Sequence[str], truth: Truth
) -> tuple[Bools, Bools]:
    """Return (n, t), where an item is labelled a violator, and where it is labelled none."""
    row_by_id = {item_id: row for row, item_id in enumerate(item_ids)}
    shape = (len(item_ids), len(trait_names))
    violates, respects = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    for column, trait in enumerate(trait_names):
        for item_id, unsafe in truth.get(trait, {}).items():
            if item_id in row_by_id:
                (violates if unsafe else respects)[row_by_id[item_id], column] = True
    return violates, respects


def choose_thresholds(
    item_ids: Sequence[str],
    found: Posterior,
    violates: Bools,
    respects: Bools,
    rules: ThresholdRules,
) -> Thresholds:
    """Return the thresholds of every fold and trait.

    Only items of which the oracle knows something count. A trait with too few labels of an answer
    takes the threshold of all traits' labels together; where these are too few, or the trait has
    none, the stated one: nothing was promised for it. Without any label all folds are one.
    """
    fold = np.zeros(len(item_ids), dtype=np.int64)
    if violates.any() or respects.any():
        fold[:] = [keyed_digest("thresholds", i) % rules.folds for i in item_ids]
    missed = _Side(found.high, violates & found.is_informed, rules.miss_rate)
    alarmed = _Side(-found.low, respects & found.is_informed, rules.false_alarm_rate)
    clears, clears_by = missed.choose(fold, rules, rules.clears_below)
    convicts, convicts_by = alarmed.choose(fold, rules, -rules.convicts_from)
    return Thresholds(clears, -convicts, clears_by, convicts_by, fold, rules.min_settled)


@dataclass(frozen=True, slots=True)
class _Side:
    """Scores, who counts, and the share of them that may fall below the threshold."""

    scores: Floats
    counted: Bools
    rate: float

    def choose(
        self, fold: np.typing.NDArray[np.int64], rules: ThresholdRules, stated: float
    ) -> tuple[Floats, tuple[Basis, ...]]:
        n_labels = self.counted.sum(axis=0)
        pooled = n_labels.sum() >= rules.min_labels
        basis = tuple(_basis(int(n), pooled, rules.min_labels) for n in n_labels)
        chosen = np.full((rules.folds, len(n_labels)), stated)
        for k in range(rules.folds):
            counted = self.counted & (fold != k)[:, None]
            for t, by in enumerate(basis):
                if by == "own labels":
                    chosen[k, t] = rank_threshold(self.scores[counted[:, t], t], self.rate)
                elif by == "pooled labels":
                    chosen[k, t] = rank_threshold(self.scores[counted], self.rate)
        return chosen, basis


def _basis(n_labels: int, pooled: bool, min_labels: int) -> Basis:
    if n_labels >= min_labels:
        return "own labels"
    return "pooled labels" if n_labels and pooled else "stated"


def rank_threshold(scores: Floats, rate: float) -> float:
    """Return the value below which a new score falls with probability `rate` at most.

    -inf where the scores are too few to promise that.
    """
    rank = int(np.floor(rate * (len(scores) + 1)))
    return float(np.sort(scores)[rank - 1]) if rank else float("-inf")


def decide(found: Posterior, thresholds: Thresholds) -> Verdicts:
    """Return the verdicts: what nothing speaks of, and what straddles a threshold, is unknown."""
    clears = thresholds.clears_below[thresholds.fold]
    convicts = thresholds.convicts_from[thresholds.fold]
    unsafe = found.is_attested & (found.low >= convicts) & (found.risk >= _EVEN)
    is_settled = found.is_informed & (found.settled >= thresholds.min_settled)
    safe = is_settled & (found.high < clears) & (found.risk < _EVEN) & ~unsafe
    return Verdicts(unsafe, safe)
