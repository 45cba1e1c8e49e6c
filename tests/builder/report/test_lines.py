"""Single stages' reports as rows and sentences."""

from __future__ import annotations

from builder.records import Message
from builder.report.lines import (
    Line,
    ShownTurn,
    SplitRow,
    annotation_lines,
    judge_line,
    leakage_lines,
    shown_turns,
    split_rows,
    stand_ins,
)

SIZES = {"train": 1200, "validation": 3, "test": 4}
SHARED = {"validation": {"distinct": 4, "also_in_train": 1, "share": 0.25}}
LEAKAGE = {
    "threads": SIZES,
    "conversations": SIZES,
    "threads_in_two_splits": 0,
    "near_copies_across_splits": 2,
    "askers": SHARED,
    "groundtruth_items": SHARED,
    "constraint_texts": SHARED,
}


def test_splits_are_shown_with_what_they_share() -> None:
    rows = split_rows(LEAKAGE)
    assert rows[0] == SplitRow("threads", ("1,200", "3", "4"))
    assert rows[2] == SplitRow("seekers who also appear in train", ("–", "1 of 4 (25%)", "–"))
    assert len(rows) == 5


def test_a_leak_is_a_fault() -> None:
    assert leakage_lines(LEAKAGE) == [
        Line("Threads in more than one split: none.", False),
        Line("Near copies across splits: 2. The test figures are too optimistic.", True),
    ]


def test_reviews_are_counted_and_agreement_is_shown_only_where_it_is_known() -> None:
    reviews = {"accepted": 5, "rejected": 2, "unreviewed": 993}
    report = {"note": "", "reviews": reviews, "krippendorff_alpha": None}
    assert annotation_lines(report, 60) == [
        "60 tasks are ready to import into Label Studio. Of 1,000 conversations, 7 have been "
        "reviewed: 5 were accepted; 2 were rejected and left out of the release. Nobody has "
        "reviewed the other 993."
    ]
    report |= {"note": "no usable label in x", "krippendorff_alpha": 0.613}
    assert annotation_lines(report, 60)[1:] == [
        "Note: no usable label in x.",
        "Krippendorff's alpha is 0.61 (1 is perfect agreement, 0 is chance level).",
    ]


def test_the_words_of_the_constraint_are_set_apart() -> None:
    messages = [Message("assistant", "no gore"), Message("user", "Films? no gore, please")]
    assert shown_turns(messages, 1, "no gore") == [
        ShownTurn("assistant", "no gore", "", ""),
        ShownTurn("user", "Films? ", "no gore", ", please"),
    ]
    assert shown_turns(messages, None, "")[1] == ShownTurn("user", "Films? no gore, please", "", "")


def test_rules_that_judge_are_not_called_a_model() -> None:
    assert "These are rules" in judge_line({"offline-writer/1 rubrics/1": 3})
    assert judge_line({"openai:m": 3}).endswith("by openai:m, a language model.")


def test_stand_ins_follow_from_what_made_the_rows() -> None:
    told = {"encoder": "MiniLM", "n_labels": 3, "n_reviewed": 2}
    ours = stand_ins(writers=["offline-writer/1"], sources=["maintainers"], **told)
    theirs = stand_ins(writers=["openai:m prompt=a/1"], sources=["movielens"], **told)
    assert [part.here for part in ours[:4]] == [
        "maintainers",
        "offline-writer/1",
        "MiniLM",
        "3 labels on 2 rows",
    ]
    assert "invented people" in ours[0].means
    assert "invented people" not in theirs[0].means
    assert "Rules" not in theirs[1].means
