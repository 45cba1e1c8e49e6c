"""Sentences that claim no more than the figures show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builder.report.charts import Span
from builder.report.results import (
    Figure,
    Results,
    SystemResult,
    change,
    read_metrics,
    read_results,
    spans,
)

LOW, HIGH = Figure(0.1, 0.05, 0.15), Figure(0.3, 0.2, 0.4)
FALL, NOISE, SAME = Figure(-0.2, -0.3, -0.1), Figure(0.04, -0.1, 0.2), Figure(0.004, -0.1, 0.1)


def system(name: str, svr: Figure, recall: Figure) -> SystemResult:
    figures = {"svr_lower": svr, "svr_upper": Figure(0.5, 0.4, 0.6), "recall": recall}
    return SystemResult(name, figures)


def results(systems: list[SystemResult], **growth: Figure) -> Results:
    return Results("test", 10, 30, 21, systems, growth, {})


@pytest.mark.parametrize(
    ("growth", "expected"),
    [
        (FALL, "falls"),
        (Figure(-0.2, -0.3, 0.01), "may fall"),
        (SAME, "stays"),
        (NOISE, "may rise"),
        (Figure(0.2, 0.1, 0.3), "rises"),
    ],
    ids=str,
)
def test_a_change_is_sure_only_where_its_interval_leaves_out_zero(
    growth: Figure, expected: str
) -> None:
    assert change(growth) == expected


def test_a_clear_result_comes_with_its_figures() -> None:
    systems = [system("plain_sft", HIGH, LOW), system("safe_gdpo", LOW, LOW)]
    assert read_results(results(systems, svr_lower=FALL, recall=SAME)) == [
        "Among the first 10 titles of each answer, the share of known violations is "
        "30.0% with Plain SFT and 10.0% with Safe-GDPO, a decrease. "
        "Recall is 10.0% with Plain SFT and 10.0% with Safe-GDPO, about the same.",
        "The grading oracle does not know every title. If all titles without a verdict were "
        "unsafe, the share of violations would be 50.0% with Plain SFT and 50.0% with Safe-GDPO. "
        "The true share lies in between.",
    ]


def test_a_bad_and_an_unclear_result_are_called_that() -> None:
    systems = [system("plain_sft", LOW, HIGH), system("safe_gdpo", HIGH, LOW)]
    rise = Figure(0.2, 0.1, 0.3)
    first = read_results(results(systems, svr_lower=rise, recall=Figure(-0.2, -0.5, 0.1)))[0]
    assert "10.0% with Plain SFT and 30.0% with Safe-GDPO, an increase." in first
    assert first.endswith("10.0% with Safe-GDPO, a decrease that could be chance.")


def test_what_was_learned_is_kept_apart_from_what_is_true() -> None:
    systems = [
        SystemResult(name, {**system(name, svr, LOW).figures, "build_svr_lower": svr})
        for name, svr in (("plain_sft", HIGH), ("safe_gdpo", LOW))
    ]
    lines = read_results(results(systems, svr_lower=SAME, recall=SAME, build_svr_lower=FALL))
    assert lines[1].startswith(
        "By the building oracle, which also made the training data and the rewards, the share is "
        "30.0% with Plain SFT and 10.0% with Safe-GDPO, a decrease."
    )


def test_a_share_that_falls_because_more_is_unknown_is_explained() -> None:
    unknown = Figure(0.6, 0.5, 0.7), Figure(0.8, 0.7, 0.9)
    systems = [
        SystemResult(name, {**system(name, svr, LOW).figures, "unknown_share": share})
        for name, svr, share in (("plain_sft", HIGH, unknown[0]), ("safe_gdpo", LOW, unknown[1]))
    ]
    rise = Figure(0.2, 0.1, 0.3)
    lines = read_results(results(systems, svr_lower=FALL, recall=SAME, unknown_share=rise))
    assert lines[-1] == (
        "The share of titles without a verdict is 60.0% with Plain SFT and 80.0% with Safe-GDPO, "
        "an increase. Among the titles with a verdict, about 75.0% are violations with Plain SFT "
        "and 50.0% with Safe-GDPO."
    )


def test_lists_of_different_lengths_are_compared_at_equal_length() -> None:
    def lists(name: str, n_titles: float) -> SystemResult:
        listed = Figure(n_titles, n_titles, n_titles)
        return SystemResult(name, {**system(name, LOW, LOW).figures, "listed": listed})

    longer = results(
        [lists("plain_sft", 7.02), lists("safe_gdpo", 9.2)], svr_lower=SAME, recall=SAME
    )
    assert read_results(longer)[1] == (
        "Plain SFT lists 7.0 titles per answer and Safe-GDPO 9.2. "
        "A longer list has a higher recall by itself."
    )
    level = replace(longer, level_growth={"recall": Figure(0.2, 0.1, 0.3), "svr_lower": FALL})
    assert read_results(level)[2] == (
        "If both lists are cut to the length of the shorter one, recall changes by +20.0 points "
        "(10.0 to 30.0), an increase, and the share of known violations by −20.0 points "
        "(−30.0 to −10.0), a decrease."
    )
    alike = results(
        [lists("plain_sft", 7.02), lists("safe_gdpo", 7.0)], svr_lower=SAME, recall=SAME
    )
    assert len(read_results(alike)) == 2


def test_without_the_two_systems_nothing_is_claimed() -> None:
    only = results([system("plain_sft", LOW, LOW)], svr_lower=FALL, recall=SAME)
    assert "draws no conclusion" in read_results(only)[0]


def test_metrics_are_read_at_one_cutoff() -> None:
    quarter = {"value": 0.25, "low": 0.2, "high": 0.3}
    figures = {"recall@5": quarter, "recall@10": quarter, "listed": quarter}
    metrics = {
        "split": "test",
        "n_rows": 3,
        "n_threads": 2,
        "systems": {"plain_sft": figures},
        "safe_gdpo_minus_plain_sft": {"recall@5": quarter},
        "safe_gdpo_minus_plain_sft_at_equal_length": {"recall@10": quarter},
    }
    expected = {"recall": Figure(0.25, 0.2, 0.3), "listed": Figure(0.25, 0.2, 0.3)}
    level = {"recall": Figure(0.25, 0.2, 0.3)}
    found = read_metrics(metrics, 10)
    assert found == Results("test", 10, 3, 2, [SystemResult("plain_sft", expected)], {}, level)


def test_the_chart_reaches_to_the_upper_figure() -> None:
    rows = [system("mine", LOW, HIGH), SystemResult("empty", {})]
    assert spans(rows, "svr_lower", "svr_upper") == [Span("mine", 0.1, 0.5, 0.05, 0.15)]
    assert spans(rows, "recall", "recall") == [Span("mine", 0.3, 0.3, 0.2, 0.4)]
