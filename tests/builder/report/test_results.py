"""Sentences that claim no more than the figures show."""

from __future__ import annotations

import pytest

from builder.report.charts import Span
from builder.report.results import Figure, SystemResult, change, read_results, spans

LOW, HIGH, MIDDLE = Figure(0.1, 0.05, 0.15), Figure(0.3, 0.2, 0.4), Figure(0.18, 0.12, 0.24)


def system(name: str, svr: Figure, recall: Figure) -> SystemResult:
    figures = {"svr_lower": svr, "svr_upper": Figure(0.5, 0.4, 0.6), "recall": recall}
    return SystemResult(name, figures)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (HIGH, LOW, "falls"),
        (MIDDLE, LOW, "may fall"),
        (LOW, Figure(0.104, 0, 1), "stays"),
        (LOW, MIDDLE, "may rise"),
        (LOW, HIGH, "rises"),
    ],
)
def test_a_change_is_sure_only_where_intervals_part(
    before: Figure, after: Figure, expected: str
) -> None:
    assert change(before, after) == expected


def test_a_clear_result_is_told_with_its_figures() -> None:
    systems = [system("plain_sft", HIGH, LOW), system("safe_gdpo", LOW, LOW)]
    assert read_results(systems, 10) == [
        "Of the first 10 titles listed, the share known to violate the person's sensitivity "
        "falls from 30.0% to 10.0% between Plain SFT and Safe-GDPO. "
        "Recall stays about the same, from 10.0% to 10.0%.",
        "That counts what the grading oracle knows. If every title it cannot judge were unsafe, "
        "the rate would be 50.0% for Plain SFT and 50.0% for Safe-GDPO: the truth lies between.",
    ]


def test_a_bad_and_an_unclear_result_are_told_as_such() -> None:
    systems = [system("plain_sft", LOW, MIDDLE), system("safe_gdpo", HIGH, LOW)]
    first, _, last = read_results(systems, 5)
    assert "rises from 10.0% to 30.0%" in first
    assert "Recall is lower, within the noise, from 18.0% to 10.0%" in first
    assert last == "The intervals for recall overlap: more test threads would settle it."


def test_without_the_two_systems_nothing_is_claimed() -> None:
    assert "draws no conclusion" in read_results([system("plain_sft", LOW, LOW)], 10)[0]


def test_the_chart_reaches_to_the_upper_figure() -> None:
    rows = [system("mine", LOW, HIGH)]
    assert spans(rows, "svr_lower", "svr_upper") == [Span("mine", 0.1, 0.5, 0.05, 0.15)]
    assert spans(rows, "recall", "recall") == [Span("mine", 0.3, 0.3, 0.2, 0.4)]
