from __future__ import annotations

import numpy as np

from builder.records import Constraint, Conversation
from builder.synthesis.judging.quality import make_report, texts_to_compare
from tests.factories import make_conversation, make_judgement, make_scenario


def test_the_report_counts_by_rubric_group_and_text() -> None:
    def row(dialog_id: str, style: str, trait: str, text: str) -> Conversation:
        return make_conversation(
            f"{dialog_id}/1#{style}",
            variant=style,
            trait=trait,
            constraint=Constraint(trait, style, text, 0),
        )

    rows = [
        row("t1", "stated", "Gore", "no blood at all please"),
        row("t2", "stated", "Gore", "no blood at all please"),
        row("t3", "household", "Gore", "my sister hates needles"),
        row("t3", "stated", "Horror", "no ghosts"),
    ]
    judgements = [
        make_judgement("t1/1#stated", "natural", 5),
        make_judgement("t2/1#stated", "natural", 2, note="copied"),
        make_judgement("t3/1#household", "natural", 4),
        make_judgement("t3/1#stated", "natural", 1, note="glued"),
        make_judgement("s1", "query_plausible", 3),
    ]
    people = [
        make_scenario("s1", query="Who do I call at night?"),
        make_scenario("s2", query="Is it over now?"),
    ]
    texts = texts_to_compare(rows, people)
    report = make_report(
        judgements,
        rows,
        people,
        threshold=3,
        near_copy=0.6,
        n_lowest=1,
        second_opinions={"again": [make_judgement("t2/1#stated", "natural", 4)]},
        vector_by_text={t: np.eye(9, dtype=np.float32)[n] for n, t in enumerate(texts)},
    )
    assert report["judges"] == {"rules": 5}
    assert report["rubrics"] == [
        {"rubric": "natural", "n": 4, "mean": 3.0, "share_below": 0.5},
        {"rubric": "query_plausible", "n": 1, "mean": 3.0, "share_below": 0.0},
    ]
    assert report["by_trait"] == {
        "Gore": [{"rubric": "natural", "n": 3, "mean": 3.6667, "share_below": 0.3333}],
        "Horror": [{"rubric": "natural", "n": 1, "mean": 1.0, "share_below": 1.0}],
    }
    assert list(report["by_style"]) == ["household", "stated"]
    assert report["by_domain"] == {
        "life": [{"rubric": "query_plausible", "n": 1, "mean": 3.0, "share_below": 0.0}]
    }
    assert report["agreement"]["again"][0]["equal"] == 0.0
    assert report["lowest"] == {"natural": [{"row_id": "t3/1#stated", "score": 1, "note": "glued"}]}
    diversity = report["diversity"]
    gore = diversity["constraints_by_trait"]["Gore"]
    assert gore.pop("self_bleu") > 0.6
    assert gore.pop("embedding_spread") == round(2 / 3, 4)
    assert gore == {
        "n": 3,
        "distinct_1": round(9 / 14, 4),
        "distinct_2": round(7 / 11, 4),
        "distinct_3": round(5 / 8, 4),
        "mean_nearest_overlap": round(2 / 3, 4),
        "near_copies": 2,
        "exact_copies": 2,
    }
    assert diversity["constraints_by_style"]["household"]["near_copies"] == 0
    assert (diversity["constraints"]["n"], diversity["queries"]["n"]) == (4, 2)


def test_an_empty_run_has_an_empty_report() -> None:
    report = make_report(
        [], [], [], threshold=3, near_copy=0.6, n_lowest=5, second_opinions={}, vector_by_text={}
    )
    assert report["rubrics"] == []
    assert report["diversity"]["constraints"]["n"] == 0
