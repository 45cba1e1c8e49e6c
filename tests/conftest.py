"""What several tests share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from builder.sources import SourceSpec

Rejected = list[tuple[str, str, str]]


@pytest.fixture
def rejected() -> Rejected:
    """Hold what `reject` was told: (place, reason, detail)."""
    return []


@pytest.fixture
def reject(rejected: Rejected) -> Callable[[str, str, str], None]:
    """Be a `builder.sources.Reject` that remembers."""

    def remember(place: str, reason: str, detail: str) -> None:
        rejected.append((place, reason, detail))

    return remember


@pytest.fixture
def spec() -> Callable[..., SourceSpec]:
    """Make a source of a name."""

    def make(name: str = "ours", **changes: Any) -> SourceSpec:
        fields = {"reader": "maintained", "path": "x", "licence": "CC0-1.0", **changes}
        return SourceSpec(name=name, retrieved="2026-11-21", **fields)

    return make
