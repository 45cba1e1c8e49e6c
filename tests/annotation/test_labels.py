from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotation.labels import Label, LabelReader
from annotation.screen import Screen
from builder.errors import InputError
from builder.records import Message
from tests.factories import make_conversation
from tests.support.label_studio import make_annotation, make_task, write_export

Make = Callable[..., Any]
Rejected = list[tuple[str, str, str]]


@pytest.fixture
def read(reject: Callable[[str, str, str], None]) -> Callable[[Path], list[Label]]:
    """Read a folder of labels on two known conversations."""
    by_id = {row.conversation_id: row for row in map(make_conversation, ("a", "b"))}
    return LabelReader(by_id, Screen.load(), lambda person: f"p{person}", reject).read


def test_an_annotation_becomes_a_label(read: Make, tmp_path: Path) -> None:
    answers = {
        "reads_human": "partly",
        "kept_1": "breaks",
        "left_out_0": "fits",
        "unknown_0": "fits",
    }
    folder = write_export(
        tmp_path / "labels",
        make_task(make_conversation("a"), make_annotation(3, comment="stiff", **answers)),
    )
    assert read(folder) == [
        Label(
            place=f"{folder}/export.json:1",
            conversation_id="a",
            annotator="p3",
            skipped=False,
            answers={"comes_through": "yes", "request_intact": "yes", "reads_human": "partly"},
            items={
                ("kept", "imdb:k1"): "breaks",
                ("left_out", "imdb:f0"): "fits",
                ("unknown", "imdb:u0"): "fits",
            },
            comment="stiff",
            seconds=4.5,
            updated_at="2026-11-21T09:38:43.942160Z",
        )
    ]


@pytest.mark.parametrize("how", ["choice", "button"])
def test_a_skip_leaves_no_answers(read: Make, tmp_path: Path, how: str) -> None:
    skipped = make_annotation(skip="distressing") if how == "choice" else make_annotation()
    skipped["was_cancelled"] = how == "button"
    (label,) = read(write_export(tmp_path / "labels", make_task(make_conversation("a"), skipped)))
    assert (label.skipped, label.answers, label.items) == (True, {}, {})


def test_answers_given_before_a_skip_do_not_count(read: Make, tmp_path: Path) -> None:
    both = make_annotation(comes_through="no")
    both["result"] += make_annotation(skip="cannot_judge")["result"]
    (label,) = read(write_export(tmp_path / "labels", make_task(make_conversation("a"), both)))
    assert (label.skipped, label.answers) == (True, {})


def test_an_annotator_may_be_a_whole_user(read: Make, tmp_path: Path) -> None:
    by_user = {**make_annotation(), "completed_by": {"id": 4, "email": "anna@example.org"}}
    (label,) = read(write_export(tmp_path / "labels", make_task(make_conversation("a"), by_user)))
    assert label.annotator == "p4"


def drop_fingerprint(row: dict[str, Any]) -> dict[str, Any]:
    del row["data"]["fingerprint"]
    return row


@pytest.mark.parametrize(
    ("change", "reason", "detail"),
    [
        ({"comes_through": "maybe"}, "unknown choice", "comes_through: maybe"),
        ({"kept_0": "no idea"}, "unknown choice", "kept_0: no idea"),
        ({"mood": "fine"}, "unknown question", "mood"),
        ({"kept_2": "fits"}, "unknown question", "kept_2: the task lists 2 items"),
        ({"request_intact": ""}, "incomplete annotation", "request_intact is not answered"),
    ],
    ids=["choice", "item choice", "question", "item beyond the list", "required missing"],
)
def test_an_annotation_from_another_screen_is_rejected(
    read: Make,
    rejected: Rejected,
    tmp_path: Path,
    change: dict[str, str],
    reason: str,
    detail: str,
) -> None:
    row = make_conversation("a")
    folder = write_export(
        tmp_path / "labels",
        make_task(row),
        make_task(row, make_annotation(1), make_annotation(2, **change)),
    )
    assert [label.annotator for label in read(folder)] == ["p1"]
    assert rejected == [(f"{folder}/export.json:2", reason, detail)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda row: row["data"].update(conversation_id="gone"), "unknown task"),
        (lambda row: row["data"].pop("conversation_id"), "malformed task"),
        (lambda row: row["data"].pop("fingerprint"), "malformed task"),
        (lambda row: row.pop("annotations"), "malformed task"),
        (lambda row: row["annotations"][0].pop("completed_by"), "malformed annotation"),
        (lambda row: row["annotations"][0].update(result="yes"), "malformed annotation"),
        (lambda row: row["annotations"][0].update(lead_time="long"), "malformed annotation"),
    ],
    ids=["unknown id", "no id", "no fingerprint", "no list", "no person", "no results", "time"],
)
def test_a_bad_task_is_rejected_and_the_next_is_read(
    read: Make,
    rejected: Rejected,
    tmp_path: Path,
    change: Callable[[dict[str, Any]], Any],
    reason: str,
) -> None:
    bad = make_task(make_conversation("a"), make_annotation())
    change(bad)
    folder = write_export(
        tmp_path / "labels", bad, make_task(make_conversation("b"), make_annotation())
    )
    assert [label.conversation_id for label in read(folder)] == ["b"]
    assert [(place, why) for place, why, _ in rejected] == [(f"{folder}/export.json:1", reason)]


