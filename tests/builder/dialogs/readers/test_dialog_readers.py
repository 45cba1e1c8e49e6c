from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from builder.dialogs.reader_context import ReaderContext
from builder.dialogs.readers.dialog_readers import read_source
from builder.dialogs.readers.inspired import read_inspired
from builder.dialogs.readers.redial import read_redial
from builder.dialogs.readers.turns import read_turns
from builder.dialogs.thread import UNDATED
from builder.errors import InputError
from tests.factories import make_dialog_source

Rejected = list[tuple[str, str, str]]


def turn(context: list[str], resp: str, dialog: str = "d1", **changes: Any) -> dict[str, Any]:
    row = {"dialog_id": dialog, "context": context, "resp": resp, "rec": [1], "is_user": 0}
    return {**row, **changes}


def write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_each_dialog_in_turn_form_is_put_together_once(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected
) -> None:
    path = write(
        tmp_path / "turns.jsonl",
        turn(["", "Hi", "Hello", "I like Up (2009)"], "What About Bob%3F (1991), 100% sure"),
        turn(["", "ok"], "Her (2013)", "d2"),
        turn(["", "Hi"], "Hello"),
    )
    one, two = read_turns(path, make_dialog_source("redial"), reading)
    assert [(p.post_id, p.reply_to, p.role, p.text.text) for p in one.posts] == [
        ("d1.1", None, "seeker", "Hi"),
        ("d1.2", "d1.1", "recommender", "Hello"),
        ("d1.3", "d1.2", "seeker", "I like Up (2009)"),
        ("d1.4", "d1.3", "recommender", "What About Bob? (1991), 100% sure"),
    ]
    assert (two.thread_id, two.is_chat, two.posts[0].created_utc) == ("d2", True, UNDATED)
    assert len({post.author for post in (*one.posts, *two.posts)}) == 4
    assert rejected == []


def test_a_row_of_the_seeker_turns_the_roles(tmp_path: Path, reading: ReaderContext) -> None:
    path = write(tmp_path / "t", turn(["", "Seen Up (2009)?"], "yes", is_user=1))
    [chat] = read_turns(path, make_dialog_source(), reading)
    assert [post.role for post in chat.posts] == ["recommender", "seeker"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (turn(["", "Hey"], "Hello"), "contradicting turn"),
        (turn(["", "Hi"], "Hello", is_user=1), "contradicting turn"),
        (turn([""], "", "d9"), "empty dialog"),
        ({"dialog_id": "d1", "context": [], "is_user": 0}, "missing field"),
        (turn(["", 5], "x"), "bad field"),
    ],
    ids=["other words", "other speaker", "nothing said", "no response", "number"],
)
def test_a_row_in_turn_form_that_cannot_be_used_is_rejected(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected, row: Any, reason: str
) -> None:
    path = write(tmp_path / "t", turn(["", "Hi", "Hello", "Up"], "ok"), row)
    [chat] = read_turns(path, make_dialog_source(), reading)
    assert len(chat.posts) == 4
    assert [(place, why) for place, why, _ in rejected] == [(f"{path}:2", reason)]


def conversation(*said: tuple[int, str], **changes: Any) -> dict[str, Any]:
    messages = [
        {"messageId": n, "senderWorkerId": who, "timeOffset": 7 * n, "text": text}
        for n, (who, text) in enumerate(said)
    ]
    row = {"conversationId": "391", "initiatorWorkerId": 4, "respondentWorkerId": 5}
    row |= {"movieMentions": {"17": "Up (2009)", "18": None}, "messages": messages}
    return {**row, **changes}


def test_redial_as_published_is_read(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected
) -> None:
    said = [(4, "Hi"), (4, "like @17 please"), (5, "@18 or @99?"), (4, " "), (4, "ok")]
    path = write(tmp_path / "train.jsonl", conversation(*said))
    [chat] = read_redial(path, make_dialog_source("redial"), reading)
    assert [(p.post_id, p.reply_to, p.role, p.text.text) for p in chat.posts] == [
        ("391.0", None, "seeker", "Hi like Up (2009) please"),
        ("391.2", "391.0", "recommender", "@18 or @99?"),
        ("391.4", "391.2", "seeker", "ok"),
    ]
    assert (chat.thread_id, chat.is_chat, chat.posts[0].created_utc) == ("391", True, UNDATED)
    assert (chat.posts[0].author, rejected) == ("worker 4", [])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (conversation((4, " "), movieMentions=[]), "empty dialog"),
        (conversation((9, "hello")), "unknown speaker"),
        (conversation((4, "x" * 100_001)), "post too long"),
        ({"conversationId": "1", "messages": []}, "missing field"),
        (conversation(messages="none"), "bad field"),
        (["no dialog"], "not a JSON object"),
    ],
    ids=["nothing said", "stranger", "endless", "no speakers", "no list", "list"],
)
def test_a_redial_row_that_cannot_be_used_is_rejected(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected, row: Any, reason: str
) -> None:
    path = write(tmp_path / "t", row, conversation((4, "Hi"), (5, "@17")))
    [chat] = read_redial(path, make_dialog_source(), reading)
    assert len(chat.posts) == 2
    assert rejected[0][:2] == (f"{path}:1", reason)


