"""Sentences and warnings that the tagging tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import pytest

T = TypeVar("T")


@pytest.fixture
def track() -> Callable[..., Iterator[Any]]:
    """Be a `Track` without a bar."""

    def plainly(rows: Iterable[T], *, total: int | None = None) -> Iterator[T]:
        yield from rows

    return plainly
