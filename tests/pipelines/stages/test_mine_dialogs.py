from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from builder.dialogs.privacy.protection import KEY_VARIABLE, Privacy, pseudonym_key
from builder.errors import InputError
from builder.records import Dialog, Item
from builder.rows import to_row
from builder.tables import read_table, write_table
from pipelines.runtime.params import read_params
from pipelines.runtime.stage import Job
from pipelines.stages.mine_dialogs import Params, main
from tests.factories import make_item

SECTION: dict[str, Any] = read_params().sections["mine_dialogs"]
FINGERPRINT = Privacy(pseudonym_key(None, 2026, is_needed=False)[0]).fingerprint
BUNDLED = Path(SECTION["root"])


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


FILM = make_item("imdb:tt1", "Erin Brockovich")


def mine(
    path: Path, section: dict[str, Any], *, workers: int = 1, tombstones: str = ""
) -> tuple[Job, list[Dialog]]:
    items, stones = path.with_name("items.parquet"), path.with_name("tombstones.jsonl")
    write_table(items, Item, [FILM])
    stones.write_text(tombstones)
    job = Job("mine_dialogs", seed=2026, workers=workers)
    params = Params.model_validate({**section, "scratch": str(path.with_name("scratch"))})
    main(job, params, items=items, tombstones=stones, dialogs=path)
    return job, read_table(path, Dialog)


def dump_rows(pattern: str) -> list[dict[str, Any]]:
    files = sorted(BUNDLED.glob(pattern))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


REJECTIONS = {
    "reply: bot": 9,
    "reply: deleted body": 10,
    "reply: other language (Portuguese)": 1,
    "reply: removed body": 6,
    "reply: score below minimum": 3,
    "request: near copy": 6,
    "request: not a request": 3,
    "request: other language (French)": 2,
    "request: other language (German)": 2,
    "request: other language (Portuguese)": 1,
    "request: other language (Spanish)": 2,
    "request: score below minimum": 3,
}


def test_the_bundled_threads_become_dialogs_and_all_others_are_counted(tmp_path: Path) -> None:
    job, dialogs = mine(tmp_path / "dialogs.parquet", SECTION)
    left_out = [r for r in job.rejections if r.reason.startswith("request: ")]
    [n_threads] = [n for name, n in job.rows_in.items() if name != "tombstones"]
    assert job.rows_out["dialogs"] == len(dialogs) == n_threads - len(left_out) == 173
    assert Counter(rejection.reason for rejection in job.rejections) == REJECTIONS
    lost = {rejection.place for rejection in job.rejections}
    assert len(lost) == len(job.rejections)
    assert job.figures["masked"] == {"EMAIL": 6, "NAME": 4, "PHONE": 3, "USER": 8}
    assert job.figures["turns_out"] == sum(len(dialog.turns) for dialog in dialogs)


def test_nothing_written_names_anyone(tmp_path: Path) -> None:
    job, dialogs = mine(tmp_path / "dialogs.parquet", SECTION)
    written = " ".join(turn.text for dialog in dialogs for turn in dialog.turns)
    authors = {row["author"] for row in dump_rows("R*")}
    handles = {name for name in authors if len(name) > 4 and not name.isalpha()}
    assert len(handles) == 291
    words = set(written.replace("'", " ").split())
    assert not handles & words
    told = {word for r in job.rejections for word in f"{r.place} {r.detail}".split()}
    assert not authors & told
    assert "@example" not in written
    assert all(turn.author.startswith("p-") for dialog in dialogs for turn in dialog.turns)


