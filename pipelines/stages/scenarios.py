"""Stage scenarios: PENGUIN rows, drawn and written anew, and extracted from the mined dialogs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.llm.client_settings import Writer
from builder.llm.protocol import Grammar
from builder.records import Dialog, Scenario
from builder.synthesis.penguin import advice_posts as posts
from builder.synthesis.penguin import scenarios as synthetic
from builder.synthesis.penguin.extraction import Extractor
from builder.synthesis.penguin.templates import ScenarioGrammar, ScenarioTemplates
from builder.synthesis.text_limits import PromptLimits
from builder.tables import read_table, write_table
from pipelines.runtime.chat import open_writer
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams, synthetic.WritingRules):
    """Who writes, how many rows, what a query must be, and what a post must hold.

    `per_domain`: synthetic rows of each of the seven. A post becomes a row if it states
    `min_stated` attributes of its writer and asks a question of `min_query_words`.
    """

    reads_also = ("prompts", "queries")
    writer: Writer
    prompts: PromptLimits
    per_domain: Annotated[int, Field(ge=0)]
    min_stated: Annotated[int, Field(ge=0)]
    min_query_words: Annotated[int, Field(ge=1)]


def main(job: Job, params: Params, *, dialogs: Path, scenarios: Path) -> None:
    """Write synthetic rows, extract real ones, write both."""
    templates, mined = ScenarioTemplates.load(), read_table(dialogs, Dialog)
    job.rows_in["dialogs"] = len(mined)
    grammars: dict[str, Grammar] = {
        synthetic.TASK: ScenarioGrammar(templates, job.seed),
        posts.TASK: posts.ProfileGrammar(Extractor.load(), params.min_query_words),
    }
    with open_writer(job, params.writer, grammars) as client:
        written = synthetic.write_scenarios(
            client,
            synthetic.plan_scenarios(templates, params.per_domain, job.seed),
            params,
            workers=job.workers,
            reject=job.reject,
        )
        extracted = posts.extract_scenarios(
            client,
            mined,
            min_stated=params.min_stated,
            max_chars=params.prompts.max_chars,
            workers=job.workers,
            reject=job.reject,
        )
    rows = sorted([*written, *extracted], key=lambda row: row.scenario_id)
    job.rows_out["scenarios"] = write_table(scenarios, Scenario, rows)
    job.figures["by_source"] = dict(sorted(Counter(row.source for row in rows).items()))
    job.figures["by_domain"] = dict(sorted(Counter(row.domain for row in rows).items()))


if __name__ == "__main__":
    run_stage(main)
