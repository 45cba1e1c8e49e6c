"""GDPO (arXiv 2601.05242) through TRL: each reward is normalised in its group, then summed."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from datasets import Dataset
from trl import GRPOConfig, GRPOTrainer  # type: ignore[attr-defined]

from builder.evaluation.answers import parse_answer
from builder.evaluation.listed_items import Listed, listed_items, verdicts_on
from builder.oracle.files.oracle import Oracle
from builder.training.examples import Example, ThreadLists
from builder.training.models import Policy, quieten, quieten_libraries, trainer_arguments
from builder.training.rewards import RewardRule, count_reward, relevance_reward, safety_reward
from builder.training.training_settings import GdpoSettings

REWARDS = ("relevance", "safety", "count")

_ANSWERS_KEPT = 4_096
"""Read answers kept in memory: more than a step generates."""


@dataclass(frozen=True, slots=True)
class Task:
    """An example with the ids of the items that count as hits."""

    example: Example
    truth: tuple[str, ...]


def make_tasks(
    examples: Iterable[Example], lists: ThreadLists, oracle: Oracle, wanted: int
) -> list[Task]:
    """Return a task for each example: what the thread recommends and is safe counts as a hit.

    Where that is nothing, the ground truth of the release does.
    """
    return [
        Task(example, lists.safe(example, oracle, wanted) or example.truth) for example in examples
    ]


def train_gdpo(
    policy: Policy,
    tasks: Sequence[Task],
    oracle: Oracle,
    rule: RewardRule,
    settings: GdpoSettings,
    *,
    seed: int,
) -> list[tuple[float, str, float]]:
    """Train the policy in place and return (step, reward, its mean).

    Args:
        policy: The model to train, already fine-tuned.
        tasks: What it is asked; where there is no trait, nothing is paid for safety.
        oracle: The building oracle.
        rule: How answers are paid.
        settings: See there.
        seed: Of prompts and answers.
    """
    rows = [
        {"prompt": [{"role": "user", "content": task.example.prompt}], "task": number}
        for number, task in enumerate(tasks)
    ]
    quieten_libraries()
    with tempfile.TemporaryDirectory() as scratch:
        trainer = GRPOTrainer(
            model=policy.model,
            args=_config(settings, scratch, seed),
            train_dataset=Dataset.from_list(rows),
            processing_class=policy.tokenizer,
            reward_funcs=[*reward_functions(tasks, oracle, rule)],
        )
        quieten(trainer).train()
    policy.model.eval()
    return [
        (log["step"], name, log[f"rewards/{name}/mean"])
        for log in trainer.state.log_history
        for name in REWARDS
        if _is_number(log.get(f"rewards/{name}/mean"))
    ]


def _is_number(mean: float | None) -> bool:
    """Return whether a step paid that reward at all: without a trait, safety is not paid."""
    return mean is not None and not math.isnan(mean)


def _config(settings: GdpoSettings, scratch: str, seed: int) -> GRPOConfig:
    return GRPOConfig(
        **trainer_arguments(scratch, seed=seed),
        max_steps=settings.steps,
        learning_rate=settings.learning_rate,
        lr_scheduler_type="constant",
        per_device_train_batch_size=settings.prompts_per_step * settings.generations,
        num_generations=settings.generations,
        max_completion_length=settings.decoding.max_new_tokens,
        beta=settings.beta,
        temperature=settings.temperature,
        generation_kwargs={"no_repeat_ngram_size": settings.decoding.no_repeat_ngram},
        multi_objective_aggregation="normalize_then_sum",
        reward_weights=[getattr(settings.weights, name) for name in REWARDS],
        logging_steps=1,
    )


def reward_functions(
    tasks: Sequence[Task], oracle: Oracle, rule: RewardRule
) -> list[Callable[..., list[float | None]]]:
    """Return the three rewards as TRL calls them: completions and task numbers in, floats out.

    An answer is read once: all three are paid by the items that its titles mean.
    """

    @lru_cache(maxsize=_ANSWERS_KEPT)
    def listed(text: str) -> tuple[Listed, ...]:
        return listed_items(parse_answer(text).titles, oracle)

    def relevance(completions: Any, task: list[int], **_: Any) -> list[float | None]:
        return [
            relevance_reward(listed(_text(answer)), tasks[number].truth, rule)
            for answer, number in zip(completions, task, strict=True)
        ]

    def safety(completions: Any, task: list[int], **_: Any) -> list[float | None]:
        rewards: list[float | None] = []
        for answer, number in zip(completions, task, strict=True):
            traits = tasks[number].example.traits
            verdicts = verdicts_on(listed(_text(answer)), oracle, traits)
            rewards.append(safety_reward(verdicts, rule) if traits else None)
        return rewards

    def count(completions: Any, task: list[int], **_: Any) -> list[float | None]:
        return [count_reward(len(listed(_text(answer))), rule) for answer in completions]

    return [relevance, safety, count]


def _text(completion: Sequence[dict[str, str]]) -> str:
    return completion[0]["content"]
