"""The data flow as rows of a table."""

from __future__ import annotations

from builder.records import Rejection
from builder.report.flow import RejectionExample, flow_rows, rejection_examples
from pipelines.runtime.layout import read_layout


def counts(stage: str) -> dict[str, object]:
    rejected = {"a rare one": 1, "often": 5, "also often": 5}
    return {
        "stage": stage,
        "in": {"items": 3, "mine/.": 2},
        "out": {"text_evidence": 2},
        "rejected": rejected,
    }


def test_rows_keep_the_order_and_name_the_frequent_reasons_first() -> None:
    first, second = flow_rows([counts("tag"), counts("fuse")])
    assert (first.stage, second.stage) == ("tag", "fuse")
    assert first.rows_in == (("items", 3), ("mine", 2))
    assert first.rows_out == (("rows of text evidence", 2),)
    assert first.rejected == (("also often", 5), ("often", 5), ("a rare one", 1))
    assert first.n_rejected == 11


def test_every_stage_before_the_page_is_explained() -> None:
    stages = [stage for stage in read_layout().stages if stage != "report"]
    assert all(row.does for row in flow_rows(map(counts, stages)))


def test_examples_are_of_the_most_frequent_reason_whatever_the_order() -> None:
    rows = [
        Rejection("tag", "b.csv:2", "often", "second"),
        Rejection("tag", "b.csv:1", "often", "first"),
        Rejection("tag", "a.csv:1", "rare", "other"),
    ]
    expected = [RejectionExample(rows[1], 2)]
    assert rejection_examples({"tag": rows, "fuse": []}) == expected
    assert rejection_examples({"tag": rows[::-1]}) == expected
