from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from builder.dialogs.reader_context import ReaderContext
from builder.dialogs.readers.reddit import read_reddit
from builder.dialogs.thread import Thread
from tests.factories import make_dialog_source
from tests.support.dump_rows import comment, lines, reasons, submission

Rejected = list[tuple[str, str, str]]


@pytest.fixture
def read(tmp_path: Path, reading: ReaderContext) -> Callable[..., list[Thread]]:
    def run(submissions: bytes, comments: bytes) -> list[Thread]:
        (tmp_path / "RS_2022.ndjson").write_bytes(submissions)
        (tmp_path / "RC_2022.ndjson").write_bytes(comments)
        return list(read_reddit(tmp_path, make_dialog_source("ours"), reading))

    return run


def test_a_thread_is_its_submission_and_the_comments_below_it(
    read: Callable[..., list[Thread]], rejected: Rejected
) -> None:
    [thread] = read(
        lines(submission()),
        lines(
            comment("c", "t1_b", created_utc=150, author="asker", body="thanks"),
            comment("b", created_utc=200),
            comment("d", created_utc=120, author="[deleted]", body="&amp;"),
        ),
    )
    assert (thread.thread_id, thread.community, thread.is_chat) == (
        "t3_a",
        "moviesuggestions",
        False,
    )
    found = [(p.post_id, p.reply_to, p.role, p.author, p.text.text) for p in thread.posts]
    assert found == [
        ("t3_a", None, "seeker", "asker", "Films like *Heat*?\n\nNo gore."),
        ("t1_d", "t3_a", "recommender", None, "&"),
        ("t1_b", "t3_a", "recommender", "other", "Ronin"),
        ("t1_c", "t1_b", "seeker", "asker", "thanks"),  # after its parent whatever its clock says
    ]
    assert thread.posts[2].text.spans[0].kind == "emphasis"
    assert rejected == []


def test_an_asker_whose_name_is_withheld_is_nobody_further_down(
    read: Callable[..., list[Thread]],
) -> None:
    [thread] = read(
        lines(submission(author="[deleted]", selftext="[removed]")),
        lines(comment("b", author="[deleted]")),
    )
    assert thread.posts[0].text.text == "[removed]"
    assert [post.author for post in thread.posts] == [None, None]
    assert thread.posts[1].role == "recommender"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"id": "b", "link_id": "t3_a", "bo', "not JSON"),
        ("[1, 2]", "not a JSON object"),
        ({k: v for k, v in comment("b").items() if k != "body"}, "missing field"),
        (comment("b", created_utc="yesterday"), "bad field"),
        (comment("b", created_utc=-5), "bad field"),
        (comment("b", score="many"), "bad field"),
        (comment("b", created_utc=1 << 41), "bad field"),
        (comment("b", body="x" * 1_000_000), "post too long"),
        ([1, "t3_a"], "not a JSON object"),
        (comment("b", parent="12345"), "bad field"),
        (comment("b", link_id="t3_zz", parent="t3_zz"), "reply: submission missing"),
        (comment("b", parent="t1_gone"), "reply: parent missing"),
        (comment("b", parent="t1_b"), "reply: circular"),
    ],
    ids=[
        "cut off", "array", "field missing", "time in words", "negative time", "score in words",
        "time in milliseconds or more", "a body of a megabyte", "mixed array",
        "bad parent id", "no submission", "no parent", "own parent",
    ],
)  # fmt: skip
def test_a_bad_comment_is_rejected_and_the_rest_stays(
    read: Callable[..., list[Thread]], rejected: Rejected, row: Any, reason: str
) -> None:
    [thread] = read(lines(submission()), lines(comment("ok"), row))
    assert [post.post_id for post in thread.posts] == ["t3_a", "t1_ok"]
    assert reasons(rejected) == [("RC_2022.ndjson:2", reason)]


def test_a_circle_and_what_hangs_below_it_are_rejected(
    read: Callable[..., list[Thread]], rejected: Rejected
) -> None:
    rows = [comment("b", "t1_c"), comment("c", "t1_b"), comment("d", "t1_c"), comment("e", "t1_x")]
    [thread] = read(lines(submission()), lines(*rows, comment("f", "t1_e")))
    assert len(thread.posts) == 1
    assert reasons(rejected) == [
        ("RC_2022.ndjson:1", "reply: circular"),
        ("RC_2022.ndjson:2", "reply: circular"),
        ("RC_2022.ndjson:3", "reply: circular"),
        ("RC_2022.ndjson:4", "reply: parent missing"),
        ("RC_2022.ndjson:5", "reply: parent missing"),
    ]


def test_rejections_repeat_nobodys_words(
    read: Callable[..., list[Thread]], rejected: Rejected
) -> None:
    secret = "jo@example.com"
    read(
        lines(submission()),
        lines(comment("b", created_utc=secret), json.dumps(secret), comment("c", body=[secret])),
    )
    assert len(rejected) == 3
    assert not any(secret in detail for _, _, detail in rejected)


