from __future__ import annotations

import pytest

from annotation.annotator_quality import AnnotatorQuality, agreement_of_votes, annotator_quality
from annotation.labels import Label
from tests.factories import make_label


def label(row: str, annotator: str, answer: str, seconds: float | None = 10.0) -> Label:
    answers = {} if answer == "skip" else {"comes_through": answer}
    return make_label(annotator, row, answers, skipped=answer == "skip", seconds=seconds)


LABELS = [
    label("a", "p1", "yes", 10),
    label("a", "p2", "yes", 30),
    label("b", "p1", "no", 20),
    label("b", "p2", "yes", None),
    label("c", "p1", "yes", 60),
    label("c", "p2", "skip", 1),
    label("d", "p3", "yes", None),
]


def test_numbers_of_each_annotator() -> None:
    assert annotator_quality(LABELS[::-1]) == [
        AnnotatorQuality("p1", 3, 0.0, 2, 0.5, 20),
        AnnotatorQuality("p2", 3, pytest.approx(1 / 3), 2, 0.5, 30),
        AnnotatorQuality("p3", 1, 0.0, 0, None, None),
    ]


def test_three_annotators_are_compared_in_pairs() -> None:
    labels = [
        label("a", name, answer) for name, answer in zip("xyz", ["yes", "yes", "no"], strict=True)
    ]
    pairs_by_annotator = {
        q.annotator: (q.n_compared, q.agreement) for q in annotator_quality(labels)
    }
    assert pairs_by_annotator == {"x": (2, 0.5), "y": (2, 0.5), "z": (2, 0.0)}


def test_alpha_of_a_worked_example() -> None:
    """Ten units, two observers: Krippendorff 2011, Computing alpha, section A, alpha = .095."""
    one = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    other = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    labels = [
        label(f"unit {unit}", name, ("no", "yes")[value])
        for name, values in (("x", one), ("y", other))
        for unit, value in enumerate(values)
    ]
    assert agreement_of_votes(labels) == pytest.approx(0.095, abs=5e-4)


@pytest.mark.parametrize(
    "labels",
    [[], LABELS[:1], LABELS[:2], LABELS[4:6]],
    ids=["none", "one", "all equal", "one skipped"],
)
def test_alpha_is_not_defined(labels: list[Label]) -> None:
    assert agreement_of_votes(labels) is None
