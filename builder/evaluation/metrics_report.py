"""metrics.json: every system's figures with intervals, and how two of them differ on equal rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from builder.evaluation.grading import (
    as_plain,
    cut_to_shorter,
    differences,
    measure_answer,
    summarize,
)
from builder.records import Answer
from builder.statistics.bootstrap import GroupBootstrap

PLOT_COLUMNS = ("system", "metric", "value", "low", "high")
_AFTER, _BEFORE = "safe_gdpo", "plain_sft"


def metrics_report(
    answers: Mapping[str, Sequence[Answer]],
    cutoffs: Sequence[int],
    *,
    n_resamples: int,
    level: float,
    seed: int,
) -> dict[str, Any]:
    """Return the figures of every system, and those of Safe-GDPO less those of plain SFT.

    Args:
        answers: By system, `plain_sft` and `safe_gdpo` among them, each to the same questions.
        cutoffs: K of the figures.
        n_resamples: Draws of threads for the intervals.
        level: Share of the draws within an interval.
        seed: Of the draws.
    """
    threads = [answer.dialog_id for answer in answers[_BEFORE]]
    draws = GroupBootstrap(threads, n_resamples=n_resamples, level=level, seed=seed)
    values = {system: _measured(given, cutoffs) for system, given in answers.items()}
    pairs = [cut_to_shorter(*p) for p in zip(answers[_AFTER], answers[_BEFORE], strict=True)]
    after = _measured([pair[0] for pair in pairs], cutoffs)
    before = _measured([pair[1] for pair in pairs], cutoffs)
    grown = differences(values[_AFTER], values[_BEFORE])
    at_equal_length = differences(after, before)
    return {
        "n_rows": len(threads),
        "n_threads": len(set(threads)),
        "systems": {system: as_plain(summarize(rows, draws)) for system, rows in values.items()},
        f"{_AFTER}_minus_{_BEFORE}": as_plain(summarize(grown, draws)),
        f"{_AFTER}_minus_{_BEFORE}_at_equal_length": as_plain(summarize(at_equal_length, draws)),
    }


def plot_rows(report: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the figures of a report as rows of PLOT_COLUMNS."""
    for system, figures in report["systems"].items():
        for metric, figure in figures.items():
            yield {"system": system, "metric": metric, **figure}


def _measured(answers: Sequence[Answer], cutoffs: Sequence[int]) -> list[dict[str, float | None]]:
    return [measure_answer(answer, cutoffs) for answer in answers]
