"""Stage train_gdpo: the Safe-SFT model is rewarded for right, safe and complete lists."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from builder.export.release_layout import read_rule
from builder.oracle.files.oracle import Oracle
from builder.plot_files import write_plot
from builder.records import Conversation
from builder.tables import iter_table, replacing
from builder.training.examples import ThreadLists, read_examples
from builder.training.gdpo import make_tasks, train_gdpo
from builder.training.models import load_policy
from builder.training.rewards import RewardRule
from builder.training.training_settings import GdpoSettings, Training
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams, GdpoSettings):
    """How to explore and learn, which rows are asked, and what a title without a verdict costs."""

    reads_also = ("training",)
    training: Training
    prompts: Annotated[list[Literal["sft", "grpo"]], Field(min_length=1)]
    unknown_cost: Annotated[float, Field(ge=0, le=1)]


def main(
    job: Job,
    params: Params,
    *,
    saferec: Path,
    conversations: Path,
    oracle_build: Path,
    model_safe: Path,
    model_gdpo: Path,
    gdpo_log: Path,
) -> None:
    """Train from the Safe-SFT model, write the result."""
    oracle = Oracle.open(oracle_build, "build")
    written = iter_table(conversations, Conversation)
    lists = ThreadLists(written, whole_thread=params.training.thread_lists)
    rule = RewardRule(read_rule(saferec).wanted, params.unknown_cost)
    examples = (read_examples(saferec, config, "train") for config in params.prompts)
    tasks = make_tasks(chain.from_iterable(examples), lists, oracle, rule.wanted)
    policy = load_policy(str(model_safe), params.training.lora)
    rewards = train_gdpo(policy, tasks, oracle, rule, params, seed=job.seed)
    with replacing(model_gdpo) as new:
        policy.save(new)
    points = (
        {"step": step, "series": name, "value": round(mean, 4)} for step, name, mean in rewards
    )
    write_plot(gdpo_log, ("step", "series", "value"), points)
    job.rows_in["prompts"] = len(tasks)
    job.rows_out["answers"] = params.steps * params.prompts_per_step * params.generations


if __name__ == "__main__":
    run_stage(main)
