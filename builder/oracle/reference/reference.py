"""`fusion: saferec`: verdicts by SafeRec's formula, to the digit (arXiv 2603.03536).

A question is answered by the majority of its votes, a severity is the level with most votes, the
higher one in a tie, and what nobody rated counts as none. The reference knows no third verdict:
of an item on which there is any evidence, what is not unsafe is safe. Only an item of which there
is none is unknown. `fusion: posterior` is the careful one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from builder.oracle.evidence.answers import Bools, Floats, membership
from builder.oracle.evidence.gather import LEVELS, Gathered
from builder.oracle.reference.formula import final_risk, pg_risk
from builder.taxonomy import CATEGORIES, Trait


@dataclass(frozen=True, slots=True)
class Formula:
    """The formula's parts for n items and t traits: `trigger`, `pg` and `final` (n, t).

    `pg_known`: (n, t), where a category of weight was rated, or none has a weight.
    """

    trigger: Bools
    pg: Floats
    final: Floats
    pg_known: Bools


def apply_formula(found: Gathered, warning_ids: Sequence[str], traits: Sequence[Trait]) -> Formula:
    """Return the reference's formula on what an oracle's evidence says."""
    answers = found.answers
    yes = answers.of(answers.is_yes | answers.alike)
    trigger = yes.sums(np.ones(len(yes.rows)), membership(warning_ids, traits)) > 0
    severities, rated = severity_levels(found)
    pg, known = np.zeros(trigger.shape), np.zeros(trigger.shape, dtype=bool)
    for t, trait in enumerate(traits):
        weights = category_weights(trait)
        pg[:, t] = pg_risk(severities, weights)
        known[:, t] = rated[:, weights > 0].any(axis=1) if weights.any() else True
    return Formula(trigger, pg, final_risk(trigger, pg), known)


def severity_levels(found: Gathered) -> tuple[Floats, Bools]:
    """Return (n, 5) severities from 0 to 3, 0 where nobody rated, and where somebody did."""
    votes = found.severity_votes + found.severity_said
    highest_first = np.argmax(votes[..., ::-1], axis=-1)
    rated: Bools = votes.sum(axis=-1) > 0
    return np.where(rated, LEVELS - 1 - highest_first, 0).astype(np.float64), rated


def category_weights(trait: Trait) -> Floats:
    """Return a trait's weights of the five categories, in their order."""
    return np.array([trait.parents_guide.weights.get(c, 0.0) for c in CATEGORIES])
