import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.records import (
    Assignment,
    Conversation,
    Filtered,
    Item,
    Request,
)
from builder.synthesis.constraints.copies import CopyRule
from builder.tables import read_table, write_table
from pipelines.runtime.params import read_params
from pipelines.runtime.stage import Job
from pipelines.runtime.workspace import merge_profile
from pipelines.stages import assign, synthesize
from tests.factories import GORE, make_item, make_request, make_risk, write_oracle_file

IN_TRAIN = 1_640_995_200  # 2022-01-01
VERDICTS = {"a": "unsafe", "b": "safe", "c": "unknown"}


@pytest.fixture
def paths(tmp_path: Path, gore_taxonomy: Path) -> dict[str, Path]:
    """Write the inputs of both stages: twelve requests, one of them with a cue."""
    names = ("requests", "items", "oracle_build", "assignments", "conversations")
    found = {name: tmp_path / name for name in names}
    found["taxonomy"] = gore_taxonomy
    texts = ["Films for a long weekend, please."] * 11
    texts.append("Films for a long weekend. Nothing gory please.")
    requests = [make_request(text, f"t{n}#1", created_utc=IN_TRAIN) for n, text in enumerate(texts)]
    items = [make_item(i, f"Film {i}") for i in "abc"]
    risks = [make_risk(i, GORE, verdict) for i, verdict in VERDICTS.items()]
    write_table(found["requests"], Request, requests)
    write_table(found["items"], Item, items)
    write_oracle_file(found["oracle_build"], risks)
    return found


def run(
    stage: Any,
    paths: dict[str, Path],
    workers: int = 1,
    max_share: float | None = None,
    **changes: Any,
) -> Job:
    name = stage.__name__.rpartition(".")[2]
    params = read_params().section(stage.Params, name).model_copy(update=changes)
    if hasattr(params, "balance"):
        least = {"train": 7, "validation": 2, "test": 2}
        targets = params.balance.model_copy(update={"min_rows": least})
        if max_share is not None:
            targets = targets.model_copy(update={"max_share": max_share})
        params = params.model_copy(update={"balance": targets})
    job = Job(name, seed=3, workers=workers)
    used = {key: path for key, path in paths.items() if key != "conversations" or name != "assign"}
    stage.main(job, params, **used)
    return job


def test_every_sample_gets_two_assignments(paths: dict[str, Path]) -> None:
    job = run(assign, paths, max_share=1.0)
    rows = read_table(paths["assignments"], Assignment)
    assert [row.request_id for row in rows] == sorted(row.request_id for row in rows)
    traits = {(row.request_id, row.mode): row.trait for row in rows}
    assert len(traits) == len(rows) == 24
    assert traits["t3#1", "violations"] == GORE
    assert traits["t3#1", "cues"] is None
    assert traits["t11#1", "cues"] == GORE
    assert traits["t11#1", "violations"] is None  # the conversation already says it
    assert job.rows_in == {"requests": 12, "items": 3}
    assert job.rows_out == {"assignments": 24}
    assert job.figures["traits"] == {
        "violations": {GORE: 11, "None": 1},
        "cues": {GORE: 1, "None": 11},
    }


def test_no_trait_takes_more_than_its_share(paths: dict[str, Path]) -> None:
    job = run(assign, paths, min_kept=0.0)
    assert job.figures["traits"]["violations"] == {GORE: 1, "None": 11}
    assert job.figures["none_by_reason"]["the traits that fit have their share of the rows"] == 10
    assert all(told["max_share_reached"] for told in job.figures["balance"].values())


def test_a_share_nobody_can_keep_leaves_enough_rows_and_is_told(paths: dict[str, Path]) -> None:
    job = run(assign, paths, min_kept=0.5)
    assert job.figures["traits"]["violations"] == {GORE: 6, "None": 6}
    assert job.figures["balance"]["train"] == {
        "samples_with_an_option": 11,
        "assigned": 6,
        "most_rows_of_a_trait": 6,
        "largest_share": 1.0,
        "max_share_reached": False,
        "fewer_than_min_rows": {GORE: 6},
    }
    assert job.figures["balance"]["test"]["fewer_than_min_rows"] == {GORE: 0}


