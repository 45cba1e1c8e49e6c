from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from builder.errors import InputError
from builder.records import Evidence
from builder.tagging.similarity.cosines import Matches
from builder.tagging.similarity.text_evidence import (
    TextRules,
    keyword_evidence,
    similarity_evidence,
)
from tests.factories import make_sentence, make_warning

RULES = {"plot": TextRules(min_score=0.3, nearest=2), "tags": TextRules(min_score=0.6, nearest=1)}
Reject = Callable[[str, str, str], None]


def matches(*rows: tuple[int, int, float]) -> Matches:
    vectors, warnings, cosines = zip(*rows, strict=True)
    return Matches(np.array(vectors), np.array(warnings), np.array(cosines))


def said(evidence: Sequence[Evidence]) -> list[tuple[str, str, str, float, str]]:
    return [(e.item_id, e.kind, e.subject, e.value, e.span) for e in evidence]


def test_the_best_sentence_of_an_item_and_warning_speaks(reject: Reject) -> None:
    sentences = [
        make_sentence("Rain.", vector=0),
        make_sentence("The hound is shot.", vector=1, index=1),
        make_sentence("The hound is shot.", vector=1, item_id="b"),
    ]
    found = matches((0, 0, 0.31), (1, 0, 0.72))
    rows = list(similarity_evidence(sentences, [make_warning()], found, RULES, reject))
    assert said(rows) == [
        ("a", "similarity", "does-the-dog-die", 0.72, "The hound is shot."),
        ("b", "similarity", "does-the-dog-die", 0.72, "The hound is shot."),
    ]
    stamp = (rows[0].place, rows[0].source, rows[0].licence, rows[0].retrieved)
    assert stamp == ("plot", "ours", "CC0-1.0", "2026-11-21")


def test_a_sentence_speaks_for_its_nearest_warnings_and_is_an_aside_to_others(
    reject: Reject,
) -> None:
    warnings = [make_warning(name) for name in ("a", "b", "c")]
    found = matches((0, 0, 0.5), (0, 1, 0.7), (0, 2, 0.6), (1, 0, 0.4))
    sentences = [make_sentence("One.", vector=0), make_sentence("Two.", vector=1, index=1)]
    assert said(list(similarity_evidence(sentences, warnings, found, RULES, reject))) == [
        ("a", "similarity", "a", 0.4, "Two."),
        ("a", "similarity", "b", 0.7, "One."),
        ("a", "similarity", "c", 0.6, "One."),
    ]
    assert said(list(similarity_evidence(sentences[:1], warnings, found, RULES, reject))) == [
        ("a", "aside", "a", 0.5, "One."),
        ("a", "similarity", "b", 0.7, "One."),
        ("a", "similarity", "c", 0.6, "One."),
    ]


def test_kinds_of_text_have_their_own_floors_and_limits(reject: Reject) -> None:
    warnings = [make_warning(name) for name in ("a", "b")]
    found = matches((0, 0, 0.65), (0, 1, 0.55))
    sentences = [
        make_sentence("dead dog", vector=0, kind="tags", source="users"),
        make_sentence("dead dog", vector=0),
    ]
    rows = list(similarity_evidence(sentences, warnings, found, RULES, reject))
    assert [(e.source, e.place, e.kind, e.subject) for e in rows] == [
        ("users", "tags", "similarity", "a"),
        ("ours", "plot", "similarity", "a"),
        ("ours", "plot", "similarity", "b"),
    ]


def test_a_denial_is_passed_over_for_the_next_best_and_rejected(
    reject: Reject,
    rejected: list[tuple[str, str, str]],
) -> None:
    sentences = [
        make_sentence("No dog dies.", vector=0),
        make_sentence("The hound is shot.", vector=1, index=1),
    ]
    found = matches((0, 0, 0.9), (1, 0, 0.6))
    [row] = similarity_evidence(sentences, [make_warning()], found, RULES, reject)
    assert (row.value, row.span) == (0.6, "The hound is shot.")
    assert rejected == [
        (
            "a",
            "sentence rules the warning out",
            "Does the dog die: 'No dog dies.' (0.90)",
        )
    ]


def test_a_kind_of_text_without_rules_is_refused(reject: Reject) -> None:
    overview = make_sentence("One.", kind="overview")
    with pytest.raises(InputError, match="has no 'overview'"):
        list(similarity_evidence([overview], [make_warning()], matches((0, 0, 0.5)), RULES, reject))


def test_a_keyword_of_a_warning_is_a_statement() -> None:
    sentences = [
        make_sentence("Dead-Dog", kind="tags"),
        make_sentence("dead dog", kind="tags", index=1),
        make_sentence("dog", kind="tags", index=2),
        make_sentence("dog dies"),
    ]
    [row] = keyword_evidence(sentences, [make_warning()])
    assert (row.kind, row.subject, row.value) == ("statement", "does-the-dog-die", 1.0)
    assert (row.span, row.place) == ("Dead-Dog", "tags")
