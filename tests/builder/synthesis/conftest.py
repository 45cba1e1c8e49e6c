"""What several tests of this room share."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.taxonomy import Taxonomy


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    """The taxonomy that ships with the project."""
    return Taxonomy.load(Path("data/taxonomy"))