def test_a_label_on_words_that_have_changed_is_rejected(
    read: Make,
    rejected: Rejected,
    tmp_path: Path,
) -> None:
    before = make_conversation("a", messages=(Message("user", "as it was"),))
    assert (
        read(write_export(tmp_path / "labels", make_task(before, make_annotation()), ["no task"]))
        == []
    )
    assert [reason for _, reason, _ in rejected] == ["outdated label", "malformed task"]


def test_of_two_answers_by_one_person_the_later_counts(
    read: Make,
    rejected: Rejected,
    tmp_path: Path,
) -> None:
    row = make_conversation("a")
    late = {**make_annotation(1, comes_through="no"), "updated_at": "2026-11-22T00:00:00Z"}
    write_export(tmp_path / "labels", make_task(row, late), name="1.json")
    folder = write_export(
        tmp_path / "labels", make_task(row, make_annotation(1), make_annotation(2)), name="2.json"
    )
    labels = {label.annotator: label.answers["comes_through"] for label in read(folder)}
    assert labels == {"p1": "no", "p2": "yes"}
    assert rejected == [(f"{folder}/2.json:1", "duplicate annotation", "p1 answered it again")]


def test_label_number_of_5000_digits(read: Make, rejected: Rejected, tmp_path: Path) -> None:
    row = make_conversation("a")
    bad = make_annotation(1)
    bad["result"][0]["from_name"] = f"kept_{'9' * 5000}"
    folder = write_export(tmp_path / "labels", make_task(row, bad, make_annotation(2)))
    assert [label.annotator for label in read(folder)] == ["p2"]
    assert [(place, reason) for place, reason, _ in rejected] == [
        (f"{folder}/export.json:1", "unknown question")
    ]


def test_half_an_emoji_in_a_comment_is_replaced(
    read: Make, rejected: Rejected, tmp_path: Path
) -> None:
    folder = write_export(
        tmp_path / "labels",
        make_task(make_conversation("a"), make_annotation(1, comment="fine \ud83d")),
    )
    assert [label.comment for label in read(folder)] == ["fine \ufffd"]
    assert rejected == []


def test_an_empty_folder_has_no_labels(read: Make, rejected: Rejected, tmp_path: Path) -> None:
    assert read(tmp_path) == []
    assert rejected == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b'{"tasks": []}', "is not a list of tasks"), (b"[{", "not JSON"), (b"[\xff]", "not UTF-8")],
    ids=["no list", "cut off", "not UTF-8"],
)
def test_a_file_that_is_no_export_ends_the_run(
    read: Make, tmp_path: Path, content: bytes, problem: str
) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(InputError, match=problem):
        read(tmp_path)


def test_a_missing_folder_ends_the_run(read: Make, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read(tmp_path / "gone")


def test_a_real_export_of_label_studio_reads(reject: Make, rejected: Rejected) -> None:
    """The file was exported by Label Studio 1.23.2 after labelling in a browser."""
    real = Path("tests/annotation/label_studio_1_23")
    ids = [t["data"]["conversation_id"] for t in json.loads((real / "export.json").read_text())]
    by_id = {name: make_conversation(name) for name in ids}
    labels = LabelReader(by_id, Screen.load(), str, reject).read(real)
    assert rejected == []
    assert {label.conversation_id: (label.skipped, label.items) for label in labels} == {
        "kept breaks": (False, {("kept", "imdb:k1"): "breaks"}),
        "skipped by choice": (True, {}),
        "skipped by button": (True, {}),
    }
    assert [label.comment for label in labels if not label.skipped] == ["typed & not added <i>"]
    assert all(label.seconds and label.seconds > 0 for label in labels)
