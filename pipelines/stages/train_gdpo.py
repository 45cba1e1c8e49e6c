"""Stage train_gdpo: the Safe-SFT model is rewarded for right, safe and complete lists."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from builder.export.layout import read_rule
from builder.oracle.files.oracle import Oracle
from builder.plot_files import write_plot
from builder.records import Conversation
from builder.tables import iter_table, replacing
from builder.training.examples import ThreadLists, read_examples
from builder.training.gdpo import GdpoSettings, Task, train_gdpo
from builder.training.models import Adapter, load_policy
from builder.training.rewards import RewardRule
from pipelines.runtime.stage import Job, StageParams, run_stage


class Weights(StageParams):
    """Of the rewards, each of unit spread within its group."""

    relevance: Annotated[float, Field(ge=0)]
    safety: Annotated[float, Field(ge=0)]
    count: Annotated[float, Field(ge=0)]


class Params(StageParams):
    """See params.yaml."""

    prompts: Annotated[list[Literal["sft", "grpo"]], Field(min_length=1)]
    thread_lists: bool
    lora: Adapter | None
    unknown_cost: Annotated[float, Field(ge=0, le=1)]
    weights: Weights
    steps: Annotated[int, Field(ge=1)]
    learning_rate: Annotated[float, Field(gt=0)]
    prompts_per_step: Annotated[int, Field(ge=1)]
    generations: Annotated[int, Field(ge=2)]
    beta: Annotated[float, Field(ge=0)]
    temperature: Annotated[float, Field(gt=0)]
    max_new_tokens: Annotated[int, Field(ge=1)]
    no_repeat_ngram: Annotated[int, Field(ge=0)]

    def settings(self) -> GdpoSettings:
        """Return the numbers as the library takes them."""
        return GdpoSettings(
            steps=self.steps,
            learning_rate=self.learning_rate,
            prompts_per_step=self.prompts_per_step,
            generations=self.generations,
            beta=self.beta,
            temperature=self.temperature,
            max_new_tokens=self.max_new_tokens,
            no_repeat_ngram=self.no_repeat_ngram,
            weights=(self.weights.relevance, self.weights.safety, self.weights.count),
        )


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
    lists = ThreadLists(written, whole_thread=params.thread_lists)
    rule = RewardRule(read_rule(saferec).wanted, params.unknown_cost)
    tasks = [
        Task(example, lists.safe(example, oracle, rule.wanted) or example.truth)
        for config in params.prompts
        for example in read_examples(saferec, config, "train")
    ]
    policy = load_policy(str(model_safe), params.lora)
    rewards = train_gdpo(policy, tasks, oracle, rule, params.settings(), seed=job.seed)
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
