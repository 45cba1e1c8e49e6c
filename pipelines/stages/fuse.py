"""Stage fuse: evidence becomes two oracles that share none, and a report on both."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from builder.oracle.checks.calibration import (
    COVERAGE_RISK_COLUMNS,
    RELIABILITY_COLUMNS,
    coverage_risk,
    reliability,
)
from builder.oracle.checks.knowledge import coverage, fed, idle_feeds, kinds_of, knowledge
from builder.oracle.checks.oracle_agreement import agreement, disagreement
from builder.oracle.checks.text_quality import score_texts, text_quality
from builder.oracle.evidence.feeds import parse_feeds
from builder.oracle.files.compiled import write_oracle
from builder.oracle.files.label import OracleLabel, Role
from builder.oracle.make import Evidences, Made, MakeRules, make_oracle
from builder.oracle.posterior.rules import PosteriorRules
from builder.oracle.reference.sensitivity import sensitivity
from builder.oracle.verdicts.thresholds import ThresholdRules
from builder.plot_files import write_plot
from builder.records import Evidence, Item, Risk, TextKind, TextLikelihood
from builder.tables import read_table, write_json
from builder.tagging.labels.evidence_labels import LabelSettings
from builder.taxonomy import Applicability, Taxonomy
from pipelines.runtime.stage import Job, StageParams, run_stage

Share = Annotated[float, Field(gt=0, le=1)]
Open = Annotated[float, Field(gt=0, lt=1)]
Strength = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]


class LabelFeeds(StageParams):
    """What, outside an oracle, labels the items on which its thresholds are chosen."""

    build: list[str]
    grade: list[str]


class PosteriorParams(StageParams):
    """What the posterior takes for given."""

    prior_votes: Strength
    severity_prior_votes: Strength
    statement_precision: Open
    text_precision: Open
    statement_votes: Strength
    ceiling_leak: Open
    trait_base: Open
    trait_floor: Open
    togetherness: Strength
    trust: dict[Applicability, Annotated[float, Field(ge=0, le=1)]]
    level: Open
    unsafe_at: Share
    safe_below: Share

    @model_validator(mode="after")
    def _leaves_a_band(self) -> Self:
        if self.safe_below >= self.unsafe_at:
            raise ValueError("safe_below must be below unsafe_at")
        return self


class ThresholdParams(StageParams):
    """When an interval becomes a verdict."""

    min_labels: Count
    folds: Annotated[int, Field(ge=2)]
    min_settled: Share
    clears_below: Open
    convicts_from: Open


class Params(StageParams):
    """What feeds each oracle and labels its items, and how evidence becomes verdicts.

    `miss_rate`: share of violating items that may be called safe; `false_alarm_rate`: of the
    others, unsafe. `min_answered`: share of a trait's warnings answered no that makes an item a
    label of safety. `text_trigger`: cosine by kind of text from which it says yes; `no_scenes`:
    kinds whose silence clears nothing. `target_precision`: of the trigger that the report names.
    """

    reads_also = ("labels",)
    labels: LabelSettings
    fusion: Literal["posterior", "saferec"]
    build: Annotated[list[str], Field(min_length=1)]
    grade: Annotated[list[str], Field(min_length=1)]
    label_feeds: LabelFeeds
    miss_rate: Open
    false_alarm_rate: Open
    min_answered: Share
    thresholds: ThresholdParams
    posterior: PosteriorParams
    text_trigger: dict[TextKind, Annotated[float, Field(ge=-1, le=1)]]
    no_scenes: list[TextKind]
    target_precision: Share
    bootstrap_resamples: Count

    def rules(self) -> MakeRules:
        """Return them as the library reads them."""
        return MakeRules(
            fusion=self.fusion,
            text_trigger={str(kind): cosine for kind, cosine in self.text_trigger.items()},
            no_scenes=frozenset(self.no_scenes),
            labels=self.labels.rules([("*", "*")], self.min_answered),
            posterior=PosteriorRules(**self.posterior.model_dump()),
            thresholds=ThresholdRules(
                miss_rate=self.miss_rate,
                false_alarm_rate=self.false_alarm_rate,
                **self.thresholds.model_dump(),
            ),
            n_resamples=self.bootstrap_resamples,
        )


def main(
    job: Job,
    params: Params,
    *,
    taxonomy: Path,
    items: Path,
    evidence: Path,
    text_evidence: Path,
    text_likelihoods: Path,
    oracle_build: Path,
    oracle_grade: Path,
    sensitivity_export: Path,
    oracle_report: Path,
    disagreement_metrics: Path,
    coverage_plot: Path,
    reliability_plot: Path,
    coverage_risk_plot: Path,
    knowledge_plot: Path,
) -> None:
    """Write both oracles, what they know, how far they can be believed and how they agree."""
    feeds = parse_feeds(params.build, params.grade)
    labels = parse_feeds(params.label_feeds.build, params.label_feeds.grade, may_meet=True)
    tree, catalog = Taxonomy.load(taxonomy), read_table(items, Item)
    stated, texts = read_table(evidence, Evidence), read_table(text_evidence, Evidence)
    told = read_table(text_likelihoods, TextLikelihood)
    job.rows_in |= {"items": len(catalog), "evidence": len(stated), "text_evidence": len(texts)}
    job.rows_in["text_likelihoods"] = len(told)
    present = kinds_of([*stated, *texts], told)
    for oracle, feed in idle_feeds(present, feeds):
        job.reject(f"params.yaml: fuse.{oracle}", "pattern matches no evidence", str(feed))
    known = Evidences([item.item_id for item in catalog], [*stated, *texts], told)
    fed_by = fed(present, feeds)
    files: tuple[tuple[Role, Path], ...] = (("build", oracle_build), ("grade", oracle_grade))
    made: dict[str, Made] = {}
    risks: dict[str, list[Risk]] = {}
    for oracle, path in files:
        made[oracle] = make_oracle(
            oracle, known, feeds[oracle], labels[oracle], tree, params.rules(), job.seed
        )
        risks[oracle] = list(made[oracle].risks())
        label = OracleLabel(oracle, fed_by[oracle], made[oracle].taught_by)
        job.rows_out[f"oracle_{oracle}"] = write_oracle(path, label, risks[oracle], catalog)
    write_json(sensitivity_export, sensitivity(risks["build"], params.posterior.unsafe_at))

    traits = list(tree.traits.values())
    shares = coverage([*risks["build"], *risks["grade"]])
    write_plot(coverage_plot, ("trait", "oracle", "verdict", "share"), shares)
    labelled = [one.labelled for one in made.values()]
    bins = [row for one in labelled for row in reliability(one, traits)]
    write_plot(reliability_plot, RELIABILITY_COLUMNS, bins)
    steps = [row for one in labelled for row in coverage_risk(one, traits)]
    write_plot(coverage_risk_plot, COVERAGE_RISK_COLUMNS, steps)
    sources = knowledge([*stated, *texts], told, traits, len(catalog))
    write_plot(knowledge_plot, ("trait", "source", "share"), sources)
    scored = score_texts(
        catalog,
        {warning for trait in traits for warning in trait.warnings},
        (e for e in stated if e.kind == "statement"),
        (e for e in texts if e.kind in ("similarity", "aside")),
    )
    report: dict[str, Any] = {
        "fusion": params.fusion,
        "fed_by": fed_by,
        "taught_by": {oracle: one.taught_by for oracle, one in made.items()},
        "verdicts": shares,
        "calibration": {oracle: one.calibration for oracle, one in made.items()},
        "agreement": agreement(
            made["build"].fused.codes,
            made["grade"].fused.codes,
            [trait.name for trait in traits],
            n_resamples=params.bootstrap_resamples,
            seed=job.seed,
        ),
        "text_against_statements": text_quality(
            scored,
            traits,
            params.rules().text_trigger,
            target_precision=params.target_precision,
            n_resamples=params.bootstrap_resamples,
            seed=job.seed,
        ),
    }
    write_json(oracle_report, report)
    write_json(disagreement_metrics, {"disagreement": disagreement(report["agreement"])})


if __name__ == "__main__":
    run_stage(main)
