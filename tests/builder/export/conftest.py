from __future__ import annotations

from pathlib import Path

import pytest

from builder.explanations.renderer import Renderer
from builder.export.choose import ExportRule, RowChooser
from builder.export.naming import Names
from builder.synthesis.answers.reasoning import Reasoner
from builder.taxonomy import Taxonomy
from tests.factories import GORE
from tests.support.release_rows import ITEMS, TORTURE


@pytest.fixture
def names() -> Names:
    return Names(ITEMS)


@pytest.fixture(scope="session")
def reasoner() -> Reasoner:
    taxonomy = Taxonomy.load(Path("data/taxonomy"))
    return Reasoner(taxonomy, Renderer(taxonomy), seed=1)


@pytest.fixture
def chooser(names: Names) -> RowChooser:
    rule = ExportRule(
        wanted=10,
        min_groundtruth_train=2,
        unknown_in_groundtruth="drop",
        alternatives=2,
        empty_groundtruth="drop",
    )
    splits = {"t-train": "train", "t-validation": "validation", "t-test": "test"}
    return RowChooser(rule, names, splits, {}, (GORE, TORTURE))  # type: ignore[arg-type]
