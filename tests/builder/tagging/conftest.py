"""Sentences and warnings that the tagging tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import pytest

from builder.records import Sentence
from builder.taxonomy import ContentWarning

T = TypeVar("T")


@pytest.fixture
def track() -> Callable[..., Iterator[Any]]:
    """Be a `Track` without a bar."""

    def plainly(rows: Iterable[T], *, total: int | None = None) -> Iterator[T]:
        yield from rows

    return plainly


@pytest.fixture
def a_sentence() -> Callable[..., Sentence]:
    """Make a sentence of a plot."""

    def make(text: str, **changes: Any) -> Sentence:
        fields: dict[str, Any] = {
            "item_id": "imdb:tt0000001",
            "kind": "plot",
            "text": text,
            "source": "ours",
            "licence": "CC0-1.0",
            "retrieved": "2026-11-21",
            "index": 0,
            "vector": 0,
            **changes,
        }
        return Sentence(**fields)

    return make


@pytest.fixture
def a_warning() -> Callable[..., ContentWarning]:
    """Make a warning."""

    def make(warning_id: str = "does-the-dog-die", **changes: Any) -> ContentWarning:
        fields: dict[str, Any] = {
            "id": warning_id,
            "question": "Does the dog die",
            "description": "A dog dies.",
            "paraphrases": ["The hound is shot."],
            "keywords": ["dog dies", "dead dog"],
            **changes,
        }
        return ContentWarning(**fields)

    return make
