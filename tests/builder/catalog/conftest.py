"""What the tests of the catalogue's readers share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from builder.catalog.catalog_source import CatalogSource


@pytest.fixture
def spec() -> Callable[..., CatalogSource]:
    """Make a catalogue source of a name."""

    def make(name: str = "ours", **changes: Any) -> CatalogSource:
        fields = {"reader": "maintained", "path": "x", "licence": "CC0-1.0", **changes}
        return CatalogSource(name=name, retrieved="2026-11-21", **fields)

    return make
