"""Stage route: the conversations that people are asked about become Label Studio tasks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from annotation.routing import REASONS, Reason, mean_scores, route_conversations
from annotation.tasks import TaskWriter, write_task_folder
from builder.oracle.files.oracle import Oracle
from builder.records import Conversation, Item, Judgement
from builder.tables import iter_table, read_table
from builder.taxonomy import Taxonomy
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams):
    """How many tasks people get, and for which reasons."""

    n_tasks: Annotated[int, Field(ge=0)]
    overlap: Annotated[int, Field(ge=1)]
    shares: dict[Reason, Annotated[float, Field(ge=0, le=1)]]

    @model_validator(mode="after")
    def _shares_are_complete(self) -> Params:
        if set(self.shares) != set(REASONS) or abs(sum(self.shares.values()) - 1) > 1e-9:
            raise ValueError(f"shares must be given for {', '.join(REASONS)} and sum to 1")
        return self


def main(
    job: Job,
    params: Params,
    *,
    taxonomy: Path,
    items: Path,
    oracle_build: Path,
    conversations: Path,
    judgements: Path,
    tasks: Path,
) -> None:
    """Choose the conversations, write the tasks beside their screen and guidelines."""
    rows = read_table(conversations, Conversation)
    routes = route_conversations(
        rows,
        mean_scores(iter_table(judgements, Judgement)),
        n_tasks=params.n_tasks,
        shares=params.shares,
        seed=job.seed,
    )
    item_by_id = {item.item_id: item for item in iter_table(items, Item)}
    oracle = Oracle.open(oracle_build, "build")
    writer = TaskWriter(Taxonomy.load(taxonomy), item_by_id, oracle)
    written = [
        writer.write(route.conversation, route.meta(params.overlap)) for route in job.track(routes)
    ]
    write_task_folder(tasks, written)
    job.rows_in["conversations"] = len(rows)
    job.rows_out["tasks"] = len(written)
    job.figures["routed_because"] = dict(sorted(Counter(r.reason for r in routes).items()))
    job.figures["labels_wanted"] = len(written) * params.overlap


if __name__ == "__main__":
    run_stage(main)
