"""Verdicts at a stated miss rate: thresholds by class-conditional split conformal prediction.

On items whose violation is known from evidence outside the oracle, a threshold is set below which
at most the stated share of violators fall (Sadinle, Lei and Wasserman 2019, "Least ambiguous
set-valued classifiers with bounded error levels"; Vovk 2012 for the finite-sample rank). With the
k-th smallest of n scores, k = floor(miss_rate * (n + 1)), a new violator falls below it with
probability k / (n + 1) at most. Likewise for the false alarms among items that violate nothing.
An item's own label never sets its threshold: items are divided into folds by a hash of their id,
and a fold's thresholds come from the others.

Hints (ratings, descriptors, weak proxies, silent texts) answer none of a trait's questions. They
call an item safe only where labels of that very trait show how many of those that they call safe
violate it: at most `hint_wrong`, and `hint_wrong_high` at the upper end of the 95% interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from builder.oracle.evidence.answers import Bools, Floats, Ints
from builder.oracle.evidence.truth import Truth
from builder.oracle.posterior.posterior import Posterior
from builder.oracle.posterior.rules import InnerShare, Share
from builder.seeding import keyed_digest
from builder.settings import Strict
from builder.statistics.intervals import wilson_high

Basis = Literal["own labels", "pooled labels", "stated"]
"""Where a trait's threshold comes from."""

_EVEN = 0.5
"""No verdict goes against the odds, whatever the labels allow."""


class ThresholdSettings(Strict):
    """How thresholds are chosen from labels, and what they are without any.

    Attributes:
        min_labels: Of an answer, for thresholds of a trait's own.
        folds: Of items; a fold's thresholds come from the labels of the others.
        min_settled: Share of a trait, see `Posterior`, that must be settled before an item is safe.
        clears_below: Upper end of the interval below which an item is safe, where nothing is
            labelled.
        convicts_from: Lower end from which it is unsafe, where nothing is labelled.
        hint_wrong: Of the items that hints alone call safe, the share that may violate the trait.
        hint_wrong_high: Likewise, at the upper end of its 95% interval.
    """

    min_labels: Annotated[int, Field(ge=1)]
    folds: Annotated[int, Field(ge=2)]
    min_settled: Share
    clears_below: InnerShare
    convicts_from: InnerShare
    hint_wrong: InnerShare
    hint_wrong_high: InnerShare


