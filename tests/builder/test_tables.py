from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import InputError
from builder.records import (
    Constraint,
    Conversation,
    Filtered,
    Item,
    Message,
    Reason,
    Rejection,
    Review,
    Scenario,
    SplitRow,
)
from builder.rows import from_row, to_row
from builder.tables import (
    read_table,
    read_where,
    recover,
    replacing,
    write_json,
    write_jsonl,
    write_table,
)
from builder.text_files.json_text import read_json

ROW = Rejection("link", "threads.ndjson:3", "no such title", "Sawe (2004)")
CONVERSATION = Conversation(
    conversation_id="t1#1/stated",
    request_id="t1#1",
    dialog_id="t1",
    source="ours",
    licence="CC0-1.0",
    domain="film",
    created_utc=1640995200,
    mode="violations",
    variant="stated",
    trait="Anti-gore / squeamish",
    assignment_reason="Saw shows gore.",
    constraint=Constraint("Anti-gore / squeamish", "stated", "No gore, please.", 0),
    messages=(Message("user", "Something tense? No gore, please."),),
    seen=(),
    recommended=("imdb:tt0387564",),
    safe=(),
    filtered=(Filtered("imdb:tt0387564", ("Anti-gore / squeamish",), (Reason("yes", ("saws",)),)),),
    unknown=(),
    made_by="offline-writer/1",
)


def test_rows_are_read_where_every_column_holds_a_wanted_value(tmp_path: Path) -> None:
    rows = [SplitRow("a", "train"), SplitRow("b", "test"), SplitRow("c", "train")]
    write_table(tmp_path / "t.parquet", SplitRow, rows)
    wanted = {"dialog_id": ["c", "b", "z"], "split": ["train"]}
    assert read_where(tmp_path / "t.parquet", SplitRow, wanted) == [rows[2]]
    assert read_where(tmp_path / "t.parquet", SplitRow, {"dialog_id": []}) == []
    with pytest.raises(InputError, match="has columns dialog_id, split"):
        read_where(tmp_path / "t.parquet", Review, {"status": ["accepted"]})


def test_records_come_back_as_written(tmp_path: Path) -> None:
    assert write_table(tmp_path / "rows.parquet", Conversation, [CONVERSATION]) == 1
    assert read_table(tmp_path / "rows.parquet", Conversation) == [CONVERSATION]


@given(st.lists(st.builds(Scenario, source=st.sampled_from(["real", "synthetic"]))))
def test_any_record_survives_its_row(rows: list[Scenario]) -> None:
    assert [from_row(Scenario, to_row(row)) for row in rows] == rows


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_table(tmp_path / name, Rejection, [ROW] * 25_000)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mode": "both"}, "mode is 'both', expected one of violations, cues"),
        ({"created_utc": "now"}, "created_utc is 'now', expected int"),
        ({"created_utc": True}, "created_utc is True, expected int"),
        ({"source": None}, "source is missing"),
    ],
)
def test_a_row_of_wrong_type_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        from_row(Conversation, {**to_row(CONVERSATION), **change})


def test_a_missing_table_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"rows.parquet: no such file; run `dvc repro`"):
        read_table(tmp_path / "rows.parquet", Rejection)


def test_a_damaged_table_is_named(tmp_path: Path) -> None:
    write_table(tmp_path / "rows.parquet", Rejection, [ROW])
    whole = (tmp_path / "rows.parquet").read_bytes()
    (tmp_path / "rows.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"rows.parquet: is not a readable Parquet file"):
        read_table(tmp_path / "rows.parquet", Rejection)


def test_a_table_of_other_records_is_refused(tmp_path: Path) -> None:
    write_table(tmp_path / "rows.parquet", Rejection, [ROW])
    with pytest.raises(InputError, match="has columns stage, place, reason, detail"):
        read_table(tmp_path / "rows.parquet", Message)


def test_a_table_of_an_older_version_is_refused(tmp_path: Path) -> None:
    write_table(tmp_path / "items.parquet", Item, [])
    table = pq.read_table(tmp_path / "items.parquet")
    older = table.set_column(7, "texts", pa.array([], pa.list_(pa.struct({"kind": pa.string()}))))
    pq.write_table(older, tmp_path / "items.parquet")
    message = "items.parquet: column texts has the format of another version; delete it and run"
    with pytest.raises(InputError, match=message):
        read_table(tmp_path / "items.parquet", Item)


def test_jsonl_holds_a_record_a_line(tmp_path: Path) -> None:
    assert write_jsonl(tmp_path / "rows.jsonl", [ROW, {"a": 1}]) == 2
    first = '{"stage":"link","place":"threads.ndjson:3","reason":"no such title"'
    lines = (tmp_path / "rows.jsonl").read_text().splitlines()
    assert lines[0].startswith(first)
    assert lines[1] == '{"a":1}'


def test_broken_json_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": 1,\n"b" 2}')
    with pytest.raises(InputError, match=r"a.json:2: not JSON"):
        read_json(tmp_path / "a.json")


def test_an_error_while_writing_keeps_the_last_good_file(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", 1)

    def fail_halfway() -> None:
        with replacing(tmp_path / "a.json") as new:
            new.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert read_json(tmp_path / "a.json") == 1
    assert os.listdir(tmp_path) == ["a.json"]


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    for name in ("old.txt", "new.txt"):
        with replacing(tmp_path / "out") as new:
            new.mkdir()
            (new / name).write_text(name)
    assert os.listdir(tmp_path) == ["out"]
    assert os.listdir(tmp_path / "out") == ["new.txt"]


def test_a_kill_between_the_two_renames_is_mended(tmp_path: Path) -> None:
    (tmp_path / ".out.old").mkdir()
    (tmp_path / ".out.old" / "good.txt").write_text("good")
    (tmp_path / ".out.new").mkdir()
    recover(tmp_path / "out")
    assert os.listdir(tmp_path) == ["out"]
    assert (tmp_path / "out" / "good.txt").read_text() == "good"


_WRITER = """
import sys
from pathlib import Path
from builder.records import Rejection
from builder.tables import write_table
for version in range(10_000):
    row = Rejection("stage", "place", str(version), "x" * 50)
    write_table(Path(sys.argv[1]), Rejection, [row] * 2_000)
    print(version, flush=True)
"""


@pytest.mark.parametrize("delay_s", [0.0, 0.004, 0.011, 0.023, 0.037])
def test_a_killed_writer_leaves_a_whole_table(tmp_path: Path, delay_s: float) -> None:
    table = tmp_path / "rows.parquet"
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(table)], stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(delay_s)
        writer.send_signal(signal.SIGKILL)
    rows = read_table(table, Rejection)
    assert len(rows) == 2_000
    assert len({row.reason for row in rows}) == 1


def test_a_table_has_empty_metadata_as_in_published_releases(tmp_path: Path) -> None:
    write_table(tmp_path / "a", Review, [])
    assert pq.read_schema(tmp_path / "a").metadata == {}  # None would be other bytes
