"""Labels in the shape that Label Studio 1.23 exports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from annotation.tasks import fingerprint
from builder.records import Conversation
from tests.factories import ALL_YES

Json = dict[str, Any]


def make_annotation(
    person: int = 1, *, skip: str = "", comment: str = "", **answers_given: str
) -> Json:
    """Make one annotation: yes to everything but what is given, "" for no answer."""
    answers = {"skip": skip} if skip else {**ALL_YES, **answers_given}
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


def make_task(row: Conversation, *annotations: Json) -> Json:
    """Make one task of an export from a conversation and its annotations."""
    return {
        "id": 7,
        "annotations": list(annotations),
        "drafts": [],
        "predictions": [],
        "data": {"conversation_id": row.conversation_id, "fingerprint": fingerprint(row)},
        "meta": {"routed_because": "random"},
        "inner_id": 1,
    }


def write_export(folder: Path, *tasks: Any, name: str = "export.json") -> Path:
    """Write tasks as an export into a folder, and return the folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(tasks))
    return folder
