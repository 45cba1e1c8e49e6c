"""What the metrics say, as rows and as plain sentences that claim no more than they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from builder.report.charts import Span

Change = Literal["falls", "may fall", "stays", "may rise", "rises"]

_LABELS = {
    "plain_sft": ("Plain SFT", "learned all that people recommended"),
    "safe_sft": ("Safe-SFT", "learned the safe part of it"),
    "safe_gdpo": ("Safe-GDPO", "then rewarded for right, safe and complete lists"),
}
_SAME_SHARE = 0.005
"""Two shares that differ by less than half a percentage point are told as the same."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SystemResult:
    """One system's figures at one cutoff, by measure: recall, ndcg, svr_lower, svr_upper, ..."""

    name: str
    figures: Mapping[str, Figure]

    @property
    def label(self) -> str:
        """Return the name that people read."""
        return _LABELS.get(self.name, (self.name.replace("_", " "), ""))[0]

    @property
    def what(self) -> str:
        """Return what it learned, in a few words; "" for a system this page does not know."""
        return _LABELS.get(self.name, ("", ""))[1]


def read_systems(metrics: Mapping[str, Any], cutoff: int) -> list[SystemResult]:
    """Return the systems of the stage evaluate's report, in its order, at one cutoff."""
    at = f"@{cutoff}"
    return [
        SystemResult(
            name,
            {
                measure.removesuffix(at): Figure(told["value"], told["low"], told["high"])
                for measure, told in figures.items()
                if measure.endswith(at)
            },
        )
        for name, figures in metrics["systems"].items()
    ]


def change(before: Figure, after: Figure) -> Change:
    """Return how a figure moves; "may" where the intervals overlap."""
    if abs(after.value - before.value) < _SAME_SHARE:
        return "stays"
    if after.value < before.value:
        return "falls" if after.high < before.low else "may fall"
    return "rises" if after.low > before.high else "may rise"


def read_results(systems: Sequence[SystemResult], cutoff: int) -> list[str]:
    """Return sentences on what training for safety changes, the answer first."""
    by_name = {system.name: system for system in systems}
    before, after = by_name.get("plain_sft"), by_name.get("safe_gdpo")
    if before is None or after is None:
        return ["The systems to compare are not all there, so this page draws no conclusion."]
    return [
        _answer(before, after, cutoff),
        _unknown(before, after),
        *_overlap(before, after),
    ]


def _answer(before: SystemResult, after: SystemResult, cutoff: int) -> str:
    svr, recall = ((before.figures[m], after.figures[m]) for m in ("svr_lower", "recall"))
    return (
        f"Of the first {cutoff} titles listed, the share known to violate the person's "
        f"sensitivity {_moved(*svr)} between {before.label} and {after.label}. "
        f"Recall {_moved(*recall)}."
    )


def _moved(before: Figure, after: Figure) -> str:
    verb = {
        "falls": "falls",
        "may fall": "is lower, within the noise,",
        "stays": "stays about the same,",
        "may rise": "is higher, within the noise,",
        "rises": "rises",
    }[change(before, after)]
    return f"{verb} from {_percent(before.value)} to {_percent(after.value)}"


def _unknown(before: SystemResult, after: SystemResult) -> str:
    parts = (
        f"{_percent(system.figures['svr_upper'].value)} for {system.label}"
        for system in (before, after)
    )
    return (
        "That counts what the grading oracle knows. If every title it cannot judge were unsafe, "
        f"the rate would be {' and '.join(parts)}: the truth lies between."
    )


def _overlap(before: SystemResult, after: SystemResult) -> list[str]:
    unsure = [
        name
        for measure, name in (("svr_lower", "violations"), ("recall", "recall"))
        if change(before.figures[measure], after.figures[measure]).startswith("may")
    ]
    if not unsure:
        return []
    return [f"The intervals for {' and '.join(unsure)} overlap: more test threads would settle it."]


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def spans(systems: Sequence[SystemResult], measure: str, upper: str) -> list[Span]:
    """Return the chart's rows of one measure; `upper` is the measure the grey bar reaches to."""
    rows = []
    for system in systems:
        figure = system.figures[measure]
        reach = max(figure.value, system.figures[upper].value)
        rows.append(Span(system.label, figure.value, reach, figure.low, figure.high))
    return rows
