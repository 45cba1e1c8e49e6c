"""Which files are a dump, and which threads of it are taken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from builder.dialogs.dumps.dump_files import dump_files
from builder.dialogs.reader_context import ReaderContext
from builder.dialogs.readers.reddit import read_reddit
from builder.errors import InputError
from builder.sources import Reject
from tests.factories import make_dialog_source
from tests.support.dump_rows import Rejected, comment, lines, reasons, submission


def test_submissions_are_read_before_comments_and_other_files_are_named(
    tmp_path: Path, reject: Reject, rejected: Rejected
) -> None:
    for name in ("RC_1.ndjson", "RS_2.zst", "RS_1.jsonl", "README.md", "RS_3.txt", ".DS_Store"):
        (tmp_path / name).touch()
    files = [path.name for path in dump_files(tmp_path, reject)]
    assert files == ["RS_1.jsonl", "RS_2.zst", "RC_1.ndjson"]
    assert [(Path(place).name, reason) for place, reason, _ in rejected] == [
        ("README.md", "file not read"),
        ("RS_3.txt", "file not read"),
    ]
    assert dump_files(tmp_path / "RS_2.zst", reject) == [tmp_path / "RS_2.zst"]


@pytest.mark.parametrize(
    ("submissions", "comments"),
    [
        ("movies_submissions.zst", "movies_comments.zst"),
        ("r_moviesuggestions_posts.jsonl", "r_moviesuggestions_comments.jsonl"),
        ("submissions.ndjson", "comments.ndjson"),
        ("RS_2011-03.zst", "RC_2011-03.zst"),
    ],
    ids=["torrent", "arctic-shift-names", "bare", "month"],
)
def test_usual_names_of_dumps_are_read(
    tmp_path: Path, reject: Reject, rejected: Rejected, submissions: str, comments: str
) -> None:
    for name in (submissions, comments):
        (tmp_path / name).touch()
    assert [path.name for path in dump_files(tmp_path, reject)] == [submissions, comments]
    assert rejected == []


def test_a_folder_without_dumps_ends_the_run(tmp_path: Path, reject: Reject) -> None:
    (tmp_path / "commentsection.jsonl").touch()
    with pytest.raises(InputError, match="contains no dump files; expected RS_"):
        dump_files(tmp_path, reject)


SELECT = {"communities": None, "first_day": None, "last_day": None, "min_score": None}
DAY_S = 86_400


def test_threads_are_selected_by_community_day_and_score(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected
) -> None:
    noon = 18_993 * DAY_S + DAY_S // 2  # 2022-01-01
    asked = [
        submission("in", created_utc=noon),
        submission("early", created_utc=noon - DAY_S),
        submission("late", created_utc=noon + DAY_S),
        submission("low", created_utc=noon, score=2),
        submission("else", subreddit="MovieSuggestions_2"),
    ]
    said = [
        comment("a", "t3_in", link_id="t3_in", subreddit="MovieSuggestions"),
        comment("b", "t3_low", link_id="t3_low", subreddit="moviesuggestions"),
        comment("c", "t3_gone", link_id="t3_gone", subreddit="moviesuggestions"),
        comment("d", "t3_x", link_id="t3_x", subreddit="funny", body='"moviesuggestions"'),
        comment("e", "t3_x", link_id="t3_x", subreddit="funny"),
    ]
    (tmp_path / "RS_1.ndjson").write_bytes(lines(*asked))
    (tmp_path / "RC_1.ndjson").write_bytes(lines("", *said))
    chosen = {"communities": ["MovieSuggestions"], "min_score": 3}
    days = {"first_day": "2022-01-01", "last_day": "2022-01-01"}
    source = make_dialog_source(select={**SELECT, **chosen, **days})
    [thread] = read_reddit(tmp_path, source, reading)
    assert [post.post_id for post in thread.posts] == ["t3_in", "t1_a"]
    assert dict(reading.left_out) == {
        "after the last day": 1,
        "before the first day": 1,
        "blank line": 1,
        "other community": 3,
        "reply to a submission left out": 1,
        "score below the selection's": 1,
    }
    assert reasons(rejected) == [("RC_1.ndjson:4", "reply: submission missing")]


def test_a_line_that_looks_odd_is_read_whatever_community_is_sought(
    tmp_path: Path, reading: ReaderContext, rejected: Rejected
) -> None:
    cut = json.dumps(submission(subreddit="funny"))[:-9]
    rows = lines(cut, submission(subreddit="funny"), submission()).replace(b"\n", b"\r\n")
    (tmp_path / "RS_1.ndjson").write_bytes(rows)
    source = make_dialog_source(select={**SELECT, "communities": ["moviesuggestions"]})
    assert len(list(read_reddit(tmp_path, source, reading))) == 1
    [(place, reason, detail)] = rejected
    assert (Path(place).name, reason) == ("RS_1.ndjson:1", "not JSON")
    assert detail.endswith("line from byte 0")
    assert reading.left_out == {"other community": 1}
