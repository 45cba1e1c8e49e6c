from __future__ import annotations

from dataclasses import replace

from builder.catalog.coverage import Coverage, TextCoverage, measure_coverage, measure_texts
from builder.records import Evidence, EvidenceKind, FieldSource, Item
from tests.factories import make_evidence, make_item, make_taxonomy, make_text, make_trait

TRAIT = make_trait("Anti-gore", "strong", warnings=["gore-shown"], violence_gore=1.0)


def item(item_id: str) -> Item:
    return make_item(
        item_id,
        texts=(make_text("x", source="wiki", licence="l"),),
        provenance=(FieldSource("title", "base", "l", "2026-11-21"),),
    )


def told(item_id: str, source: str, kind: EvidenceKind, subject: str, value: float) -> Evidence:
    return make_evidence(kind, subject, value, item_id=item_id, source=source)


def test_coverage_counts_items_by_source_and_trait() -> None:
    rows = measure_coverage(
        [item("a"), item("b"), item("c"), item("d")],
        [
            told("a", "ddd", "statement", "gore-shown", 1.0),
            told("b", "ddd", "statement", "gore-shown", 0.0),
            told("b", "mpaa", "severity", "violence_gore", 3.0),
            told("b", "mpaa", "ceiling", "violence_gore", 1.0),
            told("c", "mpaa", "severity", "profanity", 3.0),
            told("c", "mpaa", "severity", "violence_gore", 0.0),
        ],
        make_taxonomy(TRAIT),
    )
    name = TRAIT.name
    assert rows == [
        Coverage("base", name, 0, 0, 0, 0, 0, 0.0),
        Coverage("ddd", name, 2, 2, 1, 0, 0, 0.5),
        Coverage("mpaa", name, 2, 0, 0, 2, 1, 0.5),
        Coverage("wiki", name, 0, 0, 0, 0, 0, 0.0),
        Coverage("", name, 3, 2, 1, 2, 1, 0.75),
    ]


def test_texts_are_counted_by_source_and_kind() -> None:
    both = replace(
        item("a"),
        texts=(
            make_text("dog", kind="keywords", source="tmdb", licence="l"),
            make_text("He runs.", source="wiki", licence="l"),
            make_text("Run!", source="tmdb", licence="l"),
        ),
    )
    assert measure_texts([both, item("b")]) == [
        TextCoverage("tmdb", "plot", 1, 0.5, 4),
        TextCoverage("tmdb", "keywords", 1, 0.5, 3),
        TextCoverage("wiki", "plot", 2, 1.0, 9),
        TextCoverage("", "plot", 2, 1.0, 13),
        TextCoverage("", "keywords", 1, 0.5, 3),
    ]


def test_an_empty_catalogue_covers_nothing() -> None:
    assert measure_texts([]) == []
    assert measure_coverage([], [], make_taxonomy(TRAIT)) == [
        Coverage("", TRAIT.name, 0, 0, 0, 0, 0, 0.0)
    ]
