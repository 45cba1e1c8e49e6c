from __future__ import annotations

import numpy as np
import pytest

from builder.oracle.checks.knowledge import coverage, fed, idle_feeds, kinds_of, knowledge
from builder.oracle.checks.text_quality import (
    Scored,
    auroc_by_trait,
    lowest_trigger,
    score_texts,
    trigger_quality,
)
from builder.oracle.evidence.feeds import parse_feeds
from builder.records import Risk, TextLikelihood, Verdict
from tests.factories import make_evidence, make_item, make_risk, make_text, make_trait

TOLD = TextLikelihood("a", "Gore", 1.0, "plot", "Blood.", "wiki", "CC0-1.0", ())


def risk(item_id: str, oracle: str, verdict: Verdict, trait: str = "Gore") -> Risk:
    return make_risk(item_id, trait, verdict, oracle=oracle)


def scored(*rows: tuple[str, str, bool | None, float]) -> Scored:
    """Make pairs of (item, warning, answer, cosine), every sentence speaking for its warning."""
    items, warnings, answers, cosines = zip(*rows, strict=True)
    return Scored(
        item_ids=np.array(items),
        warnings=np.array(warnings),
        is_yes=np.array([a is True for a in answers]),
        is_no=np.array([a is False for a in answers]),
        cosines=np.array(cosines),
        near=np.array(cosines),
    )


def test_coverage_counts_every_verdict_of_every_oracle() -> None:
    rows = [risk("a", "build", "safe"), risk("b", "build", "unsafe"), risk("c", "build", "safe")]
    assert coverage(rows) == [
        {"trait": "Gore", "oracle": "build", "verdict": "unsafe", "share": 0.3333},
        {"trait": "Gore", "oracle": "build", "verdict": "unknown", "share": 0.0},
        {"trait": "Gore", "oracle": "build", "verdict": "safe", "share": 0.6667},
    ]


def test_the_report_names_what_fed_whom() -> None:
    rows = [
        make_evidence("statement", "w1", 1.0),
        make_evidence("statement", "w2", 1.0),
        make_evidence("similarity", "w1", 0.7, source="wiki"),
        make_evidence("severity", "profanity", 1.0),
    ]
    feeds = parse_feeds(["ours:statement", "typo:statement"], ["*:similarity", "*:likelihood"])
    present = kinds_of(rows, [TOLD])
    assert fed(present, feeds) == {
        "build": {"ours:statement": 2},
        "grade": {"wiki:likelihood": 1, "wiki:similarity": 1},
        "neither": {"ours:severity": 1},
    }
    assert [(name, str(feed)) for name, feed in idle_feeds(present, feeds)] == [
        ("build", "typo:statement")
    ]


def test_what_each_source_knows_of_a_trait() -> None:
    rows = [
        make_evidence("statement", "w1", 0.0),
        make_evidence("statement", "w2", 1.0),
        make_evidence("statement", "w1", 1.0, item_id="b"),
        make_evidence("severity", "profanity", 1.0, source="pg"),
        make_evidence("aside", "w1", 0.9, source="wiki"),
    ]
    traits = [
        make_trait("Gore", "strong", violence_gore=1.0),
        make_trait("Slurs", "weak", profanity=0.8),
    ]
    assert knowledge(rows, [TOLD], traits, 4) == [
        {"trait": "Gore", "source": "ours:statement", "share": 0.5},
        {"trait": "Gore", "source": "pg:severity", "share": 0.0},
        {"trait": "Gore", "source": "wiki:likelihood", "share": 0.25},
        {"trait": "Slurs", "source": "ours:statement", "share": 0.5},
        {"trait": "Slurs", "source": "pg:severity", "share": 0.25},
        {"trait": "Slurs", "source": "wiki:likelihood", "share": 0.0},
    ]


def test_auroc_of_a_trait_has_an_interval_over_items() -> None:
    rows = [
        (f"i{n}", "w1", n % 2 == 0, 0.5 + 0.04 * (n % 2 == 0) + 0.01 * (n % 5)) for n in range(40)
    ]
    table = auroc_by_trait(scored(*rows), [make_trait()], n_resamples=200, seed=1)
    gore = table["Gore"]
    assert (gore["n_yes"], gore["n_no"]) == (20, 20)
    assert gore["low"] < gore["auroc"] < gore["high"] <= 1
    assert table == auroc_by_trait(scored(*rows), [make_trait()], n_resamples=200, seed=1)
    yes_alone = auroc_by_trait(
        scored(("a", "w1", True, 0.9)), [make_trait()], n_resamples=9, seed=1
    )
    assert yes_alone["Gore"] == {"n_yes": 1, "n_no": 0, "auroc": None, "low": None, "high": None}


def test_texts_are_scored_against_statements_kind_by_kind() -> None:
    texts = (make_text("…"),)
    items = [make_item(i, texts=own) for i, own in (("a", texts), ("b", texts), ("c", ()))]
    statements = [
        make_evidence("statement", "w1", 1.0),
        make_evidence("statement", "w2", 0.0),
        make_evidence("statement", "w9", 1.0),
        make_evidence("statement", "w1", 1.0, item_id="c"),
    ]
    said = [
        make_evidence("similarity", "w1", 0.6),
        make_evidence("aside", "w2", 0.4),
        make_evidence("similarity", "w3", 0.55),
        make_evidence("aside", "w4", 0.5),
        make_evidence("similarity", "w1", 0.9, item_id="b"),
    ]
    rows = score_texts(items, {"w1", "w2", "w3", "w4"}, statements, said)["plot"]
    assert rows.warnings.tolist() == ["w1", "w2", "w3"]
    assert rows.is_yes.tolist() == [True, False, False]
    assert rows.is_no.tolist() == [False, True, False]
    assert rows.cosines.tolist() == [0.6, 0.4, 0.55]
    assert rows.near.tolist() == [0.6, -1.0, 0.55]


def test_the_lowest_trigger_counts_the_unanswered_as_noes() -> None:
    yeses = [(f"y{n}", "w1", True, 0.9 - 0.01 * n) for n in range(20)]
    rows = [*yeses, ("n", "w1", None, 0.705), ("m", "w1", False, 0.5)]
    assert lowest_trigger(scored(*rows), 1.0) == pytest.approx(0.71)
    assert lowest_trigger(scored(*rows), 0.95) == pytest.approx(0.705)
    assert lowest_trigger(scored(*rows[:10]), 0.5) is None
    assert lowest_trigger(scored(*yeses), 0.5) is None


def test_a_trigger_is_reported_on_two_halves() -> None:
    rows = [(f"i{n}", "w1", (True, False, None)[n % 3], 0.6) for n in range(60)]
    report = trigger_quality(scored(*rows), 0.5, 0.6)
    halves = [report["chosen_on"], report["held_out"]]
    assert [sum(half[key] for half in halves) for key in ("n_yes", "fired_on_no")] == [20, 20]
    assert sum(half["fired_on_unanswered"] for half in halves) == 20
    assert all(0 < half["n_yes"] < 20 for half in halves)
    assert trigger_quality(scored(*rows), 0.7, 0.6)["held_out"]["precision"] is None
