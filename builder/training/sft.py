"""Supervised fine-tuning: plain on what people recommended, safe on what of it is safe."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from datasets import Dataset
from trl import SFTConfig, SFTTrainer  # type: ignore[attr-defined]

from builder.errors import InputError
from builder.training.models import Policy, quieten, quieten_libraries, use_cpu


@dataclass(frozen=True, slots=True)
class SftSettings:
    """How long and how fast to learn. `max_length` in tokens of prompt and completion."""

    epochs: int
    learning_rate: float
    batch_size: int
    max_length: int


def n_tokens(policy: Policy, row: dict[str, Any]) -> int:
    """Return the length of a row in tokens; the trainer would cut off what is beyond max_length."""
    chat = [*row["prompt"], *row["completion"]]
    encoded = policy.tokenizer.apply_chat_template(chat, tokenize=True, return_dict=True)
    return len(encoded["input_ids"])


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
        mend = "raise train_sft.max_length, or mend the stages before: see their counts"
        raise InputError("train_sft", "has no row to train on", mend)
    quieten_libraries()
    with tempfile.TemporaryDirectory() as scratch:
        config = SFTConfig(
            output_dir=scratch,
            num_train_epochs=settings.epochs,
            learning_rate=settings.learning_rate,
            per_device_train_batch_size=settings.batch_size,
            max_length=settings.max_length,
            lr_scheduler_type="cosine",
            warmup_steps=0.05,
            completion_only_loss=True,
            logging_steps=5,
            save_strategy="no",
            report_to="none",
            disable_tqdm=not sys.stderr.isatty(),
            seed=seed,
            data_seed=seed,
            use_cpu=use_cpu(),
            bf16=not use_cpu(),
            activation_checkpointing=False,
            dataloader_pin_memory=False,
        )
        trainer = SFTTrainer(
            model=policy.model,
            args=config,
            train_dataset=Dataset.from_list(list(rows)),
            processing_class=policy.tokenizer,
        )
        quieten(trainer).train()
    policy.model.eval()
    return [(log["step"], log["loss"]) for log in trainer.state.log_history if "loss" in log]
