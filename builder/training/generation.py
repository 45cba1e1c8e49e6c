"""Answers of a trained model, decoded greedily."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from builder.training.models import Policy
from builder.training.training_settings import Decoding


@torch.no_grad()
def answer_prompts(
    policy: Policy, prompts: Sequence[str], decoding: Decoding, batch_size: int
) -> list[str]:
    """Return one answer a prompt, greedily decoded, in the prompts' order.

    Prompts are batched by length, `batch_size` at once, so that little is padded.
    """
    order = sorted(range(len(prompts)), key=lambda number: (len(prompts[number]), number))
    answers = [""] * len(prompts)
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        chats = [[{"role": "user", "content": prompts[number]}] for number in batch]
        asked = policy.tokenizer.apply_chat_template(
            chats,
            add_generation_prompt=True,
            return_dict=True,
            padding=True,
            return_tensors="pt",
        ).to(policy.model.device)
        written = policy.model.generate(
            input_ids=asked["input_ids"],
            attention_mask=asked["attention_mask"],
            do_sample=False,
            max_new_tokens=decoding.max_new_tokens,
            no_repeat_ngram_size=decoding.no_repeat_ngram,
        )
        said = written[:, asked["input_ids"].shape[1] :]
        for number, text in zip(
            batch, policy.tokenizer.batch_decode(said, skip_special_tokens=True), strict=True
        ):
            answers[number] = text
    return answers
