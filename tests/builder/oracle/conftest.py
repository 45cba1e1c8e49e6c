"""Evidence and a small taxonomy that the oracle tests share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from builder.oracle.evidence.feeds import Feed
from builder.oracle.make import Evidences, Made, MakeRules, make_oracle
from builder.records import Evidence, TextLikelihood
from builder.tagging.labels.evidence_labels import LabelRules
from builder.taxonomy import Taxonomy
from tests.support.oracle_rules import POSTERIOR, THRESHOLDS


@pytest.fixture(scope="session")
def bundled() -> Taxonomy:
    """Read the bundled taxonomy."""
    return Taxonomy.load(Path("data/taxonomy"))


@pytest.fixture
def rules() -> Callable[..., MakeRules]:
    """Make the rules of the bundled run, for texts that count from a cosine of 0.5."""

    def make(fusion: Any = "posterior") -> MakeRules:
        labels = LabelRules((("*", "*"),), 2.0, frozenset({"strong"}), 0.6)
        trigger, no_scenes = {"plot": 0.5}, frozenset({"genres"})
        return MakeRules(fusion, trigger, no_scenes, labels, POSTERIOR, THRESHOLDS, n_resamples=50)

    return make


@pytest.fixture
def oracle(rules: Callable[..., MakeRules]) -> Callable[..., Made]:
    """Make the building oracle of some rows of evidence on items "a" to "c"."""

    def make(
        tree: Taxonomy,
        *rows: Evidence,
        fusion: str = "posterior",
        texts: Sequence[TextLikelihood] = (),
        ids: Sequence[str] = ("a", "b", "c"),
        feeds: Sequence[str] = ("*:*",),
        labels: Sequence[str] = (),
    ) -> Made:
        return make_oracle(
            "build",
            Evidences(ids, rows, texts),
            [Feed.parse(feed) for feed in feeds],
            [Feed.parse(label) for label in labels],
            tree,
            rules(fusion),
            seed=1,
        )

    return make
