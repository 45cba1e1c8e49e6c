from __future__ import annotations

from collections.abc import Callable

import pytest

from builder.errors import InputError
from builder.oracle.answers import Answers, answer, collect_answers
from builder.records import Evidence

TRIGGER = {"plot": 0.5}
Make = Callable[..., Evidence]


def collect(*rows: Evidence) -> Answers:
    return collect_answers(["a", "b"], ["w1", "w2"], rows, TRIGGER)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("statement", 1.0, {})], True, id="yes"),
        pytest.param([("statement", 0.0, {})], False, id="no"),
        pytest.param([("statement", 0.0, {"votes": (3, 2)})], True, id="majority-yes"),
        pytest.param([("statement", 1.0, {"votes": (2, 3)})], False, id="majority-no"),
        pytest.param([("statement", 1.0, {"votes": (2, 2)})], None, id="tie"),
        pytest.param([("statement", 0.0, {}), ("statement", 1.0, {})], True, id="yes-outweighs-no"),
        pytest.param([("similarity", 0.5, {})], True, id="text-at-trigger"),
        pytest.param([("similarity", 0.4999, {})], None, id="text-below-trigger"),
        pytest.param([("aside", 0.9, {})], None, id="aside-decides-nothing"),
        pytest.param([], None, id="nothing"),
    ],
)
def test_what_evidence_on_a_warning_comes_to(
    evidence: Make, rows: list[tuple[str, float, dict[str, object]]], expected: bool | None
) -> None:
    made = [evidence(kind, "w1", value, **changes) for kind, value, changes in rows]
    answers = collect(*made)
    assert (bool(answers.yes[0, 0]), bool(answers.no[0, 0])) == (
        expected is True,
        expected is False,
    )
    assert not answers.yes[0, 1]
    assert not answers.yes[1].any()
    assert not answers.no[1].any()


def test_no_evidence_is_no_answer() -> None:
    assert answer([]) is None


@pytest.mark.parametrize(
    ("rows", "bounds", "is_stated"),
    [
        pytest.param([], (0, 3), False, id="unknown"),
        pytest.param([("severity", 2.0)], (2, 2), True, id="stated"),
        pytest.param([("ceiling", 1.0)], (0, 1), False, id="ceiling"),
        pytest.param([("severity", 1.0), ("severity", 3.0)], (1, 3), True, id="sources-differ"),
        pytest.param(
            [("severity", 3.0), ("ceiling", 1.0)], (3, 3), True, id="a-ceiling-overrules-nothing"
        ),
        pytest.param(
            [("severity", 1.0), ("severity", 3.0), ("ceiling", 2.0)],
            (1, 2),
            True,
            id="a-ceiling-narrows",
        ),
    ],
)
def test_severities_have_bounds(
    evidence: Make, rows: list[tuple[str, float]], bounds: tuple[int, int], is_stated: bool
) -> None:
    made = [evidence(kind, "violence_gore", value) for kind, value in rows]
    answers = collect(*made)
    assert (answers.low[0, 1], answers.high[0, 1], answers.stated[0, 1]) == (*bounds, is_stated)
    assert (answers.low[0, 0], answers.high[0, 0]) == (0, 3)


def test_evidence_on_items_and_warnings_of_another_catalogue_is_not_looked_at(
    evidence: Make,
) -> None:
    answers = collect(
        evidence("statement", "w9", 1.0), evidence("statement", "w1", 1.0, item_id="z")
    )
    assert not answers.yes.any()


def test_a_kind_of_text_without_a_trigger_is_named(evidence: Make) -> None:
    with pytest.raises(InputError, match="has no 'tags', the text of a"):
        collect(evidence("similarity", "w1", 0.9, place="tags"))
