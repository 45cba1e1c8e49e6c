"""The verdict on every item for one trait: unsafe, safe or unknown.

Unsafe: an avoided warning is answered yes, or the severities known so far reach the threshold.

Safe: nothing fired, and enough is known, in one of two ways. Either a share of `min_answered` of
the trait's own warnings is answered no. Or its Parents Guide categories are bounded so that even
the worst case stays below `safe_below`, and the reference calls them a strong stand-in for the
trait: a film without severe scenes may still kill the dog, so a weak proxy can convict and never
clears.

Unknown: everything else, and with it what lies between `safe_below` and `unsafe_at`. For someone in
recovery, moderate drug use is a risk of 0.61: the reference, with one threshold, calls that safe.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.oracle.answers import Answers
from builder.oracle.formula import final_risk, pg_risk
from builder.taxonomy import CATEGORIES, Applicability, Trait


@dataclass(frozen=True, slots=True)
class VerdictRules:
    """What decides: see the module. The numbers are in (0, 1], `safe_below` at most `unsafe_at`."""

    unsafe_at: float
    safe_below: float
    min_answered: float
    clearing_applicability: Collection[Applicability]


@dataclass(frozen=True, slots=True)
class TraitVerdicts:
    """Parallel arrays over items; neither `unsafe` nor `safe` is unknown.

    `low` and `high` bound the reference's `final`. Both are 1 where a warning fired. `high` takes
    each unknown severity at its ceiling, or as severe, and unless the item is safe an unanswered
    warning as a yes. `pg_low` takes unknown severities as none, like the reference; `pg_known` is
    where any category with a weight is stated, or none has a weight. `n_no` counts the noes.
    """

    unsafe: NDArray[np.bool_]
    safe: NDArray[np.bool_]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    trigger: NDArray[np.bool_]
    pg_low: NDArray[np.float64]
    pg_known: NDArray[np.bool_]
    n_no: NDArray[np.int64]


def judge(
    answers: Answers, warning_ids: Sequence[str], trait: Trait, rules: VerdictRules
) -> TraitVerdicts:
    """Return the verdicts of a trait on all items of the answers."""
    columns = [warning_ids.index(warning) for warning in trait.warnings]
    weights = np.array([trait.parents_guide.weights.get(c, 0.0) for c in CATEGORIES])
    trigger = np.any(answers.yes[:, columns], axis=1)
    n_no = answers.no[:, columns].sum(axis=1)
    pg_low, pg_high = pg_risk(answers.low, weights), pg_risk(answers.high, weights)
    low = final_risk(trigger, pg_low)
    unsafe = low >= rules.unsafe_at
    answered = n_no >= rules.min_answered * len(columns) - 1e-9
    may_clear = trait.parents_guide.applicability in rules.clearing_applicability
    bounded = (pg_high < rules.safe_below) & bool(may_clear and weights.any())
    safe = ~unsafe & (answered | bounded)
    all_no = n_no == len(columns)
    return TraitVerdicts(
        unsafe=unsafe,
        safe=safe,
        low=low,
        high=final_risk(trigger | ~(safe | all_no), pg_high),
        trigger=trigger,
        pg_low=pg_low,
        pg_known=np.any(answers.stated[:, weights > 0], axis=1) | np.bool_(not weights.any()),
        n_no=n_no,
    )
