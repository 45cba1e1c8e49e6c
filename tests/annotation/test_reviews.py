from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.labels import Label
from annotation.reviews import merge_reviews, objections, vote
from builder.records import Review
from tests.factories import ALL_YES, make_conversation, make_label

Items = Mapping[tuple[str, str], str]
YES = {"comes_through": "yes", "request_intact": "yes", "reads_human": "yes"}


def label(
    annotator: str = "p1",
    *,
    skipped: bool = False,
    items: Items | None = None,
    comment: str = "",
    **changes: str,
) -> Label:
    answers = {} if skipped else {**ALL_YES, **changes}
    return make_label(
        annotator, answers=answers, skipped=skipped, items=items or {}, comment=comment
    )


@pytest.mark.parametrize(
    ("given_label", "expected"),
    [
        (label(), "accepted"),
        (label(comes_through="partly", request_intact="partly", reads_human="partly"), "accepted"),
        (label(comes_through="no"), "rejected"),
        (label(request_intact="no"), "rejected"),
        (label(reads_human="no"), "rejected"),
        (label(items={("kept", "x"): "breaks"}), "rejected"),
        (label(items={("kept", "x"): "fits", ("left_out", "y"): "fits"}), "accepted"),
        (label(items={("unknown", "x"): "breaks"}), "accepted"),
        (label(skipped=True), None),
    ],
    ids=["yes", "partly", "wish", "request", "human", "kept", "left out", "unknown", "skip"],
)
def test_the_vote_of_a_label(given_label: Label, expected: str | None) -> None:
    assert vote(given_label) == expected


def test_objections_are_said_in_words() -> None:
    rejecting = label(comes_through="no", items={("kept", "imdb:z"): "breaks"})
    assert objections(rejecting) == (
        "the wish does not come through",
        "imdb:z was kept and breaks the wish",
    )


@pytest.mark.parametrize(
    ("labels", "status", "annotators", "note"),
    [
        ([], "unreviewed", (), ""),
        ([label()], "accepted", ("p1",), "1 of 1 accept"),
        (
            [label("p2", reads_human="no", comment="a form"), label("p1")],
            "unreviewed",
            ("p1", "p2"),
            "1 of 2 accept; a tie; it does not read as if a person wrote it; comment: a form",
        ),
        (
            [label("p1", reads_human="no"), label("p2"), label("p3", reads_human="no")],
            "rejected",
            ("p1", "p2", "p3"),
            "1 of 3 accept; it does not read as if a person wrote it",
        ),
        (
            [label("p1", skipped=True), label("p2", request_intact="partly")],
            "accepted",
            ("p2",),
            "1 of 1 accept; 1 skipped; request_intact only partly",
        ),
        ([label(skipped=True)], "unreviewed", (), "1 skipped"),
        (
            [label(items={("left_out", "x"): "fits", ("unknown", "y"): "breaks"})],
            "accepted",
            ("p1",),
            "1 of 1 accept; x (left out) fits the wish; y (unknown) breaks the wish",
        ),
    ],
    ids=["none", "one", "tie", "majority", "skip has no vote", "only skips", "second opinions"],
)
def test_the_majority_decides(
    labels: list[Label], status: str, annotators: tuple[str, ...], note: str
) -> None:
    (review,) = merge_reviews([make_conversation("a")], labels)
    assert (review.status, review.annotators, review.note) == (status, annotators, note)


def test_every_conversation_has_its_review_in_order() -> None:
    reviews = merge_reviews(map(make_conversation, ("b", "a", "c")), [label()])
    assert [(r.conversation_id, r.status) for r in reviews] == [
        ("b", "unreviewed"),
        ("a", "accepted"),
        ("c", "unreviewed"),
    ]


@given(st.permutations(range(5)))
def test_the_order_of_labels_changes_nothing(order: list[int]) -> None:
    labels = [label(f"p{n}", comes_through=("yes", "no")[n % 2], comment=f"c{n}") for n in range(5)]
    assert merge([labels[n] for n in order]) == merge(labels)


def merge(labels: list[Label]) -> list[Review]:
    class Row:
        conversation_id = "a"

    return merge_reviews([Row()], labels)  # type: ignore[list-item]
