"""The metrics as table rows and as sentences that claim no more than the figures show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from builder.report.charts import Span

Change = Literal["falls", "may fall", "stays", "may rise", "rises"]

_LABELS = {
    "popularity": ("Popularity", "always lists the most recommended titles"),
    "plain_sft": ("Plain SFT", "trained on all recommended titles"),
    "safe_sft": ("Safe-SFT", "trained on the safe ones only"),
    "safe_gdpo": ("Safe-GDPO", "Safe-SFT, then trained on rewards"),
}
_CHANGES: dict[Change, str] = {
    "falls": "a decrease",
    "may fall": "a decrease that could be chance",
    "stays": "about the same",
    "may rise": "an increase that could be chance",
    "rises": "an increase",
}
_SAME_SHARE = 0.005
"""Two shares that differ by less than half a percentage point count as the same."""


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
        """Return the name to display."""
        return _LABELS.get(self.name, (self.name.replace("_", " "), ""))[0]

    @property
    def what(self) -> str:
        """Return what it was trained on, in a few words; "" for a system unknown to this page."""
        return _LABELS.get(self.name, ("", ""))[1]


@dataclass(frozen=True, slots=True)
class Results:
    """All systems at one cutoff, and by how much a figure grows from plain SFT to Safe-GDPO.

    The growth is taken row by row, so its interval is narrower than the two intervals suggest.
    `level_growth` is that of the lists cut, row by row, to the length of the shorter one.
    """

    split: str
    cutoff: int
    n_rows: int
    n_threads: int
    systems: Sequence[SystemResult]
    growth: Mapping[str, Figure]
    level_growth: Mapping[str, Figure]


def read_metrics(metrics: Mapping[str, Any], cutoff: int) -> Results:
    """Return the report of the stage evaluate at one cutoff."""
    systems = metrics["systems"]
    return Results(
        split=metrics["split"],
        cutoff=cutoff,
        n_rows=metrics["n_rows"],
        n_threads=metrics["n_threads"],
        systems=[SystemResult(name, _figures(systems[name], cutoff)) for name in systems],
        growth=_figures(metrics["safe_gdpo_minus_plain_sft"], cutoff),
        level_growth=_figures(metrics["safe_gdpo_minus_plain_sft_at_equal_length"], cutoff),
    )


def _figures(metrics: Mapping[str, Mapping[str, float]], cutoff: int) -> dict[str, Figure]:
    """Return figures at the cutoff, and those that have none, such as the titles listed."""
    at = f"@{cutoff}"
    return {
        name.removesuffix(at): Figure(metric["value"], metric["low"], metric["high"])
        for name, metric in metrics.items()
        if name.endswith(at) or "@" not in name
    }


def change(growth: Figure) -> Change:
    """Return how a figure moves; "may" where the interval of its growth holds zero."""
    if abs(growth.value) < _SAME_SHARE:
        return "stays"
    if growth.value < 0:
        return "falls" if growth.high < 0 else "may fall"
    return "rises" if growth.low > 0 else "may rise"


def read_results(results: Results) -> list[str]:
    """Return sentences on what training for safety changes, the main result first."""
    by_name = {system.name: system for system in results.systems}
    before, after = by_name.get("plain_sft"), by_name.get("safe_gdpo")
    needed = ("svr_lower", "recall")
    if before is None or after is None or not all(name in results.growth for name in needed):
        return ["Some of the figures to compare are missing, so this page draws no conclusion."]
    compared = {name: _compared(name, before, after, results.growth) for name in results.growth}
    return [
        f"Among the first {results.cutoff} titles of each answer, the share of known violations is "
        f"{compared['svr_lower']}. Recall is {compared['recall']}.",
        *_learned(compared),
        *_lengths(before, after, results.level_growth),
        *_unknown(before, after),
        *_judged(before, after, compared),
    ]


def _compared(
    name: str, before: SystemResult, after: SystemResult, growth: Mapping[str, Figure]
) -> str:
    return f"{_pair(name, before, after)}, {_CHANGES[change(growth[name])]}"


def _pair(name: str, before: SystemResult, after: SystemResult) -> str:
    first, second = (_percent(system.figures[name].value) for system in (before, after))
    return f"{first} with {before.label} and {second} with {after.label}"


def _learned(compared: Mapping[str, str]) -> list[str]:
    if "build_svr_lower" not in compared:
        return []
    return [
        "By the building oracle, which also made the training data and the rewards, the share is "
        f"{compared['build_svr_lower']}. This shows what the model learned. The figures above come "
        "from the grading oracle, whose evidence is not used in training."
    ]


def _lengths(
    before: SystemResult, after: SystemResult, level_growth: Mapping[str, Figure]
) -> list[str]:
    """Return how long the lists are: a longer one finds more, whatever was learned."""
    if not all("listed" in system.figures for system in (before, after)):
        return []
    first, second = (f"{system.figures['listed'].value:.1f}" for system in (before, after))
    if first == second:
        return []
    sentences = [
        f"{before.label} lists {first} titles per answer and {after.label} {second}. A longer list "
        "has a higher recall by itself."
    ]
    if all(name in level_growth for name in ("recall", "svr_lower")):
        sentences.append(
            "If both lists are cut to the length of the shorter one, recall changes by "
            f"{_moved(level_growth['recall'])}, and the share of known violations by "
            f"{_moved(level_growth['svr_lower'])}."
        )
    return sentences


def _moved(growth: Figure) -> str:
    """Return a growth in points: "−1.2 points (−3.0 to 0.4), a decrease that could be chance"."""
    points, low, high = (100 * end for end in (growth.value, growth.low, growth.high))
    figures = f"{points:+.1f} points ({low:.1f} to {high:.1f})".replace("-", "−")
    return f"{figures}, {_CHANGES[change(growth)]}"


def _unknown(before: SystemResult, after: SystemResult) -> list[str]:
    if not all("svr_upper" in system.figures for system in (before, after)):
        return []
    return [
        "The grading oracle does not know every title. If all titles without a verdict were "
        f"unsafe, the share of violations would be {_pair('svr_upper', before, after)}. The true "
        "share lies in between."
    ]


def _judged(before: SystemResult, after: SystemResult, compared: Mapping[str, str]) -> list[str]:
    """Return the rate among titles with a verdict, since fewer verdicts alone lower the share."""
    rates = [_rate_of_judged(system) for system in (before, after)]
    if None in rates or "unknown_share" not in compared:
        return []
    first, second = (_percent(rate) for rate in rates if rate is not None)
    return [
        f"The share of titles without a verdict is {compared['unknown_share']}. Among the titles "
        f"with a verdict, about {first} are violations with {before.label} and {second} with "
        f"{after.label}."
    ]


def _rate_of_judged(system: SystemResult) -> float | None:
    figures = system.figures
    if "unknown_share" not in figures or figures["unknown_share"].value >= 1:
        return None
    return figures["svr_lower"].value / (1 - figures["unknown_share"].value)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def spans(systems: Sequence[SystemResult], measure: str, upper: str) -> list[Span]:
    """Return the chart's rows of one measure; `upper` is the measure the grey bar reaches to."""
    rows = []
    for system in systems:
        if measure not in system.figures:
            continue
        figure = system.figures[measure]
        reach = max(figure.value, system.figures[upper].value)
        rows.append(Span(system.label, figure.value, reach, figure.low, figure.high))
    return rows
