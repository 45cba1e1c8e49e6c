"""What people took back is in nothing that any stage makes from then on: words, ids and names."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from builder.dialogs.privacy.protection import Privacy, pseudonym_key
from builder.records import Item, Judgement
from builder.tables import write_jsonl, write_table
from builder.taxonomy import Taxonomy
from pipelines.cli.commands.tombstones import MADE, look_for_tombstones, rows_of
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import read_params
from pipelines.runtime.stage import Job
from tests.factories import make_item, make_risk, write_oracle_file
from tests.support.projects import copy_settings

STAGES = (
    *("mine_dialogs", "link", "assign", "synthesize", "scenarios"),
    *("route", "merge_labels", "split", "export"),
)
FILMS = {"imdb:tt1": ("Heat", 1995), "imdb:tt2": ("Ronin", 1998), "imdb:tt3": ("Thief", 1981)}
SOURCE = "maintainers-threads"
LIFE = "I'm 34, I work as a nurse and I am divorced. I feel so lonely."
TITLES = {
    "a": ("asker_a", f"Quixotic films? {LIFE} How do I fill the evenings after a Heat (1995)?"),
    "b": ("asker_b", "Films about a long drive home through the rain, please?"),
    "c": ("gone_author", "Velveteen crime films to watch with my aunt, any ideas?"),
    "d": ("asker_d", "Which heist film has the best planning scene of them all?"),
    "e": ("asker_e", "Looking for quiet films where nobody raises a voice, please"),
}
REPLIES = {
    "a1": ("a", "t3_a", "other_1", "Ronin (1998) and Thief (1981)"),
    "b1": ("b", "t3_b", "other_2", "Marmalade on the projector, but Heat (1995), Thief (1981)"),
    "b3": ("b", "t1_b1", "asker_b", "Seen those two, what else?"),
    "b2": ("b", "t1_b3", "other_3", "> Marmalade on the projector\n\nSeconded, Ronin (1998)"),
    "c1": ("c", "t3_c", "other_4", "Heat (1995) and Ronin (1998) for your aunt"),
    "d1": ("d", "t3_d", "gone_author", "Pumpernickel heist: Thief (1981), Heat (1995)"),
    "d3": ("d", "t1_d1", "asker_d", "And after these?"),
    "d2": ("d", "t1_d3", "other_5", "What gone_author said, and Ronin (1998), Thief (1981)"),
    "e1": ("e", "t3_e", "other_6", "Thief (1981) then Heat (1995), both good"),
}
WORDS = ("quixotic", "marmalade", "velveteen", "pumpernickel")
KEPT = "nobody raises a voice"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project with five threads, and what mine_catalog and fuse would have made."""
    copy_settings(tmp_path)
    shutil.copytree("data/taxonomy", tmp_path / "data/taxonomy")
    shutil.copyfile("data/link_decisions.jsonl", tmp_path / "data/link_decisions.jsonl")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SAFEREC_PSEUDONYM_KEY", raising=False)
    folder = Path("data/sample/dialogs")
    folder.mkdir(parents=True)
    Path("data/sample/labels").mkdir()
    when = {"created_utc": 1_650_000_000, "score": 5, "subreddit": "moviesuggestions"}
    write_jsonl(
        folder / "RS_2022.ndjson",
        [
            {"id": i, "author": who, "title": title, "selftext": "", "over_18": False, **when}
            for i, (who, title) in TITLES.items()
        ],
    )
    write_jsonl(
        folder / "RC_2022.ndjson",
        [
            {"id": i, "link_id": f"t3_{thread}", "parent_id": above, "author": who, "body": body}
            | when
            for i, (thread, above, who, body) in REPLIES.items()
        ],
    )
    paths = read_layout().paths
    films = [make_item(i, t, year, genres=("Crime",)) for i, (t, year) in FILMS.items()]
    traits = list(Taxonomy.load(paths["taxonomy"]).traits)
    risks = [make_risk(i, trait, "safe", pg_risk=0.0) for i in FILMS for trait in traits]
    write_table(paths["items"], Item, films)
    write_oracle_file(paths["oracle_build"], risks)
    write_table(paths["judgements"], Judgement, [])
    return tmp_path


def run_all() -> None:
    layout, settings = read_layout(), read_params()
    for name in STAGES:
        module = importlib.import_module(f"pipelines.stages.{name}")
        job = Job(name, seed=2026, workers=1)
        asked = inspect.signature(module.main).parameters
        paths = {key: layout.paths[key] for key in asked if key not in ("job", "params")}
        module.main(job, settings.section(module.Params, name), **paths)
        write_jsonl(Path(f"data/interim/rejections/{name}.jsonl"), job.rejections)
        Path("data/reports/counts").mkdir(parents=True, exist_ok=True)
        Path(f"data/reports/counts/{name}.json").write_text(json.dumps(job.counts()))


def take_back(*stones: Mapping[str, str]) -> None:
    """Write the list, and into dvc.lock that the stages were run with it."""
    text = "".join(json.dumps(stone) + "\n" for stone in stones)
    Path("data/tombstones.jsonl").write_text(text)
    md5 = hashlib.md5(text.encode()).hexdigest()
    deps = [{"path": "data/tombstones.jsonl", "md5": md5}]
    Path("dvc.lock").write_text(yaml.safe_dump({"stages": {"mine_dialogs": {"deps": deps}}}))


def files_that_say(word: str) -> set[str]:
    """Return the files of stages that hold a word, in any case, read whole and row by row."""
    return {
        file.as_posix()
        for made in MADE
        for file in sorted(Path(made).rglob("*"))
        if file.is_file()
        for row in (file.read_bytes(), *rows_of(file))
        if word in row.decode("utf-8", "replace").lower()
    }


def test_nothing_made_from_it_is_left(project: Path) -> None:
    take_back()
    run_all()
    key, _ = pseudonym_key(None, 2026, is_needed=False)
    author = Privacy(key).pseudonym(SOURCE, "gone_author")
    stones = (
        {"source": SOURCE, "post": "t3_a"},
        {"source": SOURCE, "post": "t1_b1"},
        {"source": SOURCE, "author": author, "key": Privacy(key).fingerprint},
    )
    for word in (*WORDS, KEPT):
        kinds = {Path(file).parts[1] for file in files_that_say(word)}
        assert kinds >= {"interim", "release"}, word
    assert "data/interim/scenarios.parquet" in files_that_say("fill the evenings")
    take_back(*stones)
    before = look_for_tombstones(project, {})
    assert not before.is_proven
    assert {f.path for f in before.files if f.found} >= {
        "data/interim/dialogs.parquet",
        "data/interim/mentions.parquet",
        "data/interim/conversations.parquet",
    }
    run_all()
    after = look_for_tombstones(project, {})
    assert after.is_proven
    assert sum(file.rows for file in after.files) > 50
    assert {word: files_that_say(word) for word in WORDS} == {word: set() for word in WORDS}
    assert files_that_say("gone_author") == files_that_say("fill the evenings") == set()
    assert files_that_say(KEPT)