def test_times_written_as_digits_are_read_and_the_second_of_an_id_is_rejected(
    read: Callable[..., list[Thread]], rejected: Rejected
) -> None:
    [thread] = read(
        lines(submission(created_utc="1641142629"), submission(title="again")),
        lines(comment("b"), comment("b", body="again")),
    )
    assert thread.posts[0].created_utc == 1_641_142_629
    assert thread.posts[1].text.text == "Ronin"
    assert reasons(rejected) == [
        ("RS_2022.ndjson:2", "duplicate id"),
        ("RC_2022.ndjson:2", "duplicate id"),
    ]


def test_every_field_of_many_rows_comes_back(read: Callable[..., list[Thread]]) -> None:
    rows = [
        submission(f"{n:x}", title=f"{n} é\u0000🎬?", over_18=n % 3 == 0, score=-n, author="é" * n)
        for n in range(1, 40)
    ]
    found = [
        (t.posts[0].text.text.split("\n")[0], t.over_18, t.posts[0].score, t.posts[0].author)
        for t in read(lines(*rows), b"")
    ]
    assert found == [(f"{n} é🎬?", n % 3 == 0, -n, "é" * n) for n in range(1, 40)]


def compressed(content: bytes) -> bytes:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=27)
    return zstandard.ZstdCompressor(compression_params=parameters).compress(content)


def test_compressed_dumps_read_like_plain_ones(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected
) -> None:
    (tmp_path / "RS_2022-01.zst").write_bytes(compressed(lines(submission())))
    frames = compressed(lines(comment("b"))) + compressed(lines(comment("c", body="Amélie")))
    (tmp_path / "RC_2022-01.ndjson.zst").write_bytes(frames)
    [thread] = read_reddit(tmp_path, make_dialog_source(), reading)
    assert [post.text.text for post in thread.posts[1:]] == ["Ronin", "Amélie"]
    assert thread.posts[2].place.endswith("RC_2022-01.ndjson.zst:2")
    assert rejected == []


def test_a_comment_read_before_its_parent_in_another_file_finds_it(
    tmp_path: Path, reading: ReaderContext
) -> None:
    (tmp_path / "RS_1.ndjson").write_bytes(lines(submission()))
    (tmp_path / "RC_1.ndjson").write_bytes(lines(comment("c", "t1_b")))
    (tmp_path / "RC_2.ndjson").write_bytes(lines(comment("b")))
    [thread] = read_reddit(tmp_path, make_dialog_source(), reading)
    assert [post.post_id for post in thread.posts] == ["t3_a", "t1_b", "t1_c"]


def test_raw_posts_are_readable_by_their_owner_alone(
    read: Callable[..., list[Thread]], reading: ReaderContext
) -> None:
    read(lines(submission()), b"")
    folders = [path for path in reading.scratch.folder.iterdir() if path.name != "duckdb"]
    assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700, 0o700]


def test_json_lone_surrogate(read: Callable[..., list[Thread]], rejected: Rejected) -> None:
    """Half an emoji costs itself, above all in a field that nobody needs."""
    flair = submission("a", author_flair_text="x\ud83d")
    [one, other] = read(
        lines(flair, submission("b", selftext="I loved Up \ud83d tonight")),
        lines(comment("c", "t3_a"), comment("d", "t3_b", link_id="t3_b")),
    )
    assert (one.thread_id, other.thread_id) == ("t3_a", "t3_b")
    assert other.posts[0].text.text.endswith("I loved Up \ufffd tonight")
    assert rejected == []


def test_a_byte_order_mark_before_a_dump_costs_no_post(
    read: Callable[..., list[Thread]], rejected: Rejected
) -> None:
    [thread] = read(b"\xef\xbb\xbf" + lines(submission()), b"\xef\xbb\xbf" + lines(comment("b")))
    assert [post.post_id for post in thread.posts] == ["t3_a", "t1_b"]
    assert rejected == []


@pytest.mark.parametrize("how", ["absent", "null"])
def test_dump_author_missing(
    read: Callable[..., list[Thread]], rejected: Rejected, how: str
) -> None:
    def without(row: dict[str, Any]) -> dict[str, Any]:
        for field in ("author", "score"):
            row[field] = None
            if how == "absent":
                del row[field]
        return row

    rows = (comment("b"), without(comment("c")))
    [thread] = read(lines(without(submission())), lines(*rows))
    assert [(post.author, post.score) for post in thread.posts] == [
        (None, None),
        ("other", 1),
        (None, None),
    ]
    assert rejected == []


def test_a_reply_to_a_rejected_submission_is_not_said_to_be_in_no_file(
    read: Callable[..., list[Thread]], rejected: Rejected
) -> None:
    asked = lines(submission(title=None), submission("b", selftext="x" * 200_000))
    replies = lines(comment("c"), comment("d", "t3_b", link_id="t3_b"))
    assert read(asked, replies) == []
    assert [(reason, detail) for place, reason, detail in rejected if "RC_" in place] == [
        ("reply: submission rejected", "t3_a could not be used"),
        ("reply: submission rejected", "t3_b could not be used"),
    ]
