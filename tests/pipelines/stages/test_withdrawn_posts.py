"""What people took back is in nothing that the stage writes, nor is who wrote it."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from builder.dialogs.privacy.protection import KEY_VARIABLE, Privacy, pseudonym_key
from builder.errors import InputError
from builder.rows import to_row
from tests.support.mined_dialogs import (
    AUTHOR,
    REJECTIONS,
    SECTION,
    make_post,
    mine,
    mine_dump,
    write_dump,
)

FINGERPRINT = Privacy(pseudonym_key(None, 2026, is_needed=False)[0]).fingerprint


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


def test_what_was_taken_back_is_in_nothing_that_is_written(tmp_path: Path) -> None:
    _, before = mine(tmp_path / "before.parquet", SECTION)
    thread = before[0]
    reply = before[1].turns[1]
    author = before[2].turns[1].author
    stones = [
        {"source": thread.source, "post": thread.turns[0].turn_id},
        {"source": thread.source, "post": reply.turn_id},
        {"source": thread.source, "author": author, "key": FINGERPRINT},
    ]
    lines = "".join(json.dumps(stone) + "\n" for stone in stones)
    job, after = mine(tmp_path / "after.parquet", SECTION, tombstones=lines)
    assert thread.dialog_id not in {dialog.dialog_id for dialog in after}
    written = json.dumps([to_row(row) for row in (*after, *job.rejections)])
    gone = [turn for dialog in before for turn in dialog.turns if turn.author == author]
    for turn in (*thread.turns, reply, *gone):
        assert turn.turn_id not in written
        assert turn.text[:60] not in written or len(turn.text) < 20
    assert author not in written
    reasons = Counter(rejection.reason for rejection in job.rejections)
    assert reasons == {
        **REJECTIONS,
        "request: withdrawn by its author": 1,
        "reply: withdrawn by its author": 6,
    }
    assert job.rows_in["tombstones"] == 3


def test_a_line_that_is_no_tombstone_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="author: String should match"):
        mine(tmp_path / "d", SECTION, tombstones='{"source": "x", "author": "a_name"}\n')


@pytest.mark.parametrize(
    "stone",
    [None, {"source": "s", "post": "t1_k"}],
    ids=["no tombstone", "tombstone"],
)
def test_retraction_names_the_author_nowhere(tmp_path: Path, stone: dict[str, str] | None) -> None:
    gone = "My name is Torvaldina. Klaus (2019) and Heat (1995) for a long evening."
    asked = "Need quiet films about families, please"
    write_dump(
        tmp_path / "dump",
        [
            make_post("a", title=asked, author="Asker1x"),
            make_post("b", title="Calm films for one evening please, anyone?"),
        ],
        [
            make_post("k", body=gone, author="RetractCanary44"),
            make_post("l", body="RetractCanary44 nailed it, Up (2009).", author="Helper"),
            make_post(
                "m", body="Torvaldina, hope it helps. Also retractcanary44.", author="HelperTwo"
            ),
            make_post("n", body="DownvotedCanary said Up", author="Three", score=5),
            make_post("o", body="Heat", author="DownvotedCanary", score=-40),
            make_post(
                "p",
                link_id="t3_b",
                parent_id="t3_b",
                body="RetractCanary44 would say Heat.",
                author="Q",
            ),
        ],
    )
    _, dialogs = mine_dump(tmp_path, *([stone] if stone else []))
    texts = {turn.turn_id: turn.text for dialog in dialogs for turn in dialog.turns}
    assert texts["t1_l"] == "<USER> nailed it, Up (2009)."
    assert texts["t1_m"] == "<NAME>, hope it helps. Also <USER>."
    assert texts["t1_n"] == "<USER> said Up"
    assert texts["t1_p"] == "<USER> would say Heat."
    assert ("t1_k" in texts) == (stone is None)


ASKED = (
    "I have been off work since spring and would like something gentle, slow and hopeful to watch "
    "with my sister on sunday evenings without any babies or hospitals in it please"
)


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    """Write a dump in which one person asks the same twice."""
    write_dump(
        tmp_path / "dump",
        [make_post("cp1", title=ASKED), make_post("cp2", title=ASKED, created_utc=1_640_000_000)],
        [
            make_post(f"ca{n}", link_id=f"t3_cp{n}", parent_id=f"t3_cp{n}", body="Up", author="Q")
            for n in (1, 2)
        ],
    )
    return tmp_path


@pytest.mark.parametrize("post", ["t3_cp1", "t3_cp2"])
def test_taken_back_returns_not_by_its_copy(copies: Path, post: str) -> None:
    job, dialogs = mine_dump(copies, {"source": "s", "post": post})
    assert dialogs == []
    assert sorted(r.reason for r in job.rejections) == [
        "request: copy of a withdrawn one",
        "request: withdrawn by its author",
    ]
    assert job.figures["withdrawn_posts"] == {"1": 1}


def test_key_change_voids_no_tombstones(copies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("0123456789abcdef" * 2, "fedcba9876543210" * 2)
    privacy = Privacy(secrets[0].encode())
    author = privacy.pseudonym("s", AUTHOR)
    stone = {"source": "s", "author": author, "key": privacy.fingerprint}
    monkeypatch.setenv(KEY_VARIABLE, secrets[0])
    job, dialogs = mine_dump(copies, stone)
    assert (dialogs, job.figures["withdrawn_posts"]) == ([], {"1": 2})
    monkeypatch.setenv(KEY_VARIABLE, secrets[1])
    with pytest.raises(InputError, match="tombstone 1 was made with another key"):
        mine_dump(copies, stone)


def test_a_tombstone_that_matches_nothing_ends_the_run_unless_it_may(copies: Path) -> None:
    stone: dict[str, Any] = {"source": "s", "post": "t3_cp3"}
    with pytest.raises(
        InputError, match=r"no post that was read matches tombstone 1 \(s: t3_cp3\)"
    ):
        mine_dump(copies, stone)
    job, dialogs = mine_dump(copies, {**stone, "absent": True})
    assert (len(dialogs), job.figures["withdrawn_posts"]) == (1, {"1": 0})


@pytest.mark.parametrize("header", ["t,u,x\n", "t,u,x\n1,bo,My Neighbor Totoro (1988)\n"])
def test_table_ids_are_no_places(tmp_path: Path, header: str) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "t,u,x\n1,ann,Looking for some calm films like Up please\n"
        + header.removeprefix("t,u,x\n")
        + "1,cy,SECRETWORDS Klaus (2019)\n1,di,Coco (2017)\n"
    )
    columns = {"thread": "t", "author": "u", "text": "x", "is_chat": False, "is_markdown": False}
    source = {**SECTION["sources"][0], "name": "s", "reader": "table", "path": str(table)}
    stone = json.dumps({"source": "s", "post": "1.bade5fbb3a"})
    section = {**SECTION, "sources": [{**source, "columns": columns}]}
    job, [dialog] = mine(tmp_path / "d.parquet", section, tombstones=stone)
    assert job.figures["withdrawn_posts"] == {"1": 1}
    texts = [turn.text for turn in dialog.turns]
    assert "Coco (2017)" in texts
    assert "SECRETWORDS" not in " ".join(texts)


def test_release_names_no_reddit_ids(copies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "0123456789abcdef" * 2)
    _, invented = mine_dump(copies)
    _, real = mine_dump(copies, invented=False)
    assert [d.dialog_id for d in invented] == ["s:t3_cp2", "s:t3_cp1"][: len(invented)]
    for known, keyed in zip(invented, real, strict=True):
        assert keyed.dialog_id == f"s:{keyed.turns[0].turn_id}"
        assert keyed.turns[1].reply_to == keyed.turns[0].turn_id != known.turns[0].turn_id
        shown = json.dumps([keyed.dialog_id, *((t.turn_id, t.reply_to) for t in keyed.turns)])
        assert re.search(r"t[13]_|c[ap]\d", shown) is None
