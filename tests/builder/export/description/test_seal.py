from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import datasets
import mlcroissant as mlc
import pytest
from huggingface_hub import DatasetCard, DatasetCardData

from builder.export.choose import RowChooser, choose_rows
from builder.export.description.card import CardFacts, Release, hub_licences, render_card
from builder.export.description.facts import (
    SourceLine,
    VerdictLine,
    WriterLine,
    count_rows,
    used_rows,
)
from builder.export.description.seal import DescriptionFiles, seal_release
from builder.export.naming import Names
from builder.export.release import by_place, write_penguin, write_saferec
from builder.records import ExportRow, Review
from builder.synthesis.answers.reasoning import Reasoner
from builder.tables import read_table
from tests.factories import GORE
from tests.support.release_rows import make_full_scenario, make_sft_row

RELEASE = Release(
    name="saferec-sample",
    version="0.1.0",
    published="2026-11-21",
    summary="Requests and sensitivities.",
    creator="The maintainers",
    cite_as="@misc{saferec-sample}",
)


@pytest.fixture
def release(
    chooser: RowChooser,
    names: Names,
    reasoner: Reasoner,
    tmp_path: Path,
) -> tuple[Path, CardFacts]:
    """Return a folder with both data sets, and what is to be said of it."""
    folder = tmp_path / "release"
    written = [make_sft_row(1), make_sft_row(2), make_sft_row(3, mode="cues")]
    rows = choose_rows(written, chooser, lambda *parts: None)
    write_saferec(folder / "saferec", by_place(rows), names, (GORE,), reasoner, chooser.rule, 1)
    write_penguin(folder / "penguin", [make_full_scenario(1), make_full_scenario(2)])
    used = used_rows(read_table(folder / "saferec" / "index.parquet", ExportRow), written)
    facts = CardFacts(
        rule=chooser.rule,
        rows=count_rows(used, [Review("c001", "accepted", ("p1",), "")]),
        n_scenarios=2,
        writers=[WriterLine("sft", "offline-writer/1", 2, is_stand_in=True)],
        sources=[
            SourceLine("reddit", "CC0-1.0", "threads", 1),
            SourceLine("movielens", "GroupLens terms", "titles and years", 4),
        ],
        build_verdicts=[VerdictLine(GORE, 0.25, 0.25, 0.5)],
        grade_verdicts=[VerdictLine(GORE, 0.125, 0.0, 0.875)],
    )
    return folder, facts


def seal(folder: Path) -> DescriptionFiles:
    return DescriptionFiles(folder / "README.md", folder / "croissant.json", folder / "SHA256SUMS")


def test_every_file_of_the_release_is_checksummed_but_the_sums(
    release: tuple[Path, CardFacts],
) -> None:
    folder, facts = release
    n_files = seal_release(seal(folder), RELEASE, facts)
    assert n_files == sum(path.is_file() for path in folder.rglob("*"))
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    assert len(lines) == n_files - 1
    assert {"README.md", "croissant.json", "penguin/penguin.json"} <= {x[66:] for x in lines}
    check = ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder, check=False).returncode == 0


def test_sealing_twice_gives_the_same_bytes(release: tuple[Path, CardFacts]) -> None:
    folder, facts = release
    seal_release(seal(folder), RELEASE, facts)
    first = {path: path.read_bytes() for path in folder.glob("*") if path.is_file()}
    seal_release(seal(folder), RELEASE, facts)
    assert len(first) == 3
    assert first == {path: path.read_bytes() for path in first}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame:DeprecationWarning")
