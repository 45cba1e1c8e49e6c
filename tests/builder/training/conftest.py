"""A world of six titles, small enough to train on within a test."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from builder.export.naming import Names
from builder.oracle.files.oracle import Oracle
from builder.records import Item, Verdict
from builder.training.models import Policy, make_tiny
from builder.training.tiny_model import TinyShape, Vectors
from tests.factories import DOGS, make_item, make_risk

TITLES = ("Heat", "Saw", "Up", "Hades", "Alien", "Babe")
VERDICTS: tuple[Verdict, ...] = ("safe", "unsafe", "safe", "unknown", "unsafe", "safe")
PROMPTS = ("slow westerns without blood please", "loud horror for friday night")


def fake_encode(texts: Sequence[str]) -> Vectors:
    """Return vectors that depend on the text alone."""
    seeds = [int.from_bytes(hashlib.blake2b(t.encode(), digest_size=4).digest()) for t in texts]
    rows = [np.random.default_rng(seed).normal(size=32) for seed in seeds]
    return np.array(rows, dtype=np.float32)


@pytest.fixture
def items() -> list[Item]:
    return [
        make_item(f"imdb:{n}", title, 2000 + n, genres=("Drama",)) for n, title in enumerate(TITLES)
    ]


@pytest.fixture
def names(items: list[Item]) -> Names:
    return Names(items)


@pytest.fixture
def oracle(items: list[Item]) -> Oracle:
    risks = [
        make_risk(item.item_id, DOGS, verdict)
        for item, verdict in zip(items, VERDICTS, strict=True)
    ]
    return Oracle.of(risks, items)


@pytest.fixture
def tiny(items: list[Item]) -> Callable[..., Policy]:
    """Make a tiny policy; the same seed makes the same one."""

    def make(seed: int = 1) -> Policy:
        shape = TinyShape(max_words=20, hidden_size=24, layers=1, heads=2, request_gain=2.0)
        return make_tiny(items, PROMPTS, shape, max_length=128, encode=fake_encode, seed=seed)

    return make
