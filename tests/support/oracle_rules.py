"""The rules of the bundled run's oracles, and oracles made by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from builder.oracle.evidence.feeds import Feed
from builder.oracle.make import Evidences, Made, MakeRules, make_oracle
from builder.oracle.posterior.rules import PosteriorRules
from builder.oracle.verdicts.thresholds import ThresholdRules
from builder.records import Evidence, TextLikelihood
from builder.tagging.labels.evidence_labels import LabelRules
from builder.taxonomy import Taxonomy

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
    proxies_clear=False,
    hint_wrong=0.05,
    hint_wrong_high=0.1,
)


def make_rules(fusion: Any = "posterior") -> MakeRules:
    """Make the rules, for texts that count from a cosine of 0.5."""
    labels = LabelRules((("*", "*"),), 2.0, frozenset({"strong"}), 0.6)
    trigger, no_scenes = {"plot": 0.5}, frozenset({"genres"})
    return MakeRules(fusion, trigger, no_scenes, labels, POSTERIOR, THRESHOLDS, n_resamples=50)


def fuse_evidence(
    tree: Taxonomy,
    *rows: Evidence,
    fusion: str = "posterior",
    texts: Sequence[TextLikelihood] = (),
    ids: Sequence[str] = ("a", "b", "c"),
    feeds: Sequence[str] = ("*:*",),
    labels: Sequence[str] = (),
) -> Made:
    """Make the building oracle of some rows of evidence on items."""
    return make_oracle(
        "build",
        Evidences(ids, rows, texts),
        [Feed.parse(feed) for feed in feeds],
        [Feed.parse(label) for label in labels],
        tree,
        make_rules(fusion),
        seed=1,
    )