def test_every_turn_answers_one_before_it(tmp_path: Path) -> None:
    _, dialogs = mine(tmp_path / "dialogs.parquet", SECTION)
    for dialog in dialogs:
        seen: set[str | None] = {None}
        assert dialog.turns[0].role == "seeker"
        for turn in dialog.turns:
            assert turn.reply_to in seen
            seen.add(turn.turn_id)


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    mine(tmp_path / "one", SECTION)
    mine(tmp_path / "two", SECTION, workers=2)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_key_in_the_environment_changes_every_pseudonym(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_job, opened = mine(tmp_path / "one", SECTION)
    monkeypatch.setenv(KEY_VARIABLE, "0123456789abcdef" * 2)
    job, keyed = mine(tmp_path / "two", SECTION)
    pairs = [
        (one.author, two.author)
        for before, after in zip(opened, keyed, strict=True)
        for one, two in zip(before.turns, after.turns, strict=True)
    ]
    assert not any(one == two for one, two in pairs)
    assert len({one for one, _ in pairs}) == len({two for _, two in pairs}) == len(set(pairs))
    assert job.figures["pseudonyms"] == "keyed by SAFEREC_PSEUDONYM_KEY"
    assert open_job.figures["pseudonyms"] == (
        "keyed by run.seed, which is public: no author is a real person's name; "
        "else set SAFEREC_PSEUDONYM_KEY"
    )


def test_a_missing_folder_ends_the_run_and_leaves_the_last_output(tmp_path: Path) -> None:
    path = tmp_path / "dialogs.parquet"
    path.write_bytes(b"the last good one")
    section = {**SECTION, "root": str(tmp_path / "gone")}
    with pytest.raises(InputError, match="gone: no such file"):
        mine(path, section)
    assert path.read_bytes() == b"the last good one"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rules": {**SECTION["rules"], "min_words": 3}}, "rules.min_words"),
        ({"rules": {"allow_over_18": False}}, "rules.request_min_words"),
        ({"sources": []}, "sources"),
        ({"sources": [{**SECTION["sources"][0], "licence": ""}]}, "sources.0.licence"),
    ],
    ids=["unknown rule", "missing rule", "no source", "no licence"],
)
def test_a_wrong_parameter_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Params.model_validate({**SECTION, **change})
    assert ".".join(map(str, caught.value.errors()[0]["loc"])).startswith(field)


def test_real_people_need_a_key(tmp_path: Path) -> None:
    section = {**SECTION, "sources": [{**SECTION["sources"][0], "invented": False}]}
    with pytest.raises(InputError, match="is not set, but a source has posts of real people"):
        mine(tmp_path / "dialogs.parquet", section)


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


RAW = (
    "zork_the_9th",
    "PlainName",
    "zork@example.org",
    "555-0142",
    "u/zork2",
    "Zebulon",
    "14 Elm Road",
)


def row(row_id: str, **changes: Any) -> dict[str, Any]:
    fields = {"id": row_id, "author": RAW[0], "created_utc": 1_650_000_000, "score": 5}
    if "title" in changes:
        fields |= {"subreddit": "moviesuggestions", "selftext": "", "over_18": False}
    else:
        fields |= {"link_id": "t3_a", "parent_id": "t3_a"}
    return {**fields, **changes}


