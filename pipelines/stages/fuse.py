"""Stage fuse: evidence becomes two oracles that share none, and a report on both."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from builder.oracle.checks.calibration import COVERAGE_RISK_COLUMNS, RELIABILITY_COLUMNS
from builder.oracle.checks.knowledge import KNOWLEDGE_COLUMNS, idle_feeds, kinds_of, knowledge
from builder.oracle.checks.oracle_agreement import disagreement
from builder.oracle.evidence.feeds import parse_feeds
from builder.oracle.files.compiled import write_oracle
from builder.oracle.files.label import Role
from builder.oracle.make import Evidences, MakeRules
from builder.oracle.pair import COVERAGE_COLUMNS, make_pair, pair_report
from builder.oracle.posterior.rules import InnerShare, PosteriorRules, Share
from builder.oracle.reference.sensitivity import sensitivity
from builder.oracle.verdicts.thresholds import ThresholdRules, ThresholdSettings
from builder.plot_files import write_plot
from builder.records import Evidence, Item, TextKind, TextLikelihood
from builder.tables import read_table, write_json
from builder.tagging.labels.evidence_labels import LabelSettings
from builder.taxonomy import Taxonomy
from pipelines.runtime.stage import Job, StageParams, run_stage


class LabelFeeds(StageParams):
    """What, outside an oracle, labels the items on which its thresholds are chosen."""

    build: list[str]
    grade: list[str]


class Params(StageParams):
    """What feeds each oracle and labels its items, and how evidence becomes verdicts.

    `miss_rate`: share of violating items that may be called safe; `false_alarm_rate`: of the
    others, unsafe. `proxies_clear`: whether severities may show that hints clear a title, where
    nobody answers a trait's own questions. `min_answered`: share of a trait's warnings answered no
    that makes an item a label of safety. `text_trigger`: cosine by kind of text from which it says
    yes; `no_scenes`: kinds whose silence clears nothing. `target_precision`: of the trigger that
    the report names.
    """

    reads_also = ("labels",)
    labels: LabelSettings
    fusion: Literal["posterior", "saferec"]
    build: Annotated[list[str], Field(min_length=1)]
    grade: Annotated[list[str], Field(min_length=1)]
    label_feeds: LabelFeeds
    miss_rate: InnerShare
    false_alarm_rate: InnerShare
    proxies_clear: bool
    min_answered: Share
    thresholds: ThresholdSettings
    posterior: PosteriorRules
    text_trigger: dict[TextKind, Annotated[float, Field(ge=-1, le=1)]]
    no_scenes: list[TextKind]
    target_precision: Share
    bootstrap_resamples: Annotated[int, Field(ge=1)]

    def rules(self) -> MakeRules:
        """Return them as the library reads them."""
        return MakeRules(
            fusion=self.fusion,
            text_trigger={str(kind): cosine for kind, cosine in self.text_trigger.items()},
            no_scenes=frozenset(self.no_scenes),
            labels=self.labels.rules([("*", "*")], self.min_answered),
            posterior=self.posterior,
            thresholds=ThresholdRules(
                miss_rate=self.miss_rate,
                false_alarm_rate=self.false_alarm_rate,
                proxies_clear=self.proxies_clear,
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
    tree, catalog, rules = Taxonomy.load(taxonomy), read_table(items, Item), params.rules()
    stated, texts = read_table(evidence, Evidence), read_table(text_evidence, Evidence)
    likelihoods = read_table(text_likelihoods, TextLikelihood)
    known = Evidences([item.item_id for item in catalog], [*stated, *texts], likelihoods)
    for role, feed in idle_feeds(kinds_of(known.evidence, likelihoods), feeds):
        job.reject(f"params.yaml: fuse.{role}", "pattern matches no evidence", str(feed))
    pair = make_pair(known, feeds, labels, tree, rules, job.seed)
    files: tuple[tuple[Role, Path], ...] = (("build", oracle_build), ("grade", oracle_grade))
    for name, path in files:
        written = write_oracle(path, pair.label(name), pair.risks[name], catalog)
        job.rows_out[f"oracle_{name}"] = written
    write_json(sensitivity_export, sensitivity(pair.risks["build"], params.posterior.unsafe_at))
    write_plot(coverage_plot, COVERAGE_COLUMNS, pair.coverage())
    write_plot(reliability_plot, RELIABILITY_COLUMNS, pair.reliability())
    write_plot(coverage_risk_plot, COVERAGE_RISK_COLUMNS, pair.coverage_risk())
    sources = knowledge(known.evidence, likelihoods, pair.traits, len(catalog))
    write_plot(knowledge_plot, KNOWLEDGE_COLUMNS, sources)
    report = pair_report(
        pair,
        catalog,
        stated,
        texts,
        rules,
        target_precision=params.target_precision,
        seed=job.seed,
    )
    write_json(oracle_report, report)
    write_json(disagreement_metrics, {"disagreement": disagreement(report["agreement"])})
    job.rows_in |= {"items": len(catalog), "evidence": len(stated), "text_evidence": len(texts)}
    job.rows_in["text_likelihoods"] = len(likelihoods)


if __name__ == "__main__":
    run_stage(main)
