from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.records import Conversation, Item, Judgement, Message, Scenario, Verdict
from builder.tables import read_table, write_table
from pipelines.runtime.stage import Job
from pipelines.stages.judge import Params, main
from tests.factories import (
    make_conversation,
    make_item,
    make_risk,
    make_scenario,
    write_oracle_file,
)

SECTION: dict[str, Any] = {
    "writer": {"kind": "offline"},
    "constraint_min_words": 2,
    "constraint_max_words": 70,
    "near_copy": 0.6,
    "queries": {"min_words": 4, "max_words": 40},
    "again": 1.0,
    "encoder": {"model": "offline", "batch_tokens": 1024},
    "threshold": 3,
    "n_lowest": 5,
    "prompts": {"max_chars": 2000},
}


def test_rows_get_scores_and_the_run_a_report(tmp_path: Path) -> None:
    names = ("items", "oracle_build", "conversations", "scenarios", "judgements", "quality_report")
    paths = {name: tmp_path / name for name in names}
    row = make_conversation()
    without = replace(
        row,
        conversation_id="t1/1#without",
        variant="without",
        constraint=None,
        messages=(Message("user", "Slow westerns? Thanks."),),
    )
    ids = ("k0", "k1", "f0")
    items = [make_item(f"imdb:{i}", f"Film {i}") for i in ids]
    write_table(paths["items"], Item, items)
    said: dict[str, Verdict] = {"k0": "safe", "k1": "safe", "f0": "unsafe"}
    risks = [make_risk(f"imdb:{i}", row.trait or "", verdict) for i, verdict in said.items()]
    write_oracle_file(paths["oracle_build"], risks)
    write_table(paths["conversations"], Conversation, [without, row])
    write_table(paths["scenarios"], Scenario, [make_scenario()])
    job = Job("judge", seed=1, workers=2)
    main(job, Params.model_validate(SECTION), taxonomy=Path("data/taxonomy"), **paths)
    found = read_table(paths["judgements"], Judgement)
    assert [(j.row_id, j.rubric, j.score) for j in found] == [
        ("s1", "profile_consistent", 5),
        ("s1", "query_plausible", 5),
        ("t1/1#explicit", "constraint_comes_through", 5),
        ("t1/1#explicit", "facts_right", 1),
        ("t1/1#explicit", "natural", 5),
        ("t1/1#explicit", "wish_intact", 5),
    ]
    assert job.rows_in == {"conversations": 2, "scenarios": 1}
    assert job.rows_out == {"judgements": 6}
    report = json.loads(paths["quality_report"].read_text())
    looks = report["agreement"]
    assert list(looks) == ["again", "other_prompt"]
    assert all(line["n"] == 1 and line["equal"] == 1.0 for line in looks["again"])
    assert report["lowest"]["facts_right"] == [
        {"row_id": "t1/1#explicit", "score": 1, "note": "imdb:u0 is not in the catalogue"}
    ]
