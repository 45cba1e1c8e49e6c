from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from builder.records import Dialog, Scenario
from builder.tables import read_table, write_table
from pipelines.runtime.stage import Job
from pipelines.stages.scenarios import Params, main
from tests.factories import make_dialog, make_turn

SECTION: dict[str, Any] = {
    "writer": {"kind": "offline"},
    "per_domain": 8,
    "attempts": 8,
    "max_overlap": 0.5,
    "queries": {"min_words": 4, "max_words": 40},
    "prompts": {"max_chars": 500},
    "min_stated": 2,
    "min_query_words": 4,
}


def thread(dialog_id: str, text: str) -> Dialog:
    asked = make_turn(text, turn_id=f"{dialog_id}-q", author="asker")
    return make_dialog(asked, dialog_id=dialog_id)


def run(folder: Path, **changes: Any) -> tuple[Job, bytes]:
    write_table(
        folder / "dialogs",
        Dialog,
        [
            thread("t1", "What do we watch tonight? I'm 34 and my wife is asleep."),
            thread("t2", "What do we watch today? I'm 35."),
        ],
    )
    job = Job("scenarios", seed=3, workers=changes.pop("workers", 1))
    params = Params.model_validate({**SECTION, **changes})
    main(job, params, dialogs=folder / "dialogs", scenarios=folder / "scenarios")
    return job, (folder / "scenarios").read_bytes()


def test_synthetic_and_real_rows_are_written_and_the_rest_counted(tmp_path: Path) -> None:
    job, _ = run(tmp_path)
    rows = read_table(tmp_path / "scenarios", Scenario)
    assert job.rows_in == {"dialogs": 2}
    assert job.rows_out == {"scenarios": len(rows) == 57 and 57}
    assert job.figures["by_source"] == {"real": 1, "synthetic": 56}
    assert job.figures["by_domain"]["life"] == 9
    assert [row.scenario_id for row in rows] == sorted(row.scenario_id for row in rows)
    assert [(r.place, r.reason) for r in job.rejections] == [
        ("real:t2", "too few attributes stated")
    ]


def test_the_bytes_do_not_depend_on_workers(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "five").mkdir()
    assert run(tmp_path / "one")[1] == run(tmp_path / "five", workers=5)[1]


def test_no_synthetic_rows_may_be_wanted(tmp_path: Path) -> None:
    job, _ = run(tmp_path, per_domain=0)
    assert job.figures["by_source"] == {"real": 1}


@pytest.mark.parametrize(
    "changes",
    [{"per_domain": -1}, {"writer": {"kind": "crystal ball"}}, {"per_leaf": 3}],
    ids=["negative", "writer", "unknown"],
)
def test_wrong_parameters_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Params.model_validate({**SECTION, **changes})
