from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder.records import Conversation, Review
from builder.tables import read_table, write_table
from builder.text_files.json_text import read_json
from pipelines.runtime.stage import Job
from pipelines.stages.merge_labels import Params, main
from tests.factories import make_conversation
from tests.support.label_studio import make_annotation, make_task, write_export


@pytest.fixture
def run(tmp_path: Path) -> Callable[[], tuple[Job, list[Review], Any]]:
    """Run the stage over two conversations and the labels of a folder."""
    write_table(tmp_path / "rows", Conversation, [make_conversation("a"), make_conversation("b")])
    (tmp_path / "labels").mkdir()

    def merge() -> tuple[Job, list[Review], Any]:
        job = Job("merge_labels", seed=1, workers=1)
        reviews, report = tmp_path / "reviews", tmp_path / "report.json"
        main(
            job,
            Params(root=str(tmp_path / "labels")),
            conversations=tmp_path / "rows",
            reviews=reviews,
            annotation_report=report,
        )
        return job, read_table(reviews, Review), read_json(report)

    return merge


def test_an_empty_folder_is_said_and_leaves_every_row_unreviewed(
    run: Callable[[], tuple[Job, list[Review], Any]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    job, reviews, report = run()
    assert "every row is unreviewed" in capsys.readouterr().err
    assert [review.status for review in reviews] == ["unreviewed", "unreviewed"]
    assert report == {
        "note": f"no usable label in {tmp_path / 'labels'}: every row is unreviewed",
        "labels": 0,
        "labels_rejected": 0,
        "reviews": {"accepted": 0, "rejected": 0, "unreviewed": 2},
        "krippendorff_alpha": None,
        "annotators": [],
    }
    assert job.rows_out == {"reviews": 2}


def test_labels_become_reviews_and_annotators_get_pseudonyms(
    run: Callable[[], tuple[Job, list[Review], Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = ("no", "no", "yes", "?")
    votes = [make_annotation(n, comes_through=answer) for n, answer in enumerate(answers, 1)]
    row, gone = make_conversation("a"), make_conversation("gone")
    write_export(tmp_path / "labels", make_task(row, *votes), make_task(gone, votes[0]))
    monkeypatch.setenv("SAFEREC_PSEUDONYM_KEY", "0123456789abcdef" * 2)
    job, reviews, report = run()
    assert [review.status for review in reviews] == ["rejected", "unreviewed"]
    assert reviews[0].note == "1 of 3 accept; the wish does not come through"
    assert [r.reason for r in job.rejections] == ["unknown choice", "unknown task"]
    assert job.rows_in == {"conversations": 2, "labels": 5}
    assert report["reviews"] == {"accepted": 0, "rejected": 1, "unreviewed": 1}
    assert report["labels_rejected"] == 2
    assert tuple(q["annotator"] for q in report["annotators"]) == reviews[0].annotators
    assert len(set(reviews[0].annotators)) == 3
    monkeypatch.setenv("SAFEREC_PSEUDONYM_KEY", "fedcba9876543210" * 2)
    assert not set(run()[1][0].annotators) & set(reviews[0].annotators)
