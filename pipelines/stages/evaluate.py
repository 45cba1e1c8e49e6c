"""Stage evaluate: every system answers the rows of a split, and the grading oracle judges."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from builder.evaluation.grading import Graders
from builder.evaluation.metrics_report import PLOT_COLUMNS, metrics_report, plot_rows
from builder.oracle.files.oracle import Oracle
from builder.plot_files import write_plot
from builder.records import Answer, Item
from builder.tables import read_table, write_json, write_table
from builder.training.models import quieten_libraries
from builder.training.systems import graded, model_answers, popular_answers, read_questions
from builder.training.training_settings import Decoding
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams):
    """What is answered, how, and how the figures' intervals are made."""

    decoding: Decoding
    split: Literal["validation", "test"]
    cutoffs: Annotated[list[int], Field(min_length=1)]
    batch_size: Annotated[int, Field(ge=1)]
    bootstrap_resamples: Annotated[int, Field(ge=1)]
    level: Annotated[float, Field(gt=0, lt=1)]


def main(
    job: Job,
    params: Params,
    *,
    saferec: Path,
    items: Path,
    oracle_build: Path,
    oracle_grade: Path,
    model_plain: Path,
    model_safe: Path,
    model_gdpo: Path,
    answers: Path,
    metrics: Path,
    metrics_plot: Path,
) -> None:
    """Answer, grade, measure, write."""
    graders = Graders(Oracle.open(oracle_grade, "grade"), Oracle.open(oracle_build, "build"))
    questions = read_questions(saferec, params.split)
    texts = {"popularity": popular_answers(saferec, questions, read_table(items, Item))}
    quieten_libraries()
    models = {"plain_sft": model_plain, "safe_sft": model_safe, "safe_gdpo": model_gdpo}
    for system, folder in job.track(list(models.items())):
        texts[system] = model_answers(folder, questions, params.decoding, params.batch_size)
    rows = {system: graded(system, questions, given, graders) for system, given in texts.items()}
    report = metrics_report(
        rows,
        params.cutoffs,
        n_resamples=params.bootstrap_resamples,
        level=params.level,
        seed=job.seed,
    )
    write_json(metrics, {"split": params.split, **report})
    write_plot(metrics_plot, PLOT_COLUMNS, plot_rows(report))
    job.rows_in[f"{params.split} rows"] = len(questions)
    job.rows_out["answers"] = write_table(answers, Answer, chain.from_iterable(rows.values()))


if __name__ == "__main__":
    run_stage(main)
