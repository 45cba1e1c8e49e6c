"""Stage fuse: evidence becomes two oracles that share none, and a report on both."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

import polars as pl
from pydantic import Field, model_validator

from builder.oracle.compiled import compile_oracle, write_compiled
from builder.oracle.feeds import parse_feeds, select
from builder.oracle.fuse import fuse
from builder.oracle.report import agreement, coverage, fed, idle_feeds
from builder.oracle.sensitivity import sensitivity
from builder.oracle.store import Label, Role, write_oracle
from builder.oracle.text_quality import score_texts, text_quality
from builder.oracle.verdict import VerdictRules
from builder.records import Evidence, Item, Risk, TextKind
from builder.tables import read_table, write_bytes, write_json
from builder.taxonomy import Applicability, Taxonomy
from pipelines.stage import Job, StageParams, run_stage

Share = Annotated[float, Field(gt=0, le=1)]


class Params(StageParams):
    """See params.yaml."""

    build: Annotated[list[str], Field(min_length=1)]
    grade: Annotated[list[str], Field(min_length=1)]
    unsafe_at: Share
    safe_below: Share
    min_answered: Share
    clearing_applicability: list[Applicability]
    text_trigger: dict[TextKind, Annotated[float, Field(ge=-1, le=1)]]
    target_precision: Share
    bootstrap_resamples: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _leaves_no_overlap(self) -> Self:
        if self.safe_below > self.unsafe_at:
            raise ValueError("safe_below must not be above unsafe_at")
        return self


def main(
    job: Job,
    params: Params,
    *,
    taxonomy: Path,
    items: Path,
    evidence: Path,
    text_evidence: Path,
    oracle_build: Path,
    oracle_grade: Path,
    lookup_build: Path,
    lookup_grade: Path,
    sensitivity_export: Path,
    oracle_report: Path,
    coverage_plot: Path,
) -> None:
    """Write both oracles, what they know and how they agree."""
    feeds = parse_feeds(params.build, params.grade)
    tree, catalog = Taxonomy.load(taxonomy), read_table(items, Item)
    stated, texts = read_table(evidence, Evidence), read_table(text_evidence, Evidence)
    job.rows_in |= {"items": len(catalog), "evidence": len(stated), "text_evidence": len(texts)}
    for oracle, feed in idle_feeds([*stated, *texts], feeds):
        job.reject(f"params.yaml: fuse.{oracle}", "pattern takes no evidence", str(feed))
    rules = VerdictRules(
        params.unsafe_at, params.safe_below, params.min_answered, params.clearing_applicability
    )
    ids = [item.item_id for item in catalog]
    triggers = {str(kind): cosine for kind, cosine in params.text_trigger.items()}
    risks: dict[str, list[Risk]] = {}
    files: tuple[tuple[Role, Path, Path], ...] = (
        ("build", oracle_build, lookup_build),
        ("grade", oracle_grade, lookup_grade),
    )
    fed_by = fed([*stated, *texts], feeds)
    for oracle, path, lookup in files:
        own = select([*stated, *texts], feeds[oracle])
        risks[oracle] = list(fuse(oracle, ids, own, tree, rules, triggers))
        label = Label(oracle, fed_by[oracle])
        job.rows_out[f"oracle_{oracle}"] = write_oracle(path, label, job.track(risks[oracle]))
        write_compiled(lookup, label, compile_oracle(risks[oracle], catalog, oracle))
    write_json(sensitivity_export, sensitivity(risks["build"], params.unsafe_at))
    shares = coverage([*risks["build"], *risks["grade"]])
    write_bytes(coverage_plot, pl.DataFrame(shares).write_csv().encode())
    scored = score_texts(
        catalog,
        {warning for trait in tree.traits.values() for warning in trait.warnings},
        (e for e in stated if e.kind == "statement"),
        (e for e in texts if e.kind in ("similarity", "aside")),
    )
    report = {
        "fed_by": fed_by,
        "verdicts": shares,
        "agreement": agreement(risks["build"], risks["grade"]),
        "text_against_statements": text_quality(
            scored,
            list(tree.traits.values()),
            triggers,
            target_precision=params.target_precision,
            n_resamples=params.bootstrap_resamples,
            seed=job.seed,
        ),
    }
    write_json(oracle_report, report)


if __name__ == "__main__":
    run_stage(main)