HEADER = "dialog_id\tutt_id\tspeaker\tturn_id\ttext\tmovies\n"


def test_inspired_utterances_in_a_row_are_one_turn(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected
) -> None:
    path = tmp_path / "dialogs.tsv"
    path.write_text(
        HEADER
        + "20191202-103716_4_live.pkl\t1\tRECOMMENDER\t1\tHello\t\n"
        + "20191202-103716_4_live.pkl\t2\tSEEKER\t1\tI\ufffd\ufffdm well\ufffd\t\n"
        + "20191202-103716_4_live.pkl\t3\tSEEKER\t1\tQUOTATION_MARKUpQUOTATION_MARK?\tUp\n"
        + "odd\t1\tROBOT\t1\tx\t\n"
        + "20199999-103716_1\t1\tSEEKER\t1\tHi\t\n",
        encoding="utf-8",
    )
    one, two = read_inspired(path, make_dialog_source("inspired"), reading)
    first = "20191202-103716_4_live.pkl.1"
    assert [(p.post_id, p.reply_to, p.role, p.text.text) for p in one.posts] == [
        (first, None, "recommender", "Hello"),
        ("20191202-103716_4_live.pkl.2", first, "seeker", 'I\'m well "Up"?'),
    ]
    assert one.posts[0].created_utc == 1_575_283_036  # 2019-12-02 10:37:16
    assert two.posts[0].created_utc == UNDATED
    assert [(place, why) for place, why, _ in rejected] == [(f"{path}:5", "unknown speaker")]


def test_inspired_without_its_columns_ends_the_run(tmp_path: Path, reading: ReaderContext) -> None:
    path = tmp_path / "dialogs.tsv"
    path.write_text("dialog_id\ttext\n", encoding="utf-8")
    with pytest.raises(InputError, match="has no column 'utt_id'"):
        list(read_inspired(path, make_dialog_source(), reading))


def test_readers_are_found_by_name(tmp_path: Path, reading: ReaderContext) -> None:
    write(tmp_path / "turns.jsonl", turn(["", "Hi"], "Hello"))
    found = make_dialog_source(reader="turns", path="turns.jsonl")
    assert len(list(read_source(tmp_path, found, reading))) == 1
    with pytest.raises(
        InputError,
        match="unknown reader 'redail'; use one of huggingface, inspired, reddit, redial, table",
    ):
        list(read_source(tmp_path, make_dialog_source(reader="redail"), reading))
    with pytest.raises(InputError, match="no such file"):
        list(read_source(tmp_path, make_dialog_source(reader="turns", path="gone.jsonl"), reading))


@pytest.mark.parametrize(
    ("number", "mentions"),
    [
        ("391", {"111776": "Super Troopers (2001)"}),
        (391, [{"movieId": "111776", "movieName": "Super Troopers (2001)"}]),
        (391, [{"movieId": 111776, "movieName": "Super Troopers (2001)"}]),
    ],
    ids=["published", "hub", "number"],
)
def test_redial_hub_form(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected, number: Any, mentions: Any
) -> None:
    message = {"timeOffset": 0, "text": "Like @111776?", "senderWorkerId": 0, "messageId": 1}
    row = {"conversationId": number, "initiatorWorkerId": 0, "respondentWorkerId": 1}
    path = write(tmp_path / "a.jsonl", {**row, "movieMentions": mentions, "messages": [message]})
    [chat] = read_redial(path, make_dialog_source(), reading)
    assert (chat.thread_id, chat.posts[0].text.text) == ("391", "Like Super Troopers (2001)?")
    assert rejected == []


@pytest.mark.parametrize("mentions", [None, []], ids=["null", "list"])
def test_a_redial_dialog_without_films_is_read(
    tmp_path: Path, reading: ReaderContext, mentions: Any
) -> None:
    message = {"text": "Hi", "senderWorkerId": 0, "messageId": 1}
    row = {"conversationId": "1", "initiatorWorkerId": 0, "respondentWorkerId": 1}
    path = write(tmp_path / "a.jsonl", {**row, "movieMentions": mentions, "messages": [message]})
    assert len(list(read_redial(path, make_dialog_source(), reading))) == 1