class ThresholdRules(ThresholdSettings):
    """What is promised as well.

    Attributes:
        miss_rate: Share of violators that may be called safe.
        false_alarm_rate: Share of the others that may be called unsafe.
        proxies_clear: Whether labels that are proxies, severities of the category that stands in
            for a trait, may show what hints are worth; otherwise only answers to its questions may.
    """

    miss_rate: InnerShare
    false_alarm_rate: InnerShare
    proxies_clear: bool


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Edges of intervals, by fold and trait.

    An item is safe for a trait if its interval lies below `clears_below` and `min_settled` of the
    trait is settled, or below `hints_clear_below` and hints settle that much; unsafe if its
    interval lies above `convicts_from` and more than a weak proxy says so.

    Attributes:
        clears_below: (folds, t).
        hints_clear_below: (folds, t), -inf where hints clear nothing.
        convicts_from: (folds, t).
        clears_by: (t,), where `clears_below` comes from.
        convicts_by: (t,), where `convicts_from` comes from.
        fold: (n,), of each item.
        min_settled: Share of a trait, in (0, 1].
    """

    clears_below: Floats
    hints_clear_below: Floats
    convicts_from: Floats
    clears_by: tuple[Basis, ...]
    convicts_by: tuple[Basis, ...]
    fold: Ints
    min_settled: float

    def of(self, t: int) -> Thresholds:
        """Return those of one trait."""
        return replace(
            self,
            clears_below=self.clears_below[:, [t]],
            hints_clear_below=self.hints_clear_below[:, [t]],
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
    is_own: Bools,
) -> Thresholds:
    """Return the thresholds of every fold and trait.

    Only items of which the oracle knows something count. A trait with too few labels of an answer
    takes the threshold of all traits' labels together; where these are too few, or the trait has
    none, the stated one: nothing was promised for it. Without any label all folds are one.

    Args:
        item_ids: Of n items.
        found: Of n items and t traits.
        violates: (n, t), where a label says that an item violates a trait.
        respects: (n, t), where a label says that it does not.
        rules: See `ThresholdRules`.
        is_own: (n, t), where the label answers the trait's own questions; the others are proxies.
    """
    fold = np.zeros(len(item_ids), dtype=np.int64)
    if violates.any() or respects.any():
        fold[:] = [keyed_digest("thresholds", i) % rules.folds for i in item_ids]
    missed = _Side(found.high, violates & found.is_informed, rules.miss_rate)
    alarmed = _Side(-found.low, respects & found.is_informed, rules.false_alarm_rate)
    clears, clears_by = missed.choose(fold, rules, rules.clears_below)
    convicts, convicts_by = alarmed.choose(fold, rules, -rules.convicts_from)
    counts = is_own | rules.proxies_clear
    hints = _hints_clear_below(found, violates & counts, respects & counts, fold, rules)
    return Thresholds(clears, hints, -convicts, clears_by, convicts_by, fold, rules.min_settled)


def _hints_clear_below(
    found: Posterior, violates: Bools, respects: Bools, fold: Ints, rules: ThresholdRules
) -> Floats:
    """Return (folds, t): the highest threshold that keeps what hints promise, -inf for none."""
    edges = np.full((rules.folds, violates.shape[1]), -np.inf)
    is_hint = found.is_informed & (found.hinted >= rules.min_settled)
    counted = is_hint & (found.settled < rules.min_settled) & (violates | respects)
    for k in range(rules.folds):
        for t in range(violates.shape[1]):
            rows = np.flatnonzero(counted[:, t] & (fold != k))
            scores, wrong = found.high[rows, t], violates[rows, t]
            edges[k, t] = highest_edge(scores, wrong, rules.hint_wrong, rules.hint_wrong_high)
    return edges


def highest_edge(scores: Floats, is_wrong: Bools, share: float, share_high: float) -> float:
    """Return the highest score below which few enough are wrong, -inf where that is shown of none.

    Args:
        scores: (n,), lowest first to be called safe.
        is_wrong: (n,), where that would be wrong.
        share: Of the called, the largest that may be wrong.
        share_high: Largest upper end of its 95% Wilson interval.
    """
    order = np.argsort(scores, kind="stable")
    n, n_wrong = np.arange(1, len(order) + 1), is_wrong[order].cumsum(dtype=np.int64)
    keeps = (n_wrong / n <= share) & (wilson_high(n_wrong, n) <= share_high)
    # ties are called together, so the edge lies between two different scores
    ranked = scores[order]
    ends = np.append(ranked[1:] > ranked[:-1], True) if len(order) else np.zeros(0, dtype=bool)
    kept = np.flatnonzero(keeps & ends)
    return float(np.nextafter(ranked[kept[-1]], np.inf)) if len(kept) else float("-inf")


@dataclass(frozen=True, slots=True)
class _Side:
    """Scores, who counts, and the share of them that may fall below the threshold."""

    scores: Floats
    counted: Bools
    rate: float

    def choose(
        self, fold: Ints, rules: ThresholdRules, stated: float
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
    hints_clear = thresholds.hints_clear_below[thresholds.fold]
    is_settled = (found.settled >= thresholds.min_settled) & (found.high < clears)
    is_hinted = (found.hinted >= thresholds.min_settled) & (found.high < hints_clear)
    may_be = found.is_informed & (found.risk < _EVEN) & ~unsafe
    return Verdicts(unsafe, may_be & (is_settled | is_hinted))
