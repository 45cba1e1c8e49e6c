from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from builder.errors import InputError
from builder.records import Evidence, Sentence
from builder.tagging.similarity.cosines import Matches
from builder.tagging.similarity.text_evidence import (
    TextRules,
    keyword_evidence,
    similarity_evidence,
)
from builder.taxonomy import ContentWarning

RULES = {"plot": TextRules(0.3, 2), "tags": TextRules(0.6, 1)}
Reject = Callable[[str, str, str], None]
MakeSentence = Callable[..., Sentence]
MakeWarning = Callable[..., ContentWarning]


def matches(*rows: tuple[int, int, float]) -> Matches:
    vectors, warnings, cosines = zip(*rows, strict=True)
    return Matches(np.array(vectors), np.array(warnings), np.array(cosines))


def said(evidence: Sequence[Evidence]) -> list[tuple[str, str, str, float, str]]:
    return [(e.item_id[-1], e.kind, e.subject, e.value, e.span) for e in evidence]


def test_the_best_sentence_of_an_item_and_warning_speaks(
    a_sentence: MakeSentence, a_warning: MakeWarning, reject: Reject
) -> None:
    sentences = [
        a_sentence("Rain.", vector=0),
        a_sentence("The hound is shot.", vector=1, index=1),
        a_sentence("The hound is shot.", vector=1, item_id="imdb:tt0000002"),
    ]
    found = matches((0, 0, 0.31), (1, 0, 0.72))
    rows = list(similarity_evidence(sentences, [a_warning()], found, RULES, reject))
    assert said(rows) == [
        ("1", "similarity", "does-the-dog-die", 0.72, "The hound is shot."),
        ("2", "similarity", "does-the-dog-die", 0.72, "The hound is shot."),
    ]
    stamp = (rows[0].place, rows[0].source, rows[0].licence, rows[0].retrieved)
    assert stamp == ("plot", "ours", "CC0-1.0", "2026-11-21")


def test_a_sentence_speaks_for_its_nearest_warnings_and_is_an_aside_to_others(
    a_sentence: MakeSentence, a_warning: MakeWarning, reject: Reject
) -> None:
    warnings = [a_warning(name) for name in ("a", "b", "c")]
    found = matches((0, 0, 0.5), (0, 1, 0.7), (0, 2, 0.6), (1, 0, 0.4))
    sentences = [a_sentence("One.", vector=0), a_sentence("Two.", vector=1, index=1)]
    assert said(list(similarity_evidence(sentences, warnings, found, RULES, reject))) == [
        ("1", "similarity", "a", 0.4, "Two."),
        ("1", "similarity", "b", 0.7, "One."),
        ("1", "similarity", "c", 0.6, "One."),
    ]
    assert said(list(similarity_evidence(sentences[:1], warnings, found, RULES, reject))) == [
        ("1", "aside", "a", 0.5, "One."),
        ("1", "similarity", "b", 0.7, "One."),
        ("1", "similarity", "c", 0.6, "One."),
    ]


def test_kinds_of_text_have_their_own_floors_and_limits(
    a_sentence: MakeSentence, a_warning: MakeWarning, reject: Reject
) -> None:
    warnings = [a_warning(name) for name in ("a", "b")]
    found = matches((0, 0, 0.65), (0, 1, 0.55))
    sentences = [
        a_sentence("dead dog", vector=0, kind="tags", source="users"),
        a_sentence("dead dog", vector=0),
    ]
    rows = list(similarity_evidence(sentences, warnings, found, RULES, reject))
    assert [(e.source, e.place, e.kind, e.subject) for e in rows] == [
        ("users", "tags", "similarity", "a"),
        ("ours", "plot", "similarity", "a"),
        ("ours", "plot", "similarity", "b"),
    ]


def test_a_denial_is_passed_over_for_the_next_best_and_rejected(
    a_sentence: MakeSentence,
    a_warning: MakeWarning,
    reject: Reject,
    rejected: list[tuple[str, str, str]],
) -> None:
    sentences = [
        a_sentence("No dog dies.", vector=0),
        a_sentence("The hound is shot.", vector=1, index=1),
    ]
    found = matches((0, 0, 0.9), (1, 0, 0.6))
    [row] = similarity_evidence(sentences, [a_warning()], found, RULES, reject)
    assert (row.value, row.span) == (0.6, "The hound is shot.")
    assert rejected == [
        (
            "imdb:tt0000001",
            "sentence rules the warning out",
            "Does the dog die: 'No dog dies.' (0.90)",
        )
    ]


def test_a_kind_of_text_without_rules_is_refused(
    a_sentence: MakeSentence, a_warning: MakeWarning, reject: Reject
) -> None:
    overview = a_sentence("One.", kind="overview")
    with pytest.raises(InputError, match="has no 'overview'"):
        list(similarity_evidence([overview], [a_warning()], matches((0, 0, 0.5)), RULES, reject))


def test_a_keyword_of_a_warning_is_a_statement(
    a_sentence: MakeSentence, a_warning: MakeWarning
) -> None:
    sentences = [
        a_sentence("Dead-Dog", kind="tags"),
        a_sentence("dead dog", kind="tags", index=1),
        a_sentence("dog", kind="tags", index=2),
        a_sentence("dog dies"),
    ]
    [row] = keyword_evidence(sentences, [a_warning()])
    assert (row.kind, row.subject, row.value) == ("statement", "does-the-dog-die", 1.0)
    assert (row.span, row.place) == ("Dead-Dog", "tags")
