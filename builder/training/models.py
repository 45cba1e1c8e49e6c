"""Where a model to train comes from: made on the spot, a folder, or the Hugging Face Hub."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import datasets
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer, PrinterCallback, set_seed
from transformers.utils import logging as transformers_logging

from builder.errors import InputError
from builder.records import Item
from builder.tagging.encode.encoder import Track
from builder.tagging.encode.sentence_encoder import load_encoder
from builder.titles import TitleYear
from builder.training.tiny_model import (
    SPARE_DIMS,
    Vectors,
    embedding_rows,
    make_tiny_model,
    project,
    word_weights,
)
from builder.training.tokenizer import choose_words, make_tokenizer
from builder.training.training_settings import Adapter, StartSettings, TinyShape

TINY = "tiny"
"""The name of the model that is made on the spot."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A model with its tokenizer."""

    model: Any
    tokenizer: Any

    def save(self, folder: Path) -> None:
        """Write both, weights as safetensors, adapters merged into the model."""
        model = self.model
        if hasattr(model, "merge_and_unload"):
            model = model.merge_and_unload()
        model.save_pretrained(str(folder))
        self.tokenizer.save_pretrained(str(folder))


def make_tiny(
    items: Sequence[Item],
    prompts: Sequence[str],
    shape: TinyShape,
    *,
    max_length: int,
    encode: Callable[[Sequence[str]], Vectors],
    seed: int,
) -> Policy:
    """Return a tiny model whose titles are those of the items and whose words those of prompts.

    Args:
        items: The catalogue, or the part of it that answers name.
        prompts: Of the training rows; their most frequent words are known.
        shape: Of the model.
        max_length: Tokens of prompt and answer that it reads.
        encode: A sentence encoder.
        seed: Of what starts at random.
    """
    titles = [str(TitleYear(item.title, item.year)) for item in items]
    texts = [" ".join([item.title, *item.genres, *(t.text for t in item.texts)]) for item in items]
    words = choose_words(prompts, max_words=shape.max_words)
    vectors = encode([*texts, *words])
    n_dims = shape.hidden_size - SPARE_DIMS
    title_vectors, word_vectors = project(vectors[: len(titles)], vectors[len(titles) :], n_dims)
    vector_by_token = dict(zip([*titles, *words], [*title_vectors, *word_vectors], strict=True))
    weights = dict(zip(words, map(float, word_weights(prompts, words)), strict=True))
    set_seed(seed)
    tokenizer = make_tokenizer(titles, words)
    embeddings = embedding_rows(tokenizer, vector_by_token, weights, shape)
    return Policy(make_tiny_model(tokenizer, embeddings, shape, max_length), tokenizer)


def start_policy(
    settings: StartSettings,
    items: Sequence[Item],
    prompts: Sequence[str],
    *,
    max_length: int,
    workers: int,
    track: Track,
    seed: int,
) -> Policy:
    """Return the model that supervised training starts from.

    Args:
        settings: Which one.
        items: What a tiny model can name.
        prompts: Whose words a tiny model knows.
        max_length: Tokens that a tiny model reads.
        workers: Threads of the encoder.
        track: Shows the encoder's progress.
        seed: Of what starts at random.

    Raises:
        InputError: If the model or the encoder cannot be loaded.
    """
    if settings.model != TINY:
        return load_policy(settings.model, settings.training.lora)
    encoder = load_encoder(settings.encoder, workers=workers, precision="float32")
    return make_tiny(
        items,
        prompts,
        settings.tiny,
        max_length=max_length,
        encode=lambda texts: encoder.encode(texts, track),
        seed=seed,
    )


def load_policy(name: str, adapter: Adapter | None = None) -> Policy:
    """Return the model of a folder or Hub id, with adapters where wanted.

    Raises:
        InputError: If it cannot be loaded.
    """
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, padding_side="left")
        model: Any = AutoModelForCausalLM.from_pretrained(name, use_safetensors=True)
    except (OSError, ValueError) as exc:
        fix = f"name a folder or a Hub id that can be reached, or {TINY!r}"
        raise InputError("train_sft.model", f"cannot load {name!r}", fix) from exc
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    if adapter is not None:
        lora = LoraConfig(r=adapter.r, lora_alpha=adapter.alpha, task_type="CAUSAL_LM")
        model = get_peft_model(model, lora)
    return Policy(model, tokenizer)


def quieten(trainer: Any) -> Any:
    """Return the trainer without its log on standard output; the curves hold the figures."""
    trainer.remove_callback(PrinterCallback)
    return trainer


def quieten_libraries() -> None:
    """Show the libraries' progress bars on a terminal alone."""
    if not sys.stderr.isatty():
        datasets.disable_progress_bars()
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def trainer_arguments(scratch: str, *, seed: int) -> dict[str, Any]:
    """Return what every trainer of TRL is told here: where to run, and to keep nothing on disk.

    Args:
        scratch: A folder that may be thrown away.
        seed: Of the order of the rows and of what is sampled.
    """
    return {
        "output_dir": scratch,
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": not sys.stderr.isatty(),
        "seed": seed,
        "data_seed": seed,
        "use_cpu": use_cpu(),
        "bf16": not use_cpu(),
        "activation_checkpointing": False,
        "dataloader_pin_memory": False,
    }


def use_cpu() -> bool:
    """Return whether there is no GPU to train on."""
    return not torch.cuda.is_available()
