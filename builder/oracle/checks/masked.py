"""What an oracle would call violators if nobody had said so: a test that needs no other labels.

Of the items on which a source says yes to one of a trait's warnings, every yes is taken away and
the rest of the evidence is fused again. Those then called safe bound the share of violators that
the oracle misses because their yes is in no source: the true share is lower, since most are said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from builder.oracle.checks.calibration import share_with_interval
from builder.oracle.evidence.answers import Answers, Floats, membership
from builder.oracle.evidence.gather import Gathered
from builder.oracle.posterior.posterior import posterior
from builder.oracle.posterior.rules import PosteriorRules
from builder.oracle.verdicts.thresholds import Thresholds, decide
from builder.taxonomy import Trait


def missed_if_unsaid(
    found: Gathered,
    warning_ids: Sequence[str],
    traits: Sequence[Trait],
    thresholds: Thresholds,
    base_by_trait: Mapping[str, float],
    rates: Floats,
    rules: PosteriorRules,
) -> dict[str, dict[str, Any]]:
    """Return by trait, and under "all", how many items have a yes, and the share then missed.

    Args:
        found: What the evidence says.
        warning_ids: The columns of its answers.
        traits: In the order of its texts' columns.
        thresholds: Of the oracle, chosen with every yes in place.
        base_by_trait: See `posterior`.
        rates: Likewise.
        rules: See `PosteriorRules`.
    """
    member = membership(warning_ids, traits) > 0
    counts: dict[str, tuple[int, int]] = {}
    for t, trait in enumerate(traits):
        own = member[found.answers.columns, t]
        said = own & found.answers.is_yes
        has_yes = np.bincount(found.answers.rows[said], minlength=len(found.ceilings)) > 0
        masked = replace(
            found,
            answers=_without_yeses(found.answers.of(own)),
            log_ratios=found.log_ratios[:, [t]],
            silence=found.silence[:, [t]],
            has_text=found.has_text[:, [t]],
        )
        likely = posterior(masked, warning_ids, [trait], rates, base_by_trait, rules)
        missed = decide(likely, thresholds.of(t)).safe[:, 0] & has_yes
        counts[trait.name] = int(missed.sum()), int(has_yes.sum())
    total = tuple(np.array(list(counts.values())).sum(axis=0).tolist())
    return {
        name: {"said": n, "missed": share_with_interval(part, n)}
        for name, (part, n) in {"all": total, **counts}.items()
    }


def _without_yeses(answers: Answers) -> Answers:
    """Return answers without votes whose majority says yes, statements of yes, and likenesses."""
    voted_yes = answers.votes[:, 0] > answers.votes[:, 1]
    left = replace(
        answers,
        votes=np.where(voted_yes[:, None], 0, answers.votes),
        said=answers.said & [False, True],
        alike=np.zeros_like(answers.alike),
    )
    return left.of(left.stated)