def test_nothing_raw_is_written(tmp_path: Path) -> None:
    said = f"Mail {RAW[2]}, ring {RAW[3]}, ask {RAW[4]}, I live at {RAW[6]}. My name is {RAW[5]}."
    dump = tmp_path / "dump"
    dump.mkdir()
    submissions = [
        row("a", title="Any films like Heat or Ronin please?", selftext=said),
        row("a", title=said),
        row("b", title=f"short {RAW[2]}"),
        row("c", title=said, over_18=True),
        row("d", title=said, score=-3),
        row("e", title=said, score=RAW[2]),
        {"author": RAW[0], "title": said},
        [said],
    ]
    comments = [
        row("k", body=f"{said} Thanks {RAW[0]}, hey {RAW[1]}!", author=RAW[1]),
        row("l", body=f"As {RAW[0]} said: Heat (1995). Hello {RAW[1]}", author="somebody_5"),
        row("m", body=said, author="zork_bot"),
        row("n", body=said, score=-9),
        row("o", body=said, link_id="t3_zz"),
        row("p", body=said, parent_id="t1_q"),
        row("q", body=said, parent_id="t1_p"),
        row("r", body=said, parent_id=RAW[2]),
        row("s", body=f"Ich suche {RAW[2]} einen Film und das ist auch sehr gut"),
        row("t", body=said * 2_000),
    ]
    for name, rows in (("RS_1.ndjson", submissions), ("RC_1.ndjson", comments)):
        lines = "".join(json.dumps(one) + "\n" for one in rows)
        (dump / name).write_text(lines + json.dumps(rows[0])[:-9], encoding="utf-8")
    source = {**SECTION["sources"][0], "path": str(dump)}
    job, dialogs = mine(tmp_path / "dialogs.parquet", {**SECTION, "sources": [source]})
    [dialog] = dialogs
    masked = "Mail <EMAIL>, ring <PHONE>, ask <USER>, I live at <ADDRESS> My name is <NAME>."
    assert [turn.text for turn in dialog.turns] == [
        f"Any films like Heat or Ronin please?\n\n{masked}",
        f"{masked} Thanks <USER>, hey <USER>!",
        "As <USER> said: Heat (1995). Hello <USER>",
    ]
    assert sorted((Path(r.place).name, r.reason) for r in job.rejections) == [
        ("RC_1.ndjson:10", "post too long"),
        ("RC_1.ndjson:11", "not JSON"),
        ("RC_1.ndjson:3", "reply: bot"),
        ("RC_1.ndjson:4", "reply: score below minimum"),
        ("RC_1.ndjson:5", "reply: submission missing"),
        ("RC_1.ndjson:6", "reply: circular"),
        ("RC_1.ndjson:7", "reply: circular"),
        ("RC_1.ndjson:8", "bad field"),
        ("RC_1.ndjson:9", "reply: other language (German)"),
        ("RS_1.ndjson:2", "duplicate id"),
        ("RS_1.ndjson:3", "request: too short"),
        ("RS_1.ndjson:4", "request: over 18"),
        ("RS_1.ndjson:5", "request: score below minimum"),
        ("RS_1.ndjson:6", "bad field"),
        ("RS_1.ndjson:7", "missing field"),
        ("RS_1.ndjson:8", "not a JSON object"),
        ("RS_1.ndjson:9", "not JSON"),
    ]
    rows = [*map(to_row, dialogs), *map(to_row, job.rejections), job.counts()]
    written = json.dumps(rows).lower()
    assert [raw for raw in RAW if raw.lower() in written] == []
    assert not list(tmp_path.glob("scratch/*"))


def write_dump(folder: Path, posts: list[dict[str, Any]], replies: list[dict[str, Any]]) -> None:
    folder.mkdir()
    for name, rows in (("RS_1.ndjson", posts), ("RC_1.ndjson", replies)):
        (folder / name).write_text("".join(json.dumps(one) + "\n" for one in rows))


def mine_dump(
    tmp_path: Path, *stones: dict[str, Any], invented: bool = True
) -> tuple[Job, list[Dialog]]:
    source = {**SECTION["sources"][0], "name": "s", "path": str(tmp_path / "dump")}
    source["invented"] = invented
    lines = "".join(json.dumps(stone) + "\n" for stone in stones)
    section = {**SECTION, "sources": [source]}
    return mine(tmp_path / "dialogs.parquet", section, tombstones=lines)


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
            row("a", title=asked, author="Asker1x"),
            row("b", title="Calm films for one evening please, anyone?"),
        ],
        [
            row("k", body=gone, author="RetractCanary44"),
            row("l", body="RetractCanary44 nailed it, Up (2009).", author="Helper"),
            row("m", body="Torvaldina, hope it helps. Also retractcanary44.", author="HelperTwo"),
            row("n", body="DownvotedCanary said Up", author="Three", score=5),
            row("o", body="Heat", author="DownvotedCanary", score=-40),
            row(
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
        [row("cp1", title=ASKED), row("cp2", title=ASKED, created_utc=1_640_000_000)],
        [
            row(f"ca{n}", link_id=f"t3_cp{n}", parent_id=f"t3_cp{n}", body="Up", author="Q")
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
    author = privacy.pseudonym("s", RAW[0])
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
