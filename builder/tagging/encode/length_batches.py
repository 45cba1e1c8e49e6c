"""Which texts are encoded together: those of similar length, in batches of one shape per length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LENGTH_STEP = 8
"""Tokens: lengths are padded to a multiple. With 16, 500 sentences take a sixth more tokens; with
4, filling up the last batch of each length costs as much as the shorter padding saves."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts that are encoded together, padded to `length` tokens."""

    length: int
    texts: tuple[int, ...]


def plan_batches(lengths: Sequence[int], batch_tokens: int) -> list[Batch]:
    """Return batches of texts of the same padded length, shortest first.

    Args:
        lengths: Tokens of each text; padded to a multiple of `LENGTH_STEP`.
        batch_tokens: Tokens per batch, which sets the number of texts, see `rows_of`.
    """
    by_length: dict[int, list[int]] = {}
    for index, n_tokens in enumerate(lengths):
        padded = max(1, math.ceil(n_tokens / LENGTH_STEP)) * LENGTH_STEP
        by_length.setdefault(padded, []).append(index)
    batches = []
    for length, texts in sorted(by_length.items()):
        n_rows = rows_of(length, batch_tokens)
        batches += [
            Batch(length, tuple(texts[start : start + n_rows]))
            for start in range(0, len(texts), n_rows)
        ]
    return batches


def rows_of(length: int, batch_tokens: int) -> int:
    """Return how many texts of a padded length make a batch; at least 1."""
    return max(1, batch_tokens // length)
