"""Evidence and a small taxonomy that the oracle tests share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from builder.records import Evidence
from builder.taxonomy import ContentWarning, ParentsGuide, Taxonomy, Trait

NO_WEIGHTS = {
    "sex_nudity": 0.0,
    "violence_gore": 0.0,
    "profanity": 0.0,
    "alcohol_drugs_smoking": 0.0,
    "frightening_intense": 0.0,
}


@pytest.fixture
def evidence() -> Callable[..., Evidence]:
    """Make evidence on item "a"."""

    def make(kind: str, subject: str, value: float, **changes: Any) -> Evidence:
        fields: dict[str, Any] = {
            "item_id": "a",
            "kind": kind,
            "subject": subject,
            "value": value,
            "votes": (),
            "span": "",
            "source": "ours",
            "licence": "CC0-1.0",
            "retrieved": "2026-11-21",
            "place": "plot" if kind in ("similarity", "aside") else "films.jsonl:1",
            **changes,
        }
        return Evidence(**fields)

    return make


@pytest.fixture
def trait() -> Callable[..., Trait]:
    """Make a trait of the warnings w1 to w5, by default without weights."""

    def make(name: str = "Gore", applicability: str = "none", **weights: float) -> Trait:
        guide = ParentsGuide.model_validate(
            {"applicability": applicability, "weights": NO_WEIGHTS | weights}
        )
        warnings = [f"w{number}" for number in range(1, 6)]
        trait_id = name.lower().replace(" ", "-")
        return Trait(name=name, id=trait_id, short=name, warnings=warnings, parents_guide=guide)

    return make


@pytest.fixture
def taxonomy(trait: Callable[..., Trait]) -> Callable[..., Taxonomy]:
    """Make a taxonomy of the given traits, or of one, and the warnings w1 to w5."""

    def make(*traits: Trait) -> Taxonomy:
        warnings = {
            f"w{number}": ContentWarning(
                id=f"w{number}",
                question=f"Is there w{number}",
                description="",
                paraphrases=[],
                keywords=[],
            )
            for number in range(1, 6)
        }
        return Taxonomy({t.name: t for t in traits or (trait(),)}, warnings)

    return make
