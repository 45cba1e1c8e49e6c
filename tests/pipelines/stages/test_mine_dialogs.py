from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from builder.dialogs.privacy.protection import KEY_VARIABLE
from builder.errors import InputError
from builder.rows import to_row
from pipelines.stages.mine_dialogs import Params
from tests.support.mined_dialogs import REJECTIONS, SECTION, make_post, mine

BUNDLED = Path(SECTION["root"])


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


def dump_rows(pattern: str) -> list[dict[str, Any]]:
    files = sorted(BUNDLED.glob(pattern))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


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


RAW = (
    "zork_the_9th",
    "PlainName",
    "zork@example.org",
    "555-0142",
    "u/zork2",
    "Zebulon",
    "14 Elm Road",
)


def test_nothing_raw_is_written(tmp_path: Path) -> None:
    said = f"Mail {RAW[2]}, ring {RAW[3]}, ask {RAW[4]}, I live at {RAW[6]}. My name is {RAW[5]}."
    dump = tmp_path / "dump"
    dump.mkdir()
    submissions = [
        make_post("a", title="Any films like Heat or Ronin please?", selftext=said),
        make_post("a", title=said),
        make_post("b", title=f"short {RAW[2]}"),
        make_post("c", title=said, over_18=True),
        make_post("d", title=said, score=-3),
        make_post("e", title=said, score=RAW[2]),
        {"author": RAW[0], "title": said},
        [said],
    ]
    comments = [
        make_post("k", body=f"{said} Thanks {RAW[0]}, hey {RAW[1]}!", author=RAW[1]),
        make_post("l", body=f"As {RAW[0]} said: Heat (1995). Hello {RAW[1]}", author="somebody_5"),
        make_post("m", body=said, author="zork_bot"),
        make_post("n", body=said, score=-9),
        make_post("o", body=said, link_id="t3_zz"),
        make_post("p", body=said, parent_id="t1_q"),
        make_post("q", body=said, parent_id="t1_p"),
        make_post("r", body=said, parent_id=RAW[2]),
        make_post("s", body=f"Ich suche {RAW[2]} einen Film und das ist auch sehr gut"),
        make_post("t", body=said * 2_000),
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
