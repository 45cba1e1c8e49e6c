"""Assign a trait to each sample: by what its recommendations violate, and by explicit cues."""

from __future__ import annotations

from pathlib import Path

from builder.llm.client_settings import Writer
from builder.oracle.files.oracle import Oracle
from builder.records import Assignment, Item, Request
from builder.splits.split_settings import SplitSettings
from builder.synthesis.assign.assigner import Assigner, AssignRule, assignment_figures
from builder.synthesis.assign.assignment_grammar import write_cue, write_fits
from builder.synthesis.assign.candidates import cued_traits
from builder.tables import iter_table, read_table, write_table
from builder.taxonomy import Taxonomy
from builder.titles import TitleYear
from pipelines.runtime.chat import open_writer
from pipelines.runtime.stage import Job, StageParams, run_stage

GRAMMARS = {"assign_cues": write_cue, "assign_fits": write_fits}


class Params(StageParams, AssignRule):
    """Which traits a request can get and gets, who says what fits, and how threads are split."""

    reads_also = ("balance", "split", "prompts")
    writer: Writer
    split: SplitSettings


def main(
    job: Job,
    params: Params,
    *,
    taxonomy: Path,
    requests: Path,
    items: Path,
    oracle_build: Path,
    assignments: Path,
) -> None:
    """Write two assignments a sample."""
    samples = read_table(requests, Request)
    name_by_id = {i.item_id: str(TitleYear(i.title, i.year)) for i in iter_table(items, Item)}
    oracle = Oracle.open(oracle_build, "build")
    traits = list(Taxonomy.load(taxonomy).traits.values())
    with open_writer(job, params.writer, GRAMMARS) as client:
        assigner = Assigner(
            client,
            traits,
            oracle,
            name_by_id,
            params,
            params.split.rule(job.seed),
            job.seed,
            job.workers,
            job.reject,
        )
        cued = list(job.track(assigner.by_cues(samples), total=len(samples)))
        cued_by_sample = {row.request_id: cued_traits(row) for row in cued}
        violated, balanced = assigner.by_violations(samples, cued_by_sample)
    rows = sorted([*violated, *cued], key=lambda row: (row.request_id, row.mode))
    job.rows_in = {"requests": len(samples), "items": len(name_by_id)}
    job.rows_out = {"assignments": write_table(assignments, Assignment, rows)}
    job.figures |= assignment_figures(violated, cued, balanced, params.balance, traits)


if __name__ == "__main__":
    run_stage(main)
