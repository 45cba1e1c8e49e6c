"""What several tests of this room share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder.records import Message, Reason, Request, Risk, Verdict
from builder.taxonomy import Taxonomy
from tests.factories import make_risk


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    """The taxonomy that ships with the project."""
    return Taxonomy.load(Path("data/taxonomy"))


@pytest.fixture
def a_request() -> Callable[..., Request]:
    """Make a request whose one message says `text`."""

    def make(text: str, sample_id: str = "t1#1", **changes: Any) -> Request:
        fields: dict[str, Any] = {
            "sample_id": sample_id,
            "dialog_id": sample_id.split("#")[0],
            "source": "ours",
            "licence": "CC0-1.0",
            "domain": "film",
            "created_utc": 0,
            "messages": (Message("user", text),),
            "seen": (),
            "recommended": ("a", "b", "c"),
        }
        return Request(**{**fields, **changes})

    return make


@pytest.fixture
def a_risk() -> Callable[..., Risk]:
    """Make an oracle's answer."""

    def make(item_id: str, trait: str, verdict: Verdict, *reasons: Reason) -> Risk:
        risk = {"safe": 0.0, "unsafe": 1.0, "unknown": None}[verdict]
        return make_risk(item_id, trait, verdict, risk=risk, reasons=reasons)

    return make
