"""Supervised fine-tuning: plain on what people recommended, safe on what of it is safe."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from datasets import Dataset
from torch.nn.functional import cross_entropy
from trl import SFTConfig, SFTTrainer  # type: ignore[attr-defined]

from builder.errors import InputError
from builder.training.models import (
    Policy,
    quieten,
    quieten_libraries,
    trainer_arguments,
    use_cpu,
)
from builder.training.training_settings import SftSettings


class CompletionTrainer(SFTTrainer):
    """TRL's trainer that scores the completion's positions alone.

    TRL does so where Triton runs; elsewhere it scores the prompt too and masks it afterwards, which
    takes two thirds of a step of the tiny model.
    """

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, torch.Tensor],
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> Any:
        """Return the mean negative log-likelihood of the completions' tokens."""
        decoder = model.get_decoder()
        read = decoder(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"])
        following = inputs["labels"][:, 1:]
        scored = following != -100
        logits = model.get_output_embeddings()(read.last_hidden_state[:, :-1][scored])
        total = cross_entropy(logits.float(), following[scored], reduction="sum")
        loss = total / (num_items_in_batch if num_items_in_batch is not None else scored.sum())
        return (loss, read) if return_outputs else loss


def n_tokens(policy: Policy, row: dict[str, Any]) -> int:
    """Return the length of a row in tokens; the trainer would cut off what is beyond max_length."""
    chat = [*row["prompt"], *row["completion"]]
    encoded = policy.tokenizer.apply_chat_template(chat, tokenize=True, return_dict=True)
    return len(encoded["input_ids"])


def rows_that_fit(
    policy: Policy,
    rows: Iterable[tuple[str, dict[str, Any]]],
    max_length: int,
    reject: Callable[[str], None],
) -> list[dict[str, Any]]:
    """Return the rows that are not too long.

    Args:
        policy: Whose tokens are counted.
        rows: Each with the id of its conversation.
        max_length: Tokens of prompt and completion.
        reject: Called with the id of each longer one.
    """
    fitting = []
    for conversation_id, row in rows:
        if n_tokens(policy, row) <= max_length:
            fitting.append(row)
        else:
            reject(conversation_id)
    return fitting


def train_sft(
    policy: Policy, rows: Sequence[dict[str, Any]], settings: SftSettings, *, seed: int
) -> list[tuple[float, float]]:
    """Train the policy in place and return (step, mean loss since the last one).

    Args:
        policy: The model to train.
        rows: {"prompt", "completion"} as messages; the loss is on the completion alone.
        settings: See there.
        seed: Of the order of the rows.

    Raises:
        InputError: If there is no row.
    """
    if not rows:
        fix = "raise train_sft.max_length, or look at the counts of the stages before it"
        raise InputError("train_sft", "has no row to train on", fix)
    quieten_libraries()
    with tempfile.TemporaryDirectory() as scratch:
        config = SFTConfig(
            **trainer_arguments(scratch, seed=seed),
            num_train_epochs=settings.epochs,
            learning_rate=settings.learning_rate,
            per_device_train_batch_size=settings.batch_size,
            max_length=settings.max_length,
            lr_scheduler_type="cosine",
            warmup_steps=0.05,
            train_sampling_strategy="group_by_length",
            completion_only_loss=True,
            logging_steps=5,
        )
        trainer = (CompletionTrainer if use_cpu() else SFTTrainer)(
            model=policy.model,
            args=config,
            train_dataset=Dataset.from_list(list(rows)),
            processing_class=policy.tokenizer,
        )
        quieten(trainer).train()
    policy.model.eval()
    return [(log["step"], log["loss"]) for log in trainer.state.log_history if "loss" in log]
