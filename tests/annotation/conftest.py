"""Labels in the shape that Label Studio 1.23 exports."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotation.tasks import fingerprint
from builder.records import Conversation

Json = dict[str, Any]


@pytest.fixture
def annotation() -> Callable[..., Json]:
    """Make one annotation: yes to everything but what is given, "" for no answer."""
    return _annotation


@pytest.fixture
def task() -> Callable[..., Json]:
    """Make one task of an export from a conversation and its annotations."""
    return _task


def _annotation(person: int = 1, *, skip: str = "", comment: str = "", **said: str) -> Json:
    yes = {"comes_through": "yes", "request_intact": "yes", "reads_human": "yes"}
    answers = {"skip": skip} if skip else {**yes, **said}
    result: list[Json] = [
        {
            "value": {"choices": [choice]},
            "id": "LPlBt_3al3",
            "from_name": name,
            "to_name": "conversation",
            "type": "choices",
            "origin": "manual",
        }
        for name, choice in answers.items()
        if choice
    ]
    if comment:
        text = {"value": {"text": [comment]}, "from_name": "comment", "to_name": "conversation"}
        result.append({**text, "id": "aB3zHbkru2", "type": "textarea", "origin": "manual"})
    return {
        "id": 1,
        "completed_by": person,
        "result": result,
        "was_cancelled": False,
        "ground_truth": False,
        "created_at": "2026-11-21T09:38:43.942128Z",
        "updated_at": "2026-11-21T09:38:43.942160Z",
        "lead_time": 4.5,
        "prediction": {},
    }


def _task(row: Conversation, *annotations: Json) -> Json:
    return {
        "id": 7,
        "annotations": list(annotations),
        "drafts": [],
        "predictions": [],
        "data": {"conversation_id": row.conversation_id, "fingerprint": fingerprint(row)},
        "meta": {"routed_because": "random"},
        "inner_id": 1,
    }


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Write tasks as an export into a folder, and return the folder."""

    def write(*tasks: Any, name: str = "export.json") -> Path:
        folder = tmp_path / "labels"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(tasks))
        return folder

    return write
