"""One oracle from start to end: its evidence, its fusion, its verdicts, what labels say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from builder.oracle.checks.calibration import Labelled, miss_rates, risk_calibration_error
from builder.oracle.checks.masked import missed_if_unsaid
from builder.oracle.evidence.answers import base_rates
from builder.oracle.evidence.feeds import Feed, select, select_likelihoods
from builder.oracle.evidence.gather import Gathered, gather
from builder.oracle.evidence.truth import read_truth
from builder.oracle.files.label import Role
from builder.oracle.posterior.posterior import posterior
from builder.oracle.posterior.rules import PosteriorRules
from builder.oracle.reference.reference import apply_formula
from builder.oracle.verdicts.fuse import Fused, by_posterior, by_reference, risks
from builder.oracle.verdicts.recalibrate import bend, fit_bend
from builder.oracle.verdicts.thresholds import ThresholdRules, choose_thresholds, labels_as_arrays
from builder.records import Evidence, Risk, TextLikelihood
from builder.tagging.labels.evidence_labels import LabelRules
from builder.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Evidences:
    """The items, and all evidence on them, whichever oracle it feeds."""

    item_ids: Sequence[str]
    evidence: Sequence[Evidence]
    likelihoods: Sequence[TextLikelihood]


@dataclass(frozen=True, slots=True)
class MakeRules:
    """What decides; `text_trigger`: lowest cosine that counts, by kind of text.

    `no_scenes`: kinds of text whose silence does not count.
    """

    fusion: Literal["posterior", "saferec"]
    text_trigger: Mapping[str, float]
    no_scenes: frozenset[str]
    labels: LabelRules
    posterior: PosteriorRules
    thresholds: ThresholdRules
    n_resamples: int


@dataclass(frozen=True, slots=True)
class Made:
    """An oracle's answers, and how far they can be believed.

    `taught_by`: evidence outside its feed, "source:kind", whose labels fitted its texts'
    likelihoods, base rates or thresholds; an item's own labels never did.
    """

    role: Role
    item_ids: Sequence[str]
    taxonomy: Taxonomy
    found: Gathered
    fused: Fused
    unsafe_at: float
    labelled: Labelled
    taught_by: dict[str, list[str]]
    calibration: dict[str, Any]

    def risks(self) -> Iterator[Risk]:
        """Yield the oracle's rows, see builder/oracle/verdicts/fuse.py."""
        yield from risks(
            self.role, self.item_ids, self.found, self.fused, self.taxonomy, self.unsafe_at
        )


def make_oracle(
    role: Role,
    known: Evidences,
    feeds: Sequence[Feed],
    labels: Sequence[Feed],
    taxonomy: Taxonomy,
    rules: MakeRules,
    seed: int,
) -> Made:
    """Return the oracle of a role.

    Args:
        role: What it is for.
        known: Items and evidence.
        feeds: Patterns of its own evidence.
        labels: Patterns of the evidence that labels items for its thresholds.
        taxonomy: Traits and warnings.
        rules: See `MakeRules`.
        seed: Of the bootstrap.

    Raises:
        InputError: If its own evidence would label it.
    """
    traits, names = list(taxonomy.traits.values()), list(taxonomy.traits)
    warning_ids, ids = list(taxonomy.warnings), known.item_ids
    told = select_likelihoods(known.likelihoods, feeds)
    own = select(known.evidence, feeds)
    found = gather(ids, warning_ids, names, own, told, rules.text_trigger, rules.no_scenes)
    least = rules.thresholds.min_labels
    truth = read_truth(known.evidence, labels, feeds, traits, rules.labels, least)
    violates, respects = labels_as_arrays(ids, names, truth.truth)
    is_own = np.logical_or(*labels_as_arrays(ids, names, truth.answered))
    priors = np.array([warning.prior for warning in taxonomy.warnings.values()])
    rates = base_rates(found.answers, found.n_spoken_of, priors, rules.posterior.prior_items)
    base = truth.base_by_trait
    likely = posterior(found, warning_ids, traits, rates, base, rules.posterior)
    thresholds = choose_thresholds(ids, likely, violates, respects, rules.thresholds, is_own)
    asked = np.array([item_id in truth.spoken_of for item_id in ids], dtype=bool)
    has_label = np.array([bool(truth.truth.get(name)) for name in names], dtype=bool)
    counted = likely.is_informed & asked[:, None] & has_label
    if rules.fusion == "posterior":
        fit = fit_bend(likely, violates, counted, thresholds, least)
        plain = by_posterior(likely, thresholds)
        believed, shown = bend(likely, thresholds, fit)
        fused = by_posterior(believed, shown)
    else:
        formula = apply_formula(found, warning_ids, traits)
        plain = fused = by_reference(found, formula, rules.posterior.unsafe_at)
        shown = thresholds
    labelled = Labelled(role, fused, violates, respects, counted)
    return Made(
        role=role,
        item_ids=ids,
        taxonomy=taxonomy,
        found=found,
        fused=fused,
        unsafe_at=rules.posterior.unsafe_at,
        labelled=labelled,
        taught_by={
            "texts": sorted({feed for one in told for feed in one.taught_by}),
            "thresholds": [str(feed) for feed in labels],
        },
        calibration={
            "miss_rate": rules.thresholds.miss_rate,
            "false_alarm_rate": rules.thresholds.false_alarm_rate,
            "observed": miss_rates(
                labelled, shown, traits, n_resamples=rules.n_resamples, seed=seed
            ),
            "calibration_error": risk_calibration_error(labelled),
            "calibration_error_unscaled": risk_calibration_error(replace(labelled, fused=plain)),
            "if_unsaid": missed_if_unsaid(
                found, warning_ids, traits, thresholds, base, rates, rules.posterior
            ),
        },
    )
