from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import datasets
import pytest
from datasets import Features, List, Value

from builder.export.choose import ChosenRow, RowChooser, choose_rows
from builder.export.naming import Names
from builder.export.release import by_place, write_penguin, write_saferec
from builder.export.release_layout import read_rule, scenario_writers
from builder.records import Conversation, ExportRow
from builder.synthesis.answers.reasoning import Reasoner
from builder.tables import read_table
from tests.factories import GORE
from tests.support.release_rows import TORTURE, make_full_scenario, make_sft_row

MESSAGES = List({"role": Value("string"), "content": Value("string")})


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def written() -> list[Conversation]:
    return [
        make_sft_row(1, trait=TORTURE),
        make_sft_row(2),
        make_sft_row(3, dialog_id="t-test"),
        make_sft_row(4, mode="cues"),
        make_sft_row(5, mode="cues", trait=None, constraint=None),
    ]


@pytest.fixture
def save(
    chooser: RowChooser, names: Names, reasoner: Reasoner, tmp_path: Path
) -> Callable[..., Path]:
    def make(name: str, written: list[Conversation]) -> Path:
        rows: list[ChosenRow] = list(choose_rows(written, chooser, lambda *parts: None))
        folder = tmp_path / name
        places, traits = by_place(rows), ("Other", GORE, TORTURE)
        write_saferec(folder, places, names, traits, reasoner, chooser.rule, 1)
        return folder

    return make


def test_the_folders_load_with_the_columns_and_types_of_the_release(
    save: Callable[..., Path], written: list[Conversation]
) -> None:
    folder = save("one", written)
    sft = datasets.load_from_disk(str(folder / "saferec_sft_dataset"))
    grpo = datasets.load_from_disk(str(folder / "saferec_grpo_dataset"))
    assert {split: len(rows) for split, rows in sft.items()} == {
        "train": 2,
        "validation": 0,
        "test": 1,
    }
    assert {split: len(rows) for split, rows in grpo.items()} == {"train": 2}
    assert list(sft["train"].features.items()) == [
        ("prompt", MESSAGES),
        ("seen_titles", List(Value("string"))),
        ("groundtruth_with_release_year", List(List(Value("string")))),
        ("constraints", {GORE: Value("bool"), TORTURE: Value("bool")}),
        ("assigned_trait", Value("string")),
        ("assignment_reason", Value("string")),
        ("completion", MESSAGES),
    ]
    assert sft["test"].features["constraints"] == {GORE: Value("bool")}
    assert sft["validation"].features["constraints"] == {}
    assert list(grpo["train"].features) == list(sft["train"].features)[:-1]
    assert isinstance(sft["train"].features, Features)
    assert sft["train"][0]["constraints"] == {GORE: None, TORTURE: True}
    assert sft["train"][1]["groundtruth_with_release_year"] == [
        ["Heat", "1995"],
        ["Paddington", "2014"],
    ]
    assert grpo["train"][1]["assigned_trait"] == "None"


def test_the_index_and_the_intermediate_rows_lie_beside_in_the_same_order(
    save: Callable[..., Path], written: list[Conversation], chooser: RowChooser
) -> None:
    folder = save("one", written)
    index = read_table(folder / "index.parquet", ExportRow)
    assert [(row.config, row.split, row.row, row.conversation_id) for row in index] == [
        ("sft", "train", 0, "c001"),
        ("sft", "train", 1, "c002"),
        ("sft", "test", 0, "c003"),
        ("grpo", "train", 0, "c004"),
        ("grpo", "train", 1, "c005"),
    ]
    lines = (folder / "intermediate" / "train.jsonl").read_text().splitlines()
    assert [json.loads(line)["conversation_id"] for line in lines] == ["c001", "c002"]
    assert (folder / "intermediate" / "validation.jsonl").read_bytes() == b""
    assert read_rule(folder) == chooser.rule


def test_the_order_of_the_conversations_changes_no_byte(
    save: Callable[..., Path], written: list[Conversation]
) -> None:
    one, other = files(save("one", written)), files(save("other", written[::-1]))
    assert len(one) == 19
    assert one == other


def test_another_word_gives_another_fingerprint(
    save: Callable[..., Path],
    written: list[Conversation],
) -> None:
    state = "saferec_sft_dataset/train/state.json"
    changed = [make_sft_row(1, trait=TORTURE, assignment_reason="Otherwise."), *written[1:]]
    one, other = files(save("one", written)), files(save("other", changed))
    assert json.loads(one[state])["_fingerprint"] != json.loads(other[state])["_fingerprint"]


def test_penguin_is_one_json_document_in_two_spaces_that_datasets_loads(tmp_path: Path) -> None:
    folder = tmp_path / "penguin"
    assert write_penguin(folder, [make_full_scenario(2, source="real"), make_full_scenario(1)]) == 2
    text = (folder / "penguin.json").read_text(encoding="utf-8")
    assert text.startswith('[\n  {\n    "source": "synthetic",\n    "query": "How do I tell my fia')
    assert "fiancé" in text
    assert json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n" == text
    loaded = datasets.load_dataset(
        "json", data_files=str(folder / "penguin.json"), cache_dir=str(tmp_path / "cache")
    )["train"]
    assert loaded["source"][:] == ["synthetic", "real"]
    assert all(kind == Value("string") for kind in loaded.features.values())
    lines = (folder / "penguin_variants.jsonl").read_text().splitlines()
    variants = [json.loads(line) for line in lines]
    assert [(v["scenario_id"], v["variant"]) for v in variants] == [
        ("p001", "context_free"),
        ("p001", "context_rich"),
        ("p002", "context_free"),
        ("p002", "context_rich"),
    ]
    assert scenario_writers(folder) == ["offline-writer/1", "offline-writer/1"]
