"""What several tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from builder.taxonomy import CATEGORIES

# No test judges speed. CI draws the same examples each time, so that a landing is judged by its
# change; a run by hand goes on looking for new ones.
settings.register_profile("by_hand", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "by_hand")

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
def gore_taxonomy(tmp_path: Path) -> Path:
    """Write a taxonomy of one trait and one warning: the real one takes half a second to read."""
    folder = tmp_path / "gore_taxonomy"
    folder.mkdir()
    weights = ", ".join(f"{category}: 0.0" for category in CATEGORIES)
    (folder / "warnings.yaml").write_text(
        "warnings:\n- {id: gore-shown, question: Is there gore, description: Blood is shown., "
        "paraphrases: [], keywords: []}\n"
    )
    (folder / "traits.yaml").write_text(
        "traits:\n- name: Anti-gore / squeamish\n  id: gore\n  short: blood and gore\n"
        "  warnings: [gore-shown]\n"
        f"  parents_guide: {{applicability: none, weights: {{{weights}}}}}\n"
    )
    return folder
