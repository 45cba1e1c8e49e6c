"""The rules of the bundled run's oracles."""

from __future__ import annotations

from builder.oracle.posterior.rules import PosteriorRules
from builder.oracle.verdicts.thresholds import ThresholdRules

POSTERIOR = PosteriorRules(
    prior_items=10.0,
    prior_votes=2.0,
    severity_prior_votes=4.0,
    statement_precision=0.98,
    text_precision=0.63,
    statement_votes=8.0,
    ceiling_leak=0.05,
    trait_base=0.3,
    trait_floor=0.1,
    togetherness=1.0,
    trust={"strong": 0.95, "weak": 0.6, "very_weak_proxy": 0.3, "none": 0.0},
    safe_below=0.5,
    unsafe_at=0.66,
    level=0.8,
)
THRESHOLDS = ThresholdRules(
    miss_rate=0.05,
    false_alarm_rate=0.1,
    min_labels=30,
    folds=5,
    min_settled=0.8,
    clears_below=0.25,
    convicts_from=0.5,
    hint_wrong=0.05,
    hint_wrong_high=0.1,
)