def test_every_split_is_balanced_by_itself(paths: dict[str, Path]) -> None:
    late = [make_request("Films?", f"u{n}#1", created_utc=1_669_900_000) for n in range(4)]
    rows = [*read_table(paths["requests"], Request), *late]
    write_table(paths["requests"], Request, rows)
    told = run(assign, paths, min_kept=0.5).figures["balance"]
    assert list(told) == ["train", "validation", "test"]
    assert [told[split]["assigned"] for split in told] == [6, 0, 2]


def test_conversations_are_written_and_counted(paths: dict[str, Path]) -> None:
    run(assign, paths, max_share=1.0)
    styles = ["stated", "across", "retracted"]
    job = run(synthesize, paths, styles=styles, per_sample=2, set_share=0.0)
    rows = read_table(paths["conversations"], Conversation)
    assert job.rows_in == {"requests": 12, "assignments": 24}
    assert job.rows_out == {"conversations": len(rows)} == {"conversations": 12 + 22 + 12}
    assert job.figures["constraint_texts"]["written"] == 22
    assert job.figures["variants"]["violations:without"] == 12
    assert job.figures["variants"]["cues:cue"] == 1
    assert list(job.rejections) == []
    for row in rows:
        if row.trait:
            assert (row.safe, row.unknown) == (("b",), ("c",))
            assert row.filtered == (Filtered("a", (GORE,)),)


def test_a_trait_of_ones_own_is_written_about_from_the_taxonomy(paths: dict[str, Path]) -> None:
    traits = paths["taxonomy"] / "traits.yaml"
    text = traits.read_text().replace("id: gore", "id: cliffs").replace("blood and gore", "cliffs")
    traits.write_text(text)
    run(assign, paths, max_share=1.0)
    job = run(synthesize, paths, styles=["stated", "across", "life_story", "retracted"])
    assert job.figures["phrases_made_from_the_taxonomy"] == [GORE]
    rows = read_table(paths["conversations"], Conversation)
    written = [row for row in rows if row.constraint and row.mode == "violations"]
    assert {row.variant for row in written} == {"stated", "retracted", "weakened", "negated"}
    for row in written:
        assert row.constraint is not None
        assert "cliffs" in f"{row.constraint.earlier} {row.constraint.text}".lower()


def test_counterfactual_sets_are_counted_as_whole_or_not(paths: dict[str, Path]) -> None:
    run(assign, paths, max_share=1.0)
    copies = CopyRule(gram_words=3, min_jaccard=0.6, attempts=1)
    job = run(synthesize, paths, per_sample=1, styles=["reasoned"], set_share=1.0, copies=copies)
    told = job.figures["counterfactual_sets"]
    dropped = {r.place.rpartition(":violations:")[0] for r in job.rejections}
    assert told == {"whole": 11 - len(dropped), "missing_a_part": len(dropped)}
    alone = run(synthesize, paths, per_sample=0, set_share=1.0, copies=copies)
    assert alone.figures["counterfactual_sets"]["whole"] == 0


@pytest.mark.parametrize("workers", [2, 8])
def test_the_bytes_do_not_depend_on_the_workers(paths: dict[str, Path], workers: int) -> None:
    outputs: list[Callable[[], bytes]] = [
        paths["assignments"].read_bytes,
        paths["conversations"].read_bytes,
    ]
    written = []
    for n in (1, workers):
        run(assign, paths, n, max_share=1.0)
        run(synthesize, paths, n)
        written.append([read() for read in outputs])
    assert written[0] == written[1]


@pytest.mark.parametrize("stage", [assign, synthesize], ids=["assign", "synthesize"])
def test_the_ledger_lies_outside_what_dvc_deletes(stage: Any) -> None:
    name = stage.__name__.rpartition(".")[2]
    [shown] = re.findall(r"```yaml\n(writers:.*?)```", Path("docs/llm.md").read_text(), re.DOTALL)
    settings = merge_profile(read_params(), yaml.safe_load(shown), Path("docs/llm.md"))
    writer = settings.section(stage.Params, name).writer
    assert writer.kind == "openai"
    assert writer.ledger == "data/ledger.sqlite"
    assert "data/ledger.sqlite" not in Path("dvc.yaml").read_text()
