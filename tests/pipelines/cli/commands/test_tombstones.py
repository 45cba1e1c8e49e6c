from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import yaml
from safetensors.numpy import save_file

from builder.dialogs.privacy.protection import KEY_VARIABLE, Privacy
from builder.errors import InputError
from builder.records import SplitRow
from builder.tables import write_json, write_table
from pipelines.cli.commands.tombstones import add_tombstone, look_for_tombstones
from tests.factories import make_dialog_source
from tests.support.dump_rows import comment, lines, submission
from tests.support.projects import copy_settings, saferec

SOURCE = "maintainers-threads"
KEY = "0123456789abcdef" * 2
POST = {"source": SOURCE, "post": "t3_ab"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a folder in which a stage made something after the list was last changed."""
    copy_settings(tmp_path)
    (tmp_path / "data").mkdir()
    put_down(tmp_path, POST)
    replay(tmp_path)
    rows = [SplitRow(f"ours:t3_{n}", "train") for n in ("abc", "cab", "b")]
    write_table(tmp_path / "data/interim/splits.parquet", SplitRow, rows)
    return tmp_path


def put_down(folder: Path, *stones: dict[str, str]) -> None:
    (folder / "data/tombstones.jsonl").write_text("".join(json.dumps(s) + "\n" for s in stones))


def replay(folder: Path) -> None:
    content = (folder / "data/tombstones.jsonl").read_bytes()
    dep = {"path": "data/tombstones.jsonl", "md5": hashlib.md5(content).hexdigest()}
    lock = {"schema": "2.0", "stages": {"mine_dialogs": {"cmd": "x", "deps": [dep]}}}
    (folder / "dvc.lock").write_text(yaml.safe_dump(lock))


def test_nothing_is_found_where_nothing_is(project: Path) -> None:
    absence = look_for_tombstones(project, {})
    assert absence.is_proven
    assert [(f.path, f.rows, f.found) for f in absence.files] == [
        ("data/interim/splits.parquet", 3, 0)
    ]


def test_an_id_is_found_in_every_kind_of_file(project: Path) -> None:
    rows = [SplitRow("ours:t3_ab", "train"), SplitRow("ours:t3_abc", "train")]
    write_table(project / "data/interim/a.parquet", SplitRow, rows)
    write_json(project / "data/reports/b.json", {"sample": f"{SOURCE}:t3_ab/t1_x", "n": 1})
    table = pa.table({"text": ["x", "see t3_ab."]})
    (project / "data/release").mkdir()
    with pa.ipc.new_stream(str(project / "data/release/c.arrow"), table.schema) as stream:
        stream.write_table(table)
    (project / "data/release/d.bin").write_bytes(b"\0\1t3_ab\0")
    absence = look_for_tombstones(project, {})
    assert {f.path.rpartition("/")[2]: f.found for f in absence.files} == {
        "a.parquet": 1, "splits.parquet": 0, "b.json": 1, "c.arrow": 1, "d.bin": 1,
    }  # fmt: skip
    assert not absence.is_proven


def test_files_made_from_another_list_prove_nothing(project: Path) -> None:
    put_down(project, POST, {"source": SOURCE, "post": "t1_new"})
    absence = look_for_tombstones(project, {})
    assert (absence.replayed, absence.is_proven) == (False, False)
    (project / "dvc.lock").unlink()
    assert look_for_tombstones(project, {}).replayed is None


def test_an_author_is_put_down_by_the_pseudonym_alone(project: Path) -> None:
    stone = add_tombstone(project, SOURCE, None, "some_one", {KEY_VARIABLE: KEY}, absent=True)
    assert stone.author == Privacy(KEY.encode()).pseudonym(SOURCE, "some_one")
    add_tombstone(project, SOURCE, "t1_b", None, {}, absent=True)
    add_tombstone(project, SOURCE, "t1_b", None, {}, absent=True)
    written = (project / "data/tombstones.jsonl").read_text()
    assert "some_one" not in written
    assert [json.loads(line) for line in written.splitlines()] == [
        POST,
        {"source": SOURCE, "author": stone.author, "key": stone.key, "absent": True},
        {"source": SOURCE, "post": "t1_b", "absent": True},
    ]


def test_a_real_name_needs_the_key_and_a_source_its_name(project: Path) -> None:
    with pytest.raises(InputError, match="no such source of dialogs; one of maintainers-threads"):
        add_tombstone(project, "other", "t3_a", None, {})
    params = project / "params.yaml"
    params.write_text(params.read_text().replace("invented: true", "invented: false"))
    with pytest.raises(InputError, match="SAFEREC_PSEUDONYM_KEY: is not set"):
        add_tombstone(project, SOURCE, None, "some_one", {}, absent=True)


def test_the_command_tells_and_fails_where_something_is_left(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    told = saferec("tombstones", "check")
    assert told.exit_code == 0
    assert "1 tombstones; 1 files, 3 rows checked, 0 rows refer to removed content" in told.stdout
    told = saferec("tombstones", "add", "--source", SOURCE, "--post", "t3_b", "--absent")
    assert told.exit_code == 0
    told = saferec("tombstones", "check", "--json")
    assert told.exit_code == 1
    said = json.loads(told.stdout)
    assert (said["replayed"], said["proven"], said["files"][0]["found"]) == (False, False, 1)


@pytest.fixture
def posts(project: Path) -> Path:
    """Put a dump of one thread into the project."""
    folder = project / "data/sample/dialogs"
    folder.mkdir(parents=True)
    (folder / "RS_1.ndjson").write_bytes(lines(submission("rt01s5", author="RetractCanary44")))
    reply = comment("k", "t3_rt01s5", link_id="t3_rt01s5", author="FilmFan")
    (folder / "RC_1.ndjson").write_bytes(lines(reply))
    return project


@pytest.mark.parametrize(
    ("post", "author", "message"),
    [
        (None, "retractcanary44", "has no author 'retractcanary44'; similar: RetractCanary44"),
        (None, "u/RetractCanary4", "has no author 'RetractCanary4'; similar: RetractCanary44"),
        (None, "nobody", "has no author 'nobody'; --absent lists it"),
        ("rt01s5", None, "has no post 'rt01s5'; similar: t3_rt01s5"),
        ("t1_kk", None, "has no post 't1_kk'; similar: t1_k"),
    ],
    ids=["case", "typo", "nobody", "bare id", "typo in an id"],
)
def test_what_a_source_does_not_have_is_refused_with_near_names(
    posts: Path, post: str | None, author: str | None, message: str
) -> None:
    before = (posts / "data/tombstones.jsonl").read_bytes()
    with pytest.raises(InputError, match=message):
        add_tombstone(posts, SOURCE, post, author, {})
    assert (posts / "data/tombstones.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    "name", ["RetractCanary44", "u/RetractCanary44", "/u/RetractCanary44", "@RetractCanary44"]
)
def test_a_name_is_listed_however_it_is_written(posts: Path, name: str) -> None:
    stone = add_tombstone(posts, SOURCE, None, name, {KEY_VARIABLE: KEY})
    assert stone.author == Privacy(KEY.encode()).pseudonym(SOURCE, "RetractCanary44")
    assert (stone.key, stone.absent) == (Privacy(KEY.encode()).fingerprint, False)


def test_tombstones_check_arrow_file_and_databases(project: Path) -> None:
    made = project / "data/interim"
    table = pa.table({"text": ["x", "see t3_ab."]})
    with pa.ipc.new_file(str(made / "a.arrow"), table.schema) as file:
        file.write_table(table)
    with closing(sqlite3.connect(made / "b.sqlite")) as database:
        database.execute('CREATE TABLE "odd ""name" (id TEXT, n INTEGER, blob BLOB)')
        rows = [("t3_abc", 1, b""), ("x", 2, b"\0t3_ab\0"), (None, 3, None)]
        database.executemany('INSERT INTO "odd ""name" VALUES (?, ?, ?)', rows)
        database.commit()
    save_file({"t3_ab": np.zeros(1)}, made / "c.safetensors", {"vocabulary": "t3_ab, t3_b"})
    absence = look_for_tombstones(project, {})
    looked = {Path(file.path).name: (file.rows, file.found) for file in absence.files}
    assert looked == {
        "a.arrow": (2, 1),
        "b.sqlite": (3, 1),
        "c.safetensors": (2, 2),
        "splits.parquet": (3, 0),
    }


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow", "a.safetensors", "a.sqlite"])
def test_a_file_that_cannot_be_read_proves_nothing(project: Path, name: str) -> None:
    (project / "data/interim" / name).write_bytes(b"SQLite format 3\0 and what is no page")
    absence = look_for_tombstones(project, {})
    assert [Path(file.path).name for file in absence.files if file.problem] == [name]
    assert not absence.is_proven


def test_a_post_of_a_real_person_is_looked_for_by_its_keyed_id(project: Path) -> None:
    params = project / "params.yaml"
    params.write_text(params.read_text().replace("invented: true", "invented: false"))
    spec = make_dialog_source(SOURCE)
    name = Privacy(KEY.encode()).public_id(spec, "t3_ab")
    assert name.startswith("i-")
    write_table(
        project / "data/interim/a.parquet", SplitRow, [SplitRow(f"{SOURCE}:{name}", "test")]
    )
    absence = look_for_tombstones(project, {KEY_VARIABLE: KEY})
    assert [file.found for file in absence.files] == [1, 0]
    with pytest.raises(InputError, match="SAFEREC_PSEUDONYM_KEY: is not set"):
        look_for_tombstones(project, {})
