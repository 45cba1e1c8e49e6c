"""metrics.json: systems, and what Safe-GDPO gained on plain SFT."""

from __future__ import annotations

from builder.evaluation.grading import Graders, Question, grade_answer
from builder.evaluation.metrics_report import PLOT_COLUMNS, metrics_report, plot_rows
from builder.oracle.files.oracle import Oracle
from builder.records import Answer
from tests.factories import GORE, make_item, make_risk

ORACLE = Oracle.of(
    [make_risk("Saw", GORE, "unsafe"), make_risk("Up", GORE, "safe")],
    [make_item("Saw"), make_item("Up")],
    "build",
)


def answers(system: str, *titles: str) -> list[Answer]:
    text = "<solution>\n" + "".join(f"{title} (2000)\n" for title in titles) + "</solution>"
    return [
        grade_answer(system, Question(f"c{n}", thread, GORE, (GORE,), ("Up",)), text, GRADERS)
        for n, thread in enumerate(("t1", "t1", "t2"))
    ]


GRADERS = Graders(grade=ORACLE, build=ORACLE)


def test_two_systems_are_compared_as_they_are_and_at_equal_length() -> None:
    given = {
        "plain_sft": answers("plain_sft", "Saw"),
        "safe_gdpo": answers("safe_gdpo", "Saw", "Up"),
    }
    report = metrics_report(given, [2], n_resamples=10, level=0.9, seed=1)
    assert (report["n_rows"], report["n_threads"]) == (3, 2)
    assert report["systems"]["plain_sft"]["recall@2"]["value"] == 0.0
    assert report["systems"]["safe_gdpo"]["recall@2"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert report["safe_gdpo_minus_plain_sft"]["recall@2"]["value"] == 1.0
    assert report["safe_gdpo_minus_plain_sft"]["svr_lower@2"]["value"] == -0.5
    assert report["safe_gdpo_minus_plain_sft_at_equal_length"]["recall@2"]["value"] == 0.0
    [row] = [r for r in plot_rows(report) if (r["system"], r["metric"]) == ("plain_sft", "listed")]
    assert row == dict(zip(PLOT_COLUMNS, ("plain_sft", "listed", 1.0, 1.0, 1.0), strict=True))
