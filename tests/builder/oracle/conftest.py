from __future__ import annotations

from pathlib import Path

import pytest

from builder.taxonomy import Taxonomy


@pytest.fixture(scope="session")
def bundled() -> Taxonomy:
    """Read the bundled taxonomy."""
    return Taxonomy.load(Path("data/taxonomy"))
