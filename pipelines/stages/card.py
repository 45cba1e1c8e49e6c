"""Stage card: the release is counted, described for people and for machines, and checksummed."""

from __future__ import annotations

from pathlib import Path

from builder.export.description.card import CardFacts, Release
from builder.export.description.facts import (
    count_rows,
    dialog_sources,
    evidence_sources,
    item_sources,
    row_writers,
    used_rows,
    verdict_lines,
    writers,
)
from builder.export.description.seal import DescriptionFiles, seal_release
from builder.export.release_layout import INDEX_FILE, read_rule, scenario_writers
from builder.oracle.files.oracle import Oracle
from builder.records import Conversation, ExportRow, Item, Review
from builder.tables import iter_table
from builder.taxonomy import Taxonomy
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams, Release):
    """What people decide of a release."""


def main(
    job: Job,
    params: Params,
    *,
    taxonomy: Path,
    items: Path,
    evidence: Path,
    text_evidence: Path,
    conversations: Path,
    reviews: Path,
    oracle_build: Path,
    oracle_grade: Path,
    saferec: Path,
    penguin: Path,
    card: Path,
    croissant: Path,
    checksums: Path,
) -> None:
    """Write the card, the Croissant description and the checksums of a release folder."""
    index = iter_table(saferec / INDEX_FILE, ExportRow)
    used = used_rows(index, job.track(iter_table(conversations, Conversation)))
    traits, scenarios = list(Taxonomy.load(taxonomy).traits), scenario_writers(penguin)
    job.rows_in |= {"saferec": len(used), "penguin": len(scenarios)}
    facts = CardFacts(
        rule=read_rule(saferec),
        rows=count_rows(used, iter_table(reviews, Review)),
        n_scenarios=len(scenarios),
        writers=[*row_writers(used), *writers("penguin", scenarios)],
        sources=[
            *dialog_sources(used),
            *item_sources(used, iter_table(items, Item)),
            *evidence_sources(evidence, text_evidence),
        ],
        build_verdicts=verdict_lines(Oracle.open(oracle_build, "build"), traits),
        grade_verdicts=verdict_lines(Oracle.open(oracle_grade, "grade"), traits),
    )
    files = DescriptionFiles(card, croissant, checksums)
    job.rows_out["files"] = seal_release(files, params, facts)
    job.figures["unreviewed_share"] = round(facts.rows.unreviewed_share, 4)
    job.figures["unknown_share"] = round(facts.rows.unknown_share, 4)


if __name__ == "__main__":
    run_stage(main)
