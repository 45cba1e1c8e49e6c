"""A row goes back to its source lines: all stages between run on sources of a few lines."""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.export.release_layout import INDEX_FILE
from builder.records import Evidence, ExportRow, Request, Review, TextLikelihood
from builder.tables import read_table, write_jsonl, write_table
from builder.training.examples import read_examples
from pipelines.cli.commands.trace import Trace, trace
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import Parameters, read_params
from pipelines.runtime.stage import Job, path_arguments
from tests.support.projects import SETTINGS, saferec

STAGES = (
    *("mine_catalog", "mine_dialogs", "link", "fuse", "assign", "synthesize", "scenarios"),
    *("split", "export"),
)
SOURCE = "maintainers-threads"
FILMS = {
    "tt0000001": ("Heat", 1995),
    "tt0000002": ("Ronin", 1998),
    "tt0000003": ("Thief", 1981),
}
LIFE = "I'm 34, I work as a nurse and I am divorced. I feel so lonely."
POST = f"{LIFE} How do I fill the evenings after a Thief (1981)?"
REPLY = "Heat (1995) first, then Ronin (1998)"
BLOOD = "is-there-blood-gore"
ROW = "sft/train/0"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make the rows of one thread on three films, of which Heat is gory, and go there."""
    folder = tmp_path_factory.mktemp("project")
    for name in (*SETTINGS, "data/link_decisions.jsonl", "data/tombstones.jsonl"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(name, folder / name)
    shutil.copytree("data/taxonomy", folder / "data/taxonomy")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        make_rows()
        yield folder


def make_rows() -> None:
    """Run the stages on sources of a few lines."""
    write_sources()
    paths = read_layout().paths
    write_table(paths["text_evidence"], Evidence, [])
    write_table(paths["text_likelihoods"], TextLikelihood, [])
    write_table(paths["reviews"], Review, [])
    settings = read_params()
    settings.sections["fuse"] |= {"fusion": "saferec"}
    settings.sections["link"] |= {"encoder": None}
    settings.sections["synthesize"] |= {"styles": ["stated"], "set_share": 0.0, "per_sample": 1}
    settings.sections["balance"] |= {"max_share": 1.0}
    for stage in STAGES:
        run(stage, settings)


def write_sources() -> None:
    """Write films and a thread as the bundled input has them."""
    catalog, dialogs = Path("data/sample/catalog"), Path("data/sample/dialogs")
    for folder in (catalog, dialogs):
        folder.mkdir(parents=True)
    films = [
        {"imdb_id": i, "title": title, "year": year, "statements": {BLOOD: title == "Heat"}}
        for i, (title, year) in FILMS.items()
    ]
    write_jsonl(catalog / "films.jsonl", films)
    write_jsonl(catalog / "games.jsonl", [])
    said = {"created_utc": 1_650_000_000, "score": 5, "subreddit": "moviesuggestions"}
    filler = {"id": "z", "author": "p", "title": "[removed]", "selftext": "", "over_18": False}
    asked = {"id": "a", "author": "asker_a", "title": POST, "selftext": "", "over_18": False}
    write_jsonl(dialogs / "RS_2022.ndjson", [filler | said, asked | said])
    replies = [
        {"id": "x", "link_id": "t3_z", "parent_id": "t3_z", "author": "q", "body": "[removed]"},
        {"id": "y", "link_id": "t3_z", "parent_id": "t3_z", "author": "q", "body": "[removed]"},
        {"id": "b", "link_id": "t3_a", "parent_id": "t3_a", "author": "other_b", "body": REPLY},
    ]
    write_jsonl(dialogs / "RC_2022.ndjson", [reply | said for reply in replies])


def run(stage: str, settings: Parameters) -> None:
    """Run a stage in this process, as dvc.yaml would."""
    module, layout = importlib.import_module(f"pipelines.stages.{stage}"), read_layout()
    paths = {name: layout[name] for name in path_arguments(module.main)}
    job = Job(stage, seed=1, workers=1)
    module.main(job, settings.section(module.Params, stage), **paths)


def traced(name: str) -> Trace:
    found = trace(Path(), name)
    assert found is not None
    return found


def test_a_row_goes_back_to_its_source_lines(project: Path) -> None:
    row, request = traced(ROW), f"{SOURCE}:t3_a#1"
    assert row.row is not None
    assert row.conversation is not None
    assert row.request is not None
    assert row.dialog is not None
    assert (row.row.row_id, row.row.groundtruth_ids) == (ROW, ("imdb:tt0000002",))
    assert row.row.conversation_id == row.conversation.conversation_id
    assert row.conversation.conversation_id == f"{request}:violations:stated"
    assert row.conversation.request_id == row.request.request_id == request
    assert row.request.turn_ids == ("t3_a", "t1_b")
    assert [(turn.turn_id, turn.place) for turn in row.dialog.turns] == [
        ("t3_a", "data/sample/dialogs/RS_2022.ndjson:2"),
        ("t1_b", "data/sample/dialogs/RC_2022.ndjson:3"),
    ]
    assert [(m.turn_id, m.surface, m.item_id) for m in row.mentions] == [
        ("t3_a", "Thief (1981)", "imdb:tt0000003"),
        ("t1_b", "Heat (1995)", "imdb:tt0000001"),
        ("t1_b", "Ronin (1998)", "imdb:tt0000002"),
    ]
    assert [(item.title, item.places) for item in row.items] == [
        ("Thief", ("data/sample/catalog/films.jsonl:3",)),
        ("Heat", ("data/sample/catalog/films.jsonl:1",)),
        ("Ronin", ("data/sample/catalog/films.jsonl:2",)),
    ]


def test_each_title_has_its_verdict_and_the_line_that_speaks_for_it(project: Path) -> None:
    row = traced(ROW)
    assert [(title.item_id, title.place) for title in row.titles] == [
        ("imdb:tt0000001", "left out"),
        ("imdb:tt0000002", "kept"),
    ]
    [answer] = row.titles[0].risks
    assert row.conversation is not None
    assert (answer.trait, answer.verdict) == (row.conversation.trait, "unsafe")
    assert (answer.reasons[0].asked, answer.reasons[0].place) == (
        (BLOOD,),
        "data/sample/catalog/films.jsonl:1",
    )


def test_training_reads_the_row_under_the_same_id(project: Path) -> None:
    saferec = read_layout()["saferec"]
    [example] = read_examples(saferec, "sft", "train")
    [index] = [r for r in read_table(saferec / INDEX_FILE, ExportRow) if r.config == "sft"]
    assert (example.row_id, example.truth) == (ROW, index.groundtruth_ids)


def test_the_way_may_begin_at_any_link(project: Path) -> None:
    whole = traced(ROW)
    assert whole.conversation is not None
    assert traced(whole.conversation.conversation_id).titles == whole.titles
    request = traced(f"{SOURCE}:t3_a#1")
    assert (request.conversation, request.mentions) == (None, whole.mentions)
    thread = traced(f"{SOURCE}:t3_a")
    assert (thread.request, thread.dialog) == (None, whole.dialog)
    assert trace(Path(), "Heat (1995)") is None
    assert trace(Path(), f"{SOURCE}:t3_b") is None


def test_a_scenario_goes_back_to_its_thread_and_an_invented_one_says_so(project: Path) -> None:
    real, invented = traced("penguin/0"), traced("penguin/1")
    assert real.scenario is not None
    assert real.dialog is not None
    assert (real.scenario.scenario_id, real.dialog.dialog_id) == (
        f"real:{SOURCE}:t3_a",
        f"{SOURCE}:t3_a",
    )
    assert traced(f"real:{SOURCE}:t3_a") == real
    assert invented.scenario is not None
    assert (invented.scenario.source, invented.dialog) == ("synthetic", None)
    assert "invented, not from a thread" in saferec("show", "penguin/1").stdout


def test_the_command_prints_every_link(project: Path) -> None:
    shown = saferec("show", ROW)
    assert shown.exit_code == 0
    for words in (
        f"row  {ROW}",
        "ground truth, recommended: Ronin (1998)",
        f"conversation  {SOURCE}:t3_a#1:violations:stated",
        "left out  Heat (1995)  imdb:tt0000001",
        "maintainers says yes: Is there blood/gore  (data/sample/catalog/films.jsonl:1)",
        f"request  {SOURCE}:t3_a#1  posts t3_a  answered by t1_b",
        '"Ronin (1998)"',
        "data/sample/catalog/films.jsonl:2",
        "t3_a  seeker  data/sample/dialogs/RS_2022.ndjson:2",
    ):
        assert words in shown.stdout, words
    document = json.loads(saferec("show", ROW, "--json").stdout)
    assert document["dialog"]["turns"][1]["place"] == "data/sample/dialogs/RC_2022.ndjson:3"
    assert document["titles"][0]["risks"][0]["reasons"][0]["asked"] == [BLOOD]


def test_nobody_is_named_and_no_place_is_released(project: Path) -> None:
    whole = saferec("show", ROW, "--json", "--full").stdout
    assert "asker_a" not in whole
    released = [path.read_bytes() for path in Path("data/release").rglob("*") if path.is_file()]
    assert released
    assert not any(b"ndjson" in content for content in released)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sft/train/7", r"index\.parquet: has no row sft/train/7"),
        ("penguin/999", r"penguin: has no row 999; rows are 0 to 168"),
    ],
)
def test_a_row_that_is_not_there_is_named(project: Path, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        trace(Path(), name)


def test_a_link_that_is_no_longer_there_asks_for_a_new_run(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path, dirs_exist_ok=True)
    write_table(tmp_path / read_layout()["requests"], Request, [])
    with pytest.raises(InputError, match=r"lacks maintainers-threads:t3_a#1, .* run `make repro`"):
        trace(tmp_path, ROW)
