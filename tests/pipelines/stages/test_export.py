from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from builder.errors import InputError
from builder.records import (
    Conversation,
    Evidence,
    FieldSource,
    Item,
    Review,
    Scenario,
    SplitRow,
)
from builder.tables import write_table
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import Parameters, read_params
from pipelines.runtime.stage import Job, path_arguments
from pipelines.stages import card, export
from tests.factories import (
    DOGS,
    make_conversation,
    make_evidence,
    make_item,
    make_risk,
    make_scenario,
    write_oracle_file,
)

ROOT = Path.cwd()
LAYOUT = read_layout()
TAXONOMY = ROOT / LAYOUT["taxonomy"]
SECTIONS = read_params().sections
NAMES = {"imdb:k0": "Up", "imdb:k1": "Heat", "imdb:f0": "Old Yeller", "imdb:u0": "Ran"}


def item(item_id: str) -> Item:
    told = (FieldSource("title", "ours", "CC0-1.0", "2026-11-21"),)
    return make_item(item_id, NAMES[item_id], 1995, provenance=told)


def write_inputs(folder: Path, written: list[Conversation], *, backwards: bool) -> None:
    """Write every table that export and card read, in one order or in the other."""
    statement = make_evidence("statement", "w", 1.0, item_id="imdb:k0")
    tables: dict[str, tuple[type, list[Any]]] = {
        "items": (Item, [item(i) for i in NAMES]),
        "evidence": (Evidence, [statement]),
        "text_evidence": (Evidence, []),
        "conversations": (Conversation, written),
        "reviews": (Review, [Review(c.conversation_id, "unreviewed", (), "") for c in written]),
        "scenarios": (Scenario, [make_scenario("p2"), make_scenario("p1")]),
        "splits": (SplitRow, [SplitRow("t1", "train"), SplitRow("t2", "test")]),
    }
    for name, (record, rows) in tables.items():
        write_table(folder / LAYOUT[name], record, rows[::-1] if backwards else rows)
    for role in ("build", "grade"):
        risks = [make_risk(i, DOGS, "unknown", oracle=role) for i in NAMES]
        path = folder / LAYOUT[f"oracle_{role}"]
        write_oracle_file(path, risks[::-1] if backwards else risks, role=role)


def run(folder: Path, stage: str, **changes: Any) -> Job:
    """Run a stage in this process, as dvc.yaml would in that folder."""
    module = export if stage == "export" else card
    paths = {name: folder / LAYOUT[name] for name in path_arguments(module.main)}
    paths["taxonomy"] = TAXONOMY
    job = Job(stage, seed=1, workers=1)
    settings = Parameters(SECTIONS | {stage: SECTIONS[stage] | changes})
    module.main(job, settings.section(module.Params, stage), **paths)
    return job


def run_apart(folder: Path, stage: str) -> None:
    """Run a stage in a process of its own, with other workers and other string hashes."""
    sections = SECTIONS | {"run": {"seed": 1, "workers": 4}}
    (folder / "params.yaml").write_text(yaml.safe_dump(sections))
    (folder / "calibration.yaml").write_text("{}")
    shutil.copyfile(ROOT / "dvc.yaml", folder / "dvc.yaml")
    subprocess.run(
        [sys.executable, "-m", f"pipelines.stages.{stage}", f"taxonomy={TAXONOMY}"],
        cwd=folder,
        env=os.environ | {"PYTHONHASHSEED": "4"},
        check=True,
    )


@pytest.fixture
def written() -> list[Conversation]:
    make = make_conversation
    return [
        make("t1/1#explicit"),
        make("t1/2#implicit"),
        make("t2/1#explicit", dialog_id="t2"),
        make("t1/1#cues", mode="cues", trait=None, constraint=None),
        make("t1/1#without", constraint=None, variant="without"),
    ]


def release(folder: Path) -> dict[str, bytes]:
    root = folder / "data/release"
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_neither_order_nor_workers_nor_hashes_change_a_byte_of_the_release(
    written: list[Conversation], tmp_path: Path
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    write_inputs(one, written, backwards=False)
    write_inputs(other, written, backwards=True)
    job = run(one, "export")
    run(one, "card")
    for stage in ("export", "card"):
        run_apart(other, stage)
    assert len(release(one)) == 24
    assert release(one) == release(other)
    assert job.rows_out == {
        "sft_train": 2,
        "sft_validation": 0,
        "sft_test": 1,
        "grpo_train": 1,
        "penguin": 2,
    }
    counts = yaml.safe_load((other / "data/reports/counts/export.json").read_text())
    assert counts["out"] == job.rows_out
    assert counts["rejected"] == {"counterfactual without a constraint": 1}
    assert not any(str(tmp_path).encode() in content for content in release(one).values())
    check = ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=one / "data/release", check=False).returncode == 0


def test_an_item_outside_the_catalogue_is_a_rejection(
    written: list[Conversation], tmp_path: Path
) -> None:
    strange = replace(written[0], recommended=("imdb:k0", "imdb:tt9"), safe=("imdb:k0",))
    write_inputs(tmp_path, [strange, *written[1:4]], backwards=False)
    [rejection] = run(tmp_path, "export").rejections
    assert (rejection.place, rejection.reason, rejection.detail) == (
        "t1/1#explicit",
        "item is not in the catalogue",
        "imdb:tt9",
    )


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([], "conversations: there are none to export"),
        ([0, 0], "t1/1#explicit: appears twice"),
    ],
    ids=["no conversation", "a conversation twice"],
)
def test_bad_conversations_leave_the_last_good_release(
    written: list[Conversation], tmp_path: Path, numbers: list[int], said: str
) -> None:
    write_inputs(tmp_path, written, backwards=False)
    run(tmp_path, "export")
    last_good = release(tmp_path)
    write_inputs(tmp_path, [written[number] for number in numbers], backwards=False)
    with pytest.raises(InputError, match=said):
        run(tmp_path, "export")
    assert release(tmp_path) == last_good


def test_a_card_of_rows_that_are_no_longer_there_is_refused(
    written: list[Conversation], tmp_path: Path
) -> None:
    write_inputs(tmp_path, written, backwards=False)
    run(tmp_path, "export")
    write_inputs(tmp_path, written[1:], backwards=False)
    with pytest.raises(InputError, match="row 0 of train has no conversation t1/1#explicit;"):
        run(tmp_path, "card")
    assert "README.md" not in release(tmp_path)


def test_the_day_of_publication_must_be_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"card\.published: is .soon."):
        run(tmp_path, "card", published="soon")
