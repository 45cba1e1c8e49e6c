"""The real trainers on a model of six titles: learning, rewards, saving, loading, adapters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from datasets import Dataset
from trl import SFTConfig, SFTTrainer  # type: ignore[attr-defined]

from builder.errors import InputError
from builder.evaluation.answers import parse_answer, render_answer
from builder.oracle.files.oracle import Oracle
from builder.titles import TitleYear
from builder.training.examples import Example
from builder.training.gdpo import Task, reward_functions, train_gdpo
from builder.training.generation import answer_prompts
from builder.training.models import Policy, load_policy
from builder.training.rewards import RewardRule
from builder.training.sft import CompletionTrainer, n_tokens, train_sft
from builder.training.training_settings import (
    Adapter,
    Decoding,
    GdpoSettings,
    RewardWeights,
    SftSettings,
)
from tests.factories import DOGS

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")

WESTERNS, HORROR = "slow westerns without blood please", "loud horror for friday night"
HEAT, SAW = TitleYear("Heat", 2000), TitleYear("Saw", 2001)
DECODING = Decoding(max_new_tokens=8, no_repeat_ngram=2)
WEIGHTS = RewardWeights(relevance=1.0, safety=1.0, count=1.0)
RULE = RewardRule(wanted=2, unknown_cost=0.5)


def rows(n_times: int) -> list[dict[str, list[dict[str, str]]]]:
    return [
        {
            "prompt": [{"role": "user", "content": prompt}],
            "completion": [{"role": "assistant", "content": render_answer([title])}],
        }
        for prompt, title in ((WESTERNS, HEAT), (HORROR, SAW))
    ] * n_times


def sft_settings(epochs: int, learning_rate: float, batch_size: int) -> SftSettings:
    return SftSettings(
        epochs=epochs, learning_rate=learning_rate, batch_size=batch_size, max_length=64
    )


def gdpo_settings(**changes: Any) -> GdpoSettings:
    fixed = {"learning_rate": 0.01, "temperature": 1.0, "decoding": DECODING, "weights": WEIGHTS}
    return GdpoSettings(**fixed, **changes)


def weights(policy: Policy) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in policy.model.state_dict().items()}


def test_fine_tuning_teaches_the_answers(tiny: Callable[..., Policy]) -> None:
    policy = tiny()
    losses = train_sft(policy, rows(16), sft_settings(10, 0.02, 8), seed=3)
    assert losses[-1][1] < losses[0][1] / 3
    answers = answer_prompts(policy, [WESTERNS, HORROR], DECODING, batch_size=4)
    assert [parse_answer(text).titles for text in answers] == [(HEAT,), (SAW,)]


def test_training_twice_gives_the_same_model(tiny: Callable[..., Policy]) -> None:
    made = []
    for _ in range(2):
        policy = tiny()
        train_sft(policy, rows(4), sft_settings(1, 0.01, 4), seed=3)
        made.append(weights(policy))
    assert all(torch.equal(made[0][name], made[1][name]) for name in made[0])


def test_the_loss_is_the_librarys_own(tiny: Callable[..., Policy], tmp_path: Path) -> None:
    told = {}
    for kind in (SFTTrainer, CompletionTrainer):
        policy = tiny()
        trainer = kind(
            model=policy.model,
            args=SFTConfig(
                output_dir=str(tmp_path), use_cpu=True, bf16=False, completion_only_loss=True
            ),
            train_dataset=Dataset.from_list(rows(2)),
            processing_class=policy.tokenizer,
        )
        batch = next(iter(trainer.get_train_dataloader()))
        loss = trainer.compute_loss(policy.model, batch)
        loss.backward()
        gradient = policy.model.get_input_embeddings().weight.grad
        told[kind] = loss.item(), gradient
    assert told[SFTTrainer][0] == pytest.approx(told[CompletionTrainer][0], rel=1e-5)
    assert torch.allclose(told[SFTTrainer][1], told[CompletionTrainer][1], atol=1e-6)


def test_a_saved_model_answers_alike(tiny: Callable[..., Policy], tmp_path: Path) -> None:
    policy = tiny()
    policy.model.eval()
    policy.save(tmp_path / "model")
    assert (tmp_path / "model" / "model.safetensors").exists()
    prompts = [WESTERNS, HORROR, "western"]
    again = load_policy(str(tmp_path / "model"))
    assert answer_prompts(again, prompts, DECODING, batch_size=4) == answer_prompts(
        policy, prompts, DECODING, batch_size=4
    )


def test_answers_keep_the_order_of_prompts(tiny: Callable[..., Policy]) -> None:
    policy = tiny()
    policy.model.eval()
    prompts = [HORROR, "western", WESTERNS]
    alone = [answer_prompts(policy, [prompt], DECODING, batch_size=4)[0] for prompt in prompts]
    assert answer_prompts(policy, prompts, DECODING, batch_size=4) == alone


def test_adapters_learn_and_are_merged(tiny: Callable[..., Policy], tmp_path: Path) -> None:
    """The way of a pretrained model: a folder, adapters on it, one merged model out."""
    tiny().save(tmp_path / "base")
    policy = load_policy(str(tmp_path / "base"), Adapter(r=4, alpha=8))
    trained = [name for name, value in policy.model.named_parameters() if value.requires_grad]
    assert trained
    assert all("lora" in name for name in trained)
    train_sft(policy, rows(8), sft_settings(3, 0.02, 8), seed=3)
    policy.save(tmp_path / "merged")
    before, after = (weights(load_policy(str(tmp_path / name))) for name in ("base", "merged"))
    assert before.keys() == after.keys()
    assert any(not torch.equal(before[name], after[name]) for name in before)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot load"):
        load_policy(str(tmp_path / "nowhere"))


def task(trait: str | None) -> Task:
    traits, truth = (trait,) if trait else (), ("imdb:0",)
    return Task(Example("sft/train/0", "c1", "t1", WESTERNS, trait, traits, truth, ""), truth)


def test_rewards_as_the_trainer_calls_them(oracle: Oracle) -> None:
    tasks = [task(DOGS), task(None)]
    said = ["Heat (2000)\nSaw (2001)", "no idea", "Heat (2000)"]
    completions = [[{"role": "assistant", "content": text}] for text in said]
    paid = {
        reward.__name__: reward(completions=completions, task=[0, 0, 1], prompts=[], log_extra=0)
        for reward in reward_functions(tasks, oracle, RULE)
    }
    assert paid["relevance"] == pytest.approx([1.0, 0.0, 1.0])
    assert paid["safety"] == [pytest.approx(-0.63093), pytest.approx(-1.63093), None]
    assert paid["count"] == pytest.approx([1.0, -1.0, -0.5])


def test_rewards_move_the_model(
    tiny: Callable[..., Policy], oracle: Oracle, tmp_path: Path
) -> None:
    tiny().save(tmp_path / "start")
    policy = load_policy(str(tmp_path / "start"))
    before = weights(policy)
    settings = gdpo_settings(steps=2, prompts_per_step=2, generations=4, beta=0.01)
    log = train_gdpo(policy, [task(DOGS), task(None)], oracle, RULE, settings, seed=3)
    assert [(step, name) for step, name, _ in log] == [
        (step, name) for step in (1, 2) for name in ("relevance", "safety", "count")
    ]
    after = weights(policy)
    assert any(not torch.equal(before[name], after[name]) for name in before)


def test_a_step_that_pays_no_safety_has_no_figure_of_it(
    tiny: Callable[..., Policy], oracle: Oracle
) -> None:
    settings = gdpo_settings(steps=1, prompts_per_step=1, generations=2, beta=0.0)
    log = train_gdpo(tiny(), [task(None)], oracle, RULE, settings, seed=3)
    assert [name for _, name, _ in log] == ["relevance", "count"]


def test_a_row_is_as_long_as_what_is_trained_on(tiny: Callable[..., Policy]) -> None:
    policy = tiny()
    [row, *_] = rows(1)
    one_more = {**row, "completion": [{"role": "assistant", "content": render_answer([HEAT, SAW])}]}
    assert n_tokens(policy, one_more) == n_tokens(policy, row) + 2
