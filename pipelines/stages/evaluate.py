"""Stage evaluate: every system answers the rows of a split, and the grading oracle judges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from builder.errors import InputError
from builder.evaluation.answers import render_answer
from builder.evaluation.grading import (
    Graders,
    Question,
    as_plain,
    cut_to_shorter,
    differences,
    grade_answer,
    measure_answer,
    summarize,
)
from builder.evaluation.popularity import popular_items
from builder.export.naming import Names
from builder.export.release_layout import read_rule
from builder.oracle.files.oracle import Oracle
from builder.plot_files import write_plot
from builder.records import Answer, Item
from builder.statistics.bootstrap import GroupBootstrap
from builder.tables import read_table, write_json, write_table
from builder.training.examples import Example, read_examples
from builder.training.generation import answer_prompts
from builder.training.models import load_policy, quieten_libraries
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
    catalogue = read_table(items, Item)
    graders = Graders(Oracle.open(oracle_grade, "grade"), Oracle.open(oracle_build, "build"))
    asked = read_examples(saferec, "sft", params.split)
    if not asked:
        fix = "choose the dates of the section split so that threads fall into it"
        raise InputError("evaluate", f"the split {params.split} has no row to answer", fix)
    folders = {"plain_sft": model_plain, "safe_sft": model_safe, "safe_gdpo": model_gdpo}
    told = {"popularity": _popular(saferec, catalogue, asked)}
    quieten_libraries()
    for system, folder in job.track(list(folders.items())):
        policy = load_policy(str(folder))
        prompts = [example.prompt for example in asked]
        told[system] = answer_prompts(policy, prompts, params.decoding, params.batch_size)
    rows = {
        system: [_graded(system, *pair, graders) for pair in zip(asked, texts, strict=True)]
        for system, texts in told.items()
    }
    _write(job, params, rows, metrics, metrics_plot)
    job.rows_in[f"{params.split} rows"] = len(asked)
    graded = [row for system in rows.values() for row in system]
    job.rows_out["answers"] = write_table(answers, Answer, graded)


def _popular(saferec: Path, items: list[Item], asked: list[Example]) -> list[str]:
    domain_of, names = {item.item_id: item.domain for item in items}, Names(items)
    truths = [example.truth for example in read_examples(saferec, "sft", "train")]
    popular = popular_items(truths, domain_of, names, read_rule(saferec).wanted)
    listed = {d: [names.title_year(i) for i in item_ids] for d, item_ids in popular.items()}
    return [render_answer(listed.get(domain_of[example.truth[0]], ())) for example in asked]


def _graded(system: str, example: Example, text: str, graders: Graders) -> Answer:
    question = Question(
        example.conversation_id, example.dialog_id, example.trait, example.traits, example.truth
    )
    return grade_answer(system, question, text, graders)


def _write(
    job: Job, params: Params, rows: dict[str, list[Answer]], metrics: Path, metrics_plot: Path
) -> None:
    threads = [row.dialog_id for row in rows["plain_sft"]]
    draws = GroupBootstrap(
        threads, n_resamples=params.bootstrap_resamples, level=params.level, seed=job.seed
    )
    values = {system: _measured(answered, params) for system, answered in rows.items()}
    systems = {system: as_plain(summarize(told, draws)) for system, told in values.items()}
    grown = differences(values["safe_gdpo"], values["plain_sft"])
    pairs = zip(rows["safe_gdpo"], rows["plain_sft"], strict=True)
    after, before = zip(*(cut_to_shorter(*pair) for pair in pairs), strict=True)
    level = differences(_measured(after, params), _measured(before, params))
    report = {
        "split": params.split,
        "n_rows": len(threads),
        "n_threads": len(set(threads)),
        "systems": systems,
        "safe_gdpo_minus_plain_sft": as_plain(summarize(grown, draws)),
        "safe_gdpo_minus_plain_sft_at_equal_length": as_plain(summarize(level, draws)),
    }
    write_json(metrics, report)
    points = (
        {"system": system, "metric": metric, **figure}
        for system, figures in systems.items()
        for metric, figure in figures.items()
    )
    write_plot(metrics_plot, ("system", "metric", "value", "low", "high"), points)


def _measured(rows: Sequence[Answer], params: Params) -> list[dict[str, float | None]]:
    return [measure_answer(row, params.cutoffs) for row in rows]


if __name__ == "__main__":
    run_stage(main)
