"""What several tests share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder.records import Constraint, Conversation, Filtered, Message
from builder.sources import SourceSpec
from builder.taxonomy import CATEGORIES

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


WISH = "Please nothing where the horse dies."


@pytest.fixture
def a_conversation() -> Callable[..., Conversation]:
    """Make a constrained conversation: two items kept, one left out, one unknown."""
    trait = "Animal lover (avoid animal harm/death)"

    def make(conversation_id: str = "t1/1#explicit", **changes: Any) -> Conversation:
        fields: dict[str, Any] = {
            "conversation_id": conversation_id,
            "sample_id": conversation_id.split("#")[0],
            "dialog_id": conversation_id.split("/")[0],
            "source": "ours",
            "licence": "CC0-1.0",
            "domain": "film",
            "created_utc": 0,
            "mode": "violations",
            "variant": "explicit",
            "trait": trait,
            "assignment_reason": "",
            "constraint": Constraint(trait, "explicit", WISH, 0),
            "messages": (Message("user", f"Slow westerns? {WISH} Thanks."),),
            "seen": (),
            "recommended": ("imdb:k0", "imdb:k1", "imdb:f0", "imdb:u0"),
            "safe": ("imdb:k0", "imdb:k1"),
            "filtered": (Filtered("imdb:f0", (trait,)),),
            "unknown": ("imdb:u0",),
            "reasoning": "",
            "made_by": "offline-writer/1",
        }
        return Conversation(**{**fields, **changes})

    return make


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