def test_croissant_is_valid_and_its_tables_can_be_read(release: tuple[Path, CardFacts]) -> None:
    folder, facts = release
    seal_release(seal(folder), RELEASE, facts)
    dataset = mlc.Dataset(jsonld=folder / "croissant.json")
    assert dataset.metadata.ctx.issues.errors == set()
    assert dataset.metadata.ctx.issues.warnings == set()
    queries = [row["penguin/query"].decode() for row in dataset.records("penguin")]
    assert queries == ["How do I tell my fiancé?"] * 2
    rows = list(dataset.records("index"))
    index = [(row["index/config"], row["index/row"]) for row in rows]
    assert index == [(b"sft", 0), (b"sft", 1), (b"grpo", 0)]
    assert rows[0]["index/completion_ids"] == [b"imdb:tt0113277", b"imdb:tt1109624"]
    texts = [r["intermediate_train/constraint_text"] for r in dataset.records("intermediate_train")]
    assert texts == [b"No gore, please."] * 2
    listed = {file.content_url for file in dataset.metadata.distribution}
    assert "saferec/saferec_sft_dataset/train/data-00000-of-00001.arrow" in listed


def test_the_front_matter_is_what_the_hub_reads(release: tuple[Path, CardFacts]) -> None:
    folder, facts = release
    seal_release(seal(folder), RELEASE, facts)
    data = DatasetCard.load(folder / "README.md").data
    assert isinstance(data, DatasetCardData)
    assert data.pretty_name == "saferec-sample"
    assert data.license == ["cc0-1.0", "other"]
    assert data.size_categories == ["n<1K"]


def test_every_configuration_of_the_front_matter_loads(
    release: tuple[Path, CardFacts], tmp_path: Path
) -> None:
    folder, facts = release
    seal_release(seal(folder), RELEASE, facts)
    found = {
        name: datasets.load_dataset(str(folder), name, cache_dir=str(tmp_path / "cache")).num_rows
        for name in datasets.get_dataset_config_names(str(folder))
    }
    assert found == {"sft_train": {"train": 2}, "grpo_train": {"train": 1}}


def test_the_card_tells_rows_writers_licences_and_what_is_not_known(
    release: tuple[Path, CardFacts],
) -> None:
    _, facts = release
    text = render_card(RELEASE, facts)
    for line in (
        "| sft | train | 2 | `saferec/saferec_sft_dataset/train` |",
        "| sft | test | 0 | `saferec/saferec_sft_dataset/test` |",
        "| penguin | | 2 | `penguin/penguin.json` |",
        "| sft | `offline-writer/1` (stand-in) | 2 |",
        "| movielens | GroupLens terms | titles and years | 4 |",
        f"| {GORE} | 2 | 25.0 | 25.0 | 50.0 | 12.5 | 0.0 | 87.5 |",
    ):
        assert line in text.splitlines()
    assert "66.7% of the 3 SafeRec rows have not been reviewed; reviewers accepted 1." in text
    assert "6 titles that are safe, 3 that are unsafe and 3 that are unknown (25.0%)" in text
    assert "Unknown titles do not count as ground truth, unless the sensitivity is weakened" in text


def test_the_card_says_so_where_unknown_titles_count(release: tuple[Path, CardFacts]) -> None:
    _, facts = release
    keeping = replace(facts, rule=facts.rule.model_copy(update={"unknown_in_groundtruth": "keep"}))
    text = render_card(RELEASE, keeping)
    assert "Unknown titles stay in `groundtruth_with_release_year`" in text
    written_by_a_model = replace(facts, writers=[WriterLine("sft", "openai:m", 2, False)])
    assert "Stand-ins" in text
    assert "Stand-ins" not in render_card(RELEASE, written_by_a_model)


def test_every_column_of_a_row_is_explained(release: tuple[Path, CardFacts]) -> None:
    folder, facts = release
    text = render_card(RELEASE, facts)
    [row, *_] = json.loads((folder / "penguin" / "penguin.json").read_text())
    info = folder / "saferec" / "saferec_sft_dataset" / "train" / "dataset_info.json"
    for column in [*row, *json.loads(info.read_text())["features"]]:
        assert f"`{column}`" in text


def test_licences_are_spelt_as_the_hub_spells_them() -> None:
    lines = [SourceLine("s", licence, "threads", 1) for licence in ("CC-BY-4.0", "MIT", "none")]
    assert hub_licences(lines) == ["cc-by-4.0", "mit", "other"]
