"""Stage judge: conversations and scenarios get their scores, and the run its quality report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.llm.client_settings import Writer
from builder.oracle.files.oracle import Oracle
from builder.records import Conversation, Item, Judgement, Scenario
from builder.synthesis.judging.judge_agreement import judge_sample
from builder.synthesis.judging.judge_rules import Limits
from builder.synthesis.judging.judging import (
    JudgeRequester,
    grammars,
    judge_conversations,
    judge_scenarios,
)
from builder.synthesis.judging.judging_context import JudgingContext
from builder.synthesis.judging.quality import make_report, texts_to_compare
from builder.synthesis.judging.rubrics import read_rubrics
from builder.synthesis.text_limits import PromptLimits
from builder.tables import read_table, write_json, write_table
from builder.tagging.encode.encoder import EncoderSettings
from builder.taxonomy import Taxonomy
from pipelines.runtime.chat import open_writer
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams, Limits):
    """Who judges, what counts as low, and what the report lists.

    `again`: share of the constrained conversations that are judged twice, by another prompt.
    `encoder`: tells how far apart texts lie. `threshold`: the score below which a row is low.
    `n_lowest`: rows that the report lists for each rubric.
    """

    reads_also = ("prompts", "queries")
    writer: Writer
    prompts: PromptLimits
    again: Annotated[float, Field(ge=0, le=1)]
    encoder: EncoderSettings
    threshold: Annotated[int, Field(ge=1, le=5)]
    n_lowest: Annotated[int, Field(ge=0)]


def main(
    job: Job,
    params: Params,
    *,
    taxonomy: Path,
    items: Path,
    oracle_build: Path,
    conversations: Path,
    scenarios: Path,
    judgements: Path,
    quality_report: Path,
) -> None:
    """Judge every row with a constraint and every scenario, write scores and report."""
    rows, profiles = read_table(conversations, Conversation), read_table(scenarios, Scenario)
    job.rows_in = {"conversations": len(rows), "scenarios": len(profiles)}
    oracle = Oracle.open(oracle_build, "build")
    context = JudgingContext.of(
        rows, read_table(items, Item), Taxonomy.load(taxonomy), oracle, job.seed
    )
    rubrics = read_rubrics()
    requester = JudgeRequester(context, rubrics, params.prompts.max_chars)
    with open_writer(job, params.writer, grammars(params)) as client:
        scores = judge_conversations(
            client, rows, requester, workers=job.workers, reject=job.reject
        )
        scores += judge_scenarios(client, profiles, rubrics, workers=job.workers, reject=job.reject)
        second_opinions = judge_sample(
            client,
            rows,
            requester,
            share=params.again,
            seed=job.seed,
            workers=job.workers,
            reject=job.reject,
        )
    scores.sort(key=lambda judgement: (judgement.row_id, judgement.rubric))
    job.rows_out["judgements"] = write_table(judgements, Judgement, scores)
    texts = texts_to_compare(rows, profiles)
    # Imports torch: seconds that a wrong parameter need not wait for.
    from builder.tagging.encode.sentence_encoder import load_encoder

    encoder = load_encoder(params.encoder, workers=job.workers, precision="float32")
    report = make_report(
        scores,
        rows,
        profiles,
        threshold=params.threshold,
        near_copy=params.near_copy,
        n_lowest=params.n_lowest,
        second_opinions=second_opinions,
        vector_by_text=dict(zip(texts, encoder.encode(texts, job.track), strict=True)),
    )
    write_json(quality_report, report)


if __name__ == "__main__":
    run_stage(main)
