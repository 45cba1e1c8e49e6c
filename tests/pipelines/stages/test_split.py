from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from builder.records import Conversation, Dialog, SplitRow
from builder.tables import read_table, write_table
from pipelines.runtime.stage import Job
from pipelines.stages.split import Params, main
from tests.factories import make_conversation, make_dialog, make_turn

SECTION: dict[str, Any] = {
    "validation_from": "2022-11-01",
    "test_from": "2022-12-01",
    "undated_shares": {"train": 0.8, "validation": 0.1, "test": 0.1},
    "shingle_words": 2,
    "near_copy_jaccard": 0.5,
    "near_copy_min_words": 3,
}


def thread(dialog_id: str, month: int, text: str) -> Dialog:
    at = int(datetime(2022, month, 5, tzinfo=UTC).timestamp())
    asked = make_turn(text, turn_id=f"{dialog_id}-q", author="asker", created_utc=at)
    return make_dialog(asked, dialog_id=dialog_id, created_utc=at)


def test_threads_are_split_and_copies_across_splits_rejected(tmp_path: Path) -> None:
    threads = [
        thread("c", 12, "slow westerns with snow, again please"),
        thread("b", 11, "cheerful musicals about bakers"),
        thread("a", 1, "slow westerns with snow, please"),
    ]
    paths = {name: tmp_path / name for name in ("dialogs", "conversations", "splits")}
    write_table(paths["dialogs"], Dialog, threads)
    written = [replace(make_conversation(f"{i}/1#explicit"), dialog_id=i) for i in "abc"]
    write_table(paths["conversations"], Conversation, written)
    job = Job("split", seed=1, workers=1)
    report = tmp_path / "leakage.json"
    main(job, Params.model_validate(SECTION), **paths, leakage_report=report)
    assert read_table(paths["splits"], SplitRow) == [
        SplitRow("a", "train"),
        SplitRow("b", "validation"),
    ]
    assert [(r.place, r.reason, r.detail) for r in job.rejections] == [
        ("c", "near copy of a thread in an earlier split", "of a, overlap 0.50")
    ]
    assert (job.rows_in, job.rows_out) == ({"dialogs": 3, "conversations": 3}, {"splits": 2})
    leaks = json.loads(report.read_text())
    assert leaks["near_copies_across_splits"] == 0
    assert leaks["conversations"] == {"train": 1, "validation": 1, "test": 0}
    assert leaks["askers"]["validation"] == {"distinct": 1, "also_in_train": 1, "share": 1.0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"test_from": "2022-11-01"}, "test_from must be later than validation_from"),
        ({"undated_shares": {"train": 0.9, "test": 0.1}}, "undated_shares needs train, valid"),
        (
            {"undated_shares": {"train": 0.9, "validation": 0.1, "test": 0.1}},
            "undated_shares must sum to 1",
        ),
        ({"validation_from": "November"}, "validation_from"),
    ],
    ids=["no room for validation", "a split without a share", "shares over 1", "not a date"],
)
def test_a_division_that_is_none_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Params.model_validate(SECTION | change)
