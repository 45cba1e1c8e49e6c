"""Stage report: what the stages wrote becomes one HTML page, and DVC's plots get theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.explanations.renderer import Renderer
from builder.oracle.files.oracle import Oracle
from builder.plot_files import read_plot
from builder.records import Conversation, Item, Scenario
from builder.report.assemble import Inputs, assemble, release_name
from builder.report.dvc_plots import plots_template
from builder.report.flow import read_rejections
from builder.report.page import render_page
from builder.report.results import read_metrics
from builder.tables import iter_table, read_table, write_bytes
from builder.taxonomy import Taxonomy
from builder.text_files.json_text import read_json
from pipelines.runtime.layout import read_layout
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams):
    """At which of the evaluation's cutoffs the page shows figures."""

    cutoff: Annotated[int, Field(ge=1)]


def main(
    job: Job,
    params: Params,
    *,
    taxonomy: Path,
    items: Path,
    conversations: Path,
    scenarios: Path,
    oracle_build: Path,
    oracle_report: Path,
    coverage_plot: Path,
    quality_report: Path,
    annotation_report: Path,
    leakage_report: Path,
    metrics: Path,
    sft_log: Path,
    gdpo_log: Path,
    card: Path,
    count_files: Path,
    rejection_files: Path,
    page: Path,
    plots_page: Path,
) -> None:
    """Read the reports, write the page."""
    layout = read_layout()
    stages = layout.counted_stages
    tree = Taxonomy.load(taxonomy)
    traits = tree.traits.values()
    inputs = Inputs(
        release=release_name(card.read_text(encoding="utf-8")),
        counts={stage: read_json(count_files / f"{stage}.json") for stage in stages},
        rejections={stage: read_rejections(rejection_files / f"{stage}.jsonl") for stage in stages},
        short_by_trait={trait.name: trait.short for trait in traits},
        label_by_trait={trait.name: trait.id.replace("-", " ") for trait in traits},
        items={item.item_id: item for item in iter_table(items, Item)},
        conversations=read_table(conversations, Conversation),
        scenarios=read_table(scenarios, Scenario),
        oracle=Oracle.open(oracle_build, "build"),
        renderer=Renderer(tree),
        coverage=read_plot(coverage_plot),
        oracle_report=read_json(oracle_report),
        quality_report=read_json(quality_report),
        annotation_report=read_json(annotation_report),
        leakage_report=read_json(leakage_report),
        results=read_metrics(read_json(metrics), params.cutoff),
        sft_log=read_plot(sft_log),
        gdpo_log=read_plot(gdpo_log),
        places={name: str(layout[name]) for name in ("card", "tasks")},
    )
    content = assemble(inputs)
    write_bytes(page, render_page(content).encode())
    write_bytes(plots_page, plots_template().encode())
    job.rows_in |= {"stages": len(stages), "systems": len(inputs.results.systems)}
    job.rows_out["pages"] = 2
    job.figures["bytes"] = page.stat().st_size


if __name__ == "__main__":
    run_stage(main, is_counted=False)  # it reads the counts of all others
