"""Evidence as arrays: what counts, where it lands, what is not looked at."""

from __future__ import annotations

import pytest

from builder.errors import InputError
from builder.oracle.evidence.gather import Gathered, answer, gather
from builder.records import Evidence, TextLikelihood
from tests.factories import make_evidence


def collect(*rows: Evidence, texts: tuple[TextLikelihood, ...] = ()) -> Gathered:
    return gather(["a", "b"], ["w1", "w2"], ["Gore"], rows, texts, {"plot": 0.5}, ())


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([("statement", 1.0, {})], True, id="yes"),
        pytest.param([("statement", 0.0, {})], False, id="no"),
        pytest.param([("statement", 0.0, {"votes": (3, 2)})], True, id="majority-yes"),
        pytest.param([("statement", 1.0, {"votes": (2, 3)})], False, id="majority-no"),
        pytest.param([("statement", 1.0, {"votes": (2, 2)})], None, id="tie"),
        pytest.param([("statement", 0.0, {}), ("statement", 1.0, {})], True, id="yes-outweighs-no"),
        pytest.param([("similarity", 0.5, {})], True, id="text"),
        pytest.param([], None, id="nothing"),
    ],
)
def test_what_evidence_on_a_warning_comes_to(
    rows: list[tuple[str, float, dict[str, object]]], expected: bool | None
) -> None:
    made = [make_evidence(kind, "w1", value, **changes) for kind, value, changes in rows]
    assert answer(made) is expected


def test_votes_statements_and_likeness_are_kept_apart() -> None:
    found = collect(
        make_evidence("statement", "w1", 1.0, votes=(3, 2)),
        make_evidence("statement", "w1", 1.0, votes=(1, 4)),
        make_evidence("statement", "w1", 0.0),
        make_evidence("statement", "w2", 1.0, item_id="b"),
        make_evidence("similarity", "w2", 0.5),
        make_evidence("similarity", "w1", 0.4999),
        make_evidence("aside", "w1", 0.9),
    )
    answers = found.answers
    assert list(zip(answers.rows, answers.columns, strict=True)) == [(0, 0), (0, 1), (1, 1)]
    assert answers.votes.tolist() == [[4, 6], [0, 0], [0, 0]]
    assert answers.said.tolist() == [[False, True], [False, False], [True, False]]
    assert answers.alike.tolist() == [False, True, False]


def test_votes_of_nobody_answer_nothing() -> None:
    found = collect(make_evidence("statement", "w1", 0.0, votes=(0, 0)))
    assert (len(found.answers.rows), found.n_spoken_of) == (0, 0)


def test_severities_keep_their_votes_and_the_lowest_ceiling_bounds() -> None:
    found = collect(
        make_evidence("severity", "violence_gore", 2.0, votes=(1, 2, 5, 0)),
        make_evidence("severity", "violence_gore", 3.0),
        make_evidence("ceiling", "profanity", 2.0),
        make_evidence("ceiling", "profanity", 1.0),
    )
    assert found.severity_votes[0, 1].tolist() == [1, 2, 5, 0]
    assert found.severity_said[0, 1].tolist() == [0, 0, 0, 1]
    assert found.ceilings.tolist() == [[3, 3, 1, 3, 3], [3, 3, 3, 3, 3]]


def test_texts_of_several_sources_add_up() -> None:
    told = [
        TextLikelihood("a", "Gore", ratio, "plot", "Blood.", source, "CC0-1.0", ())
        for source, ratio in (("x", 2.0), ("y", -0.5))
    ]
    found = collect(texts=tuple(told))
    assert found.log_ratios.tolist() == [[1.5], [0.0]]
    assert found.has_text.tolist() == [[True], [False]]
    assert found.is_spoken_of.tolist() == [True, False]


def test_evidence_on_items_and_warnings_of_another_catalogue_is_not_looked_at() -> None:
    found = collect(
        make_evidence("statement", "w9", 1.0), make_evidence("statement", "w1", 1.0, item_id="z")
    )
    assert not found.is_spoken_of.any()


def test_a_kind_of_text_without_a_trigger_is_named() -> None:
    with pytest.raises(InputError, match="has no 'tags', the text of a"):
        collect(make_evidence("similarity", "w1", 0.9, place="tags"))
