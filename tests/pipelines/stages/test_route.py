from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotation.screen import GUIDELINES, REVIEW_SCREEN
from builder.errors import InputError
from builder.records import Conversation, Item, Judgement
from builder.tables import write_table
from pipelines.runtime.params import Parameters
from pipelines.runtime.stage import Job
from pipelines.stages.route import Params, main
from tests.factories import make_conversation, make_item, make_judgement, write_oracle_file

SHARES = {"random": 0.5, "low_score": 0.5, "rare_trait": 0.0, "unknown_items": 0.0}
PARAMS = {"n_tasks": 2, "overlap": 3, "shares": SHARES}


@pytest.fixture
def paths(tmp_path: Path) -> dict[str, Path]:
    """Write the stage's inputs: four conversations, the second judged worst."""
    names = ("items", "oracle_build", "conversations", "judgements", "tasks")
    found = {"taxonomy": Path("data/taxonomy"), **{name: tmp_path / name for name in names}}
    rows = [make_conversation(f"t{n}/1#explicit") for n in range(4)]
    ids = sorted(rows[0].recommended)
    items = [make_item(i) for i in ids]
    scores = [4, 1, 5, 3]
    judged = [
        make_judgement(row.conversation_id, "clear", score)
        for row, score in zip(rows, scores, strict=True)
    ]
    write_table(found["items"], Item, items)
    write_oracle_file(found["oracle_build"], [])
    write_table(found["conversations"], Conversation, rows)
    write_table(found["judgements"], Judgement, judged)
    return found


def test_route_writes_tasks_with_their_screen_and_guidelines(paths: dict[str, Path]) -> None:
    job = Job("route", seed=3, workers=1)  # draws another row than the worst judged
    main(job, Params.model_validate(PARAMS), **paths)
    folder = paths["tasks"]
    assert (folder / "screen.xml").read_bytes() == REVIEW_SCREEN.read_bytes()
    assert (folder / "guidelines.md").read_bytes() == GUIDELINES.read_bytes()
    tasks = json.loads((folder / "tasks.json").read_text())
    why = {task["meta"]["routed_because"]: task for task in tasks}
    assert set(why) == {"random", "low_score"}
    assert why["low_score"]["meta"] == {
        "routed_because": "low_score",
        "routed_detail": "mean judge score 1.00 of 5",
        "annotators_wanted": 3,
        "variant": "stated",
        "made_by": "offline-writer/1",
    }
    assert why["low_score"]["data"]["conversation_id"] == "t1/1#explicit"
    assert (job.rows_in, job.rows_out) == ({"conversations": 4}, {"tasks": 2})
    assert job.figures == {"routed_because": {"low_score": 1, "random": 1}, "labels_wanted": 6}


def test_two_runs_give_the_same_bytes(paths: dict[str, Path]) -> None:
    written = []
    for _ in range(2):
        main(Job("route", seed=1, workers=1), Params.model_validate(PARAMS), **paths)
        written.append((paths["tasks"] / "tasks.json").read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"shares": {**SHARES, "random": 0.6}}, "sum to 1"),
        ({"shares": {"random": 1.0}}, "must be given for random, low_score"),
        ({"shares": {**SHARES, "moon": 0.0}}, "moon"),
        ({"overlap": 0}, "route.overlap"),
        ({"n_tasks": -1}, "route.n_tasks"),
    ],
    ids=["sum", "missing", "unknown", "overlap", "tasks"],
)
def test_wrong_parameters_are_named(change: dict[str, Any], found: str) -> None:
    with pytest.raises(InputError, match=found):
        Parameters({"route": {**PARAMS, **change}}).section(Params, "route")
