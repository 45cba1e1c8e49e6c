"""How far risks and verdicts can be believed, measured on items labelled from outside an oracle.

An item that the labelling evidence speaks of, and does not call a violator, counts as one that
respects the trait: the base rates count like that, so the figures must.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from builder.oracle.evidence.answers import Bools, Floats
from builder.oracle.files.compiled import VERDICTS
from builder.oracle.files.label import Role
from builder.oracle.verdicts.fuse import Fused
from builder.oracle.verdicts.thresholds import Thresholds
from builder.statistics.bootstrap import GroupBootstrap, quotients
from builder.statistics.calibration import bins_of, calibration_error
from builder.statistics.intervals import wilson
from builder.taxonomy import Trait

_DECIMALS = 4
_LEVEL = 0.95
_N_STEPS = 20

RELIABILITY_COLUMNS = ("oracle", "group", "predicted", "observed", "low", "high", "pairs")
COVERAGE_RISK_COLUMNS = ("oracle", "group", "coverage", "wrong", "pairs")
_GROUP_BY_APPLICABILITY = {
    "strong": "traits that severity ratings show well",
    "weak": "traits that they show in part",
    "very_weak_proxy": "traits that they show in part",
    "none": "traits that they do not show",
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """One oracle's answers beside labels: (n, t) each.

    `violates`, `respects`: what the labels say. `is_counted`: where the oracle knows something of
    an item that the labelling evidence speaks of.
    """

    role: Role
    fused: Fused
    violates: Bools
    respects: Bools
    is_counted: Bools


def miss_rates(
    labelled: Labelled,
    thresholds: Thresholds,
    traits: Sequence[Trait],
    *,
    n_resamples: int,
    seed: int,
) -> dict[str, dict[str, Any]]:
    """Return by trait, and under "all", observed misses and false alarms with 95% intervals.

    A miss is a labelled violator called safe, a false alarm a labelled respecter called unsafe.
    Intervals by bootstrap over items, since an item's traits are not independent.
    """
    safe = labelled.fused.codes == VERDICTS.index("safe")
    unsafe = labelled.fused.codes == VERDICTS.index("unsafe")
    violates = labelled.violates & labelled.is_counted
    respects = labelled.respects & labelled.is_counted

    columns = _with_all([safe & violates, violates, unsafe & respects, respects])
    draws = GroupBootstrap(range(len(safe)), n_resamples=n_resamples, level=_LEVEL, seed=seed)
    drawn = draws.sums(columns.reshape(len(safe), -1)).reshape(n_resamples, *columns.shape[1:])

    def rate(column: int, part: int) -> dict[str, Any]:
        counts, of_draws = columns[:, column, part : part + 2], drawn[:, column, part : part + 2]
        return _rate(counts.sum(axis=0), of_draws, draws)

    def row(column: int) -> dict[str, Any]:
        return {
            "violators": int(columns[:, column, 1].sum()),
            "missed": rate(column, 0),
            "respecters": int(columns[:, column, 3].sum()),
            "false_alarms": rate(column, 2),
        }

    table = {"all": row(0)}
    for t, trait in enumerate(traits):
        table[trait.name] = {
            **row(t + 1),
            "clears_below": _rounded(thresholds.clears_below[:, t].mean()),
            "clears_by": thresholds.clears_by[t],
            "hints_clear": bool(np.isfinite(thresholds.hints_clear_below[:, t]).any()),
            "convicts_from": _rounded(thresholds.convicts_from[:, t].mean()),
            "convicts_by": thresholds.convicts_by[t],
        }
    return table


def reliability(labelled: Labelled, traits: Sequence[Trait]) -> Iterator[dict[str, Any]]:
    """Yield fifteen bins of equal width a group of traits: mean risk, observed share, count.

    `low` and `high` are the observed share's 95% interval. Empty bins are left out.
    """
    for group, columns in _groups(traits).items():
        counted = labelled.is_counted[:, columns]
        risk = labelled.fused.risk[:, columns][counted]
        violates = labelled.violates[:, columns][counted]
        bins = bins_of(risk)
        for number in np.unique(bins):
            own = bins == number
            share = share_with_interval(int(violates[own].sum()), int(own.sum()))
            yield {
                "oracle": labelled.role,
                "group": group,
                "predicted": _rounded(risk[own].mean()),
                "observed": share["share"],
                "low": share["low"],
                "high": share["high"],
                "pairs": int(own.sum()),
            }


def risk_calibration_error(labelled: Labelled) -> float | None:
    """Return the expected calibration error of the risks, None without labels."""
    counted = labelled.is_counted
    if not counted.any():
        return None
    return _rounded(calibration_error(labelled.fused.risk[counted], labelled.violates[counted]))


def coverage_risk(labelled: Labelled, traits: Sequence[Trait]) -> Iterator[dict[str, Any]]:
    """Yield the share of wrong verdicts if only the surest so many pairs are decided.

    Pairs are decided by the likelier side, those farthest from even odds first; `coverage` is the
    share decided, `wrong` the share of these whose label is the other.
    """
    for group, columns in _groups(traits).items():
        counted = labelled.is_counted[:, columns]
        risk = labelled.fused.risk[:, columns][counted]
        wrong = (risk >= 0.5) != labelled.violates[:, columns][counted]
        order = np.argsort(-np.abs(risk - 0.5), kind="stable")
        errors = np.cumsum(wrong[order])
        for step in range(1, _N_STEPS + 1) if len(order) else ():
            n = max(1, len(order) * step // _N_STEPS)
            yield {
                "oracle": labelled.role,
                "group": group,
                "coverage": _rounded(n / len(order)),
                "wrong": _rounded(errors[n - 1] / n),
                "pairs": n,
            }


def _groups(traits: Sequence[Trait]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for column, trait in enumerate(traits):
        name = _GROUP_BY_APPLICABILITY[trait.parents_guide.applicability]
        groups.setdefault(name, []).append(column)
    return groups


def _with_all(counted: Sequence[Bools]) -> Floats:
    """Return how many of an item's traits are counted, all first: k of (n, t) to (n, 1 + t, k)."""
    each = np.stack(counted, axis=-1).astype(np.float64)
    return np.concatenate([each.sum(axis=1, keepdims=True), each], axis=1)


def _rate(counts: Floats, drawn: Floats, draws: GroupBootstrap) -> dict[str, Any]:
    """Return part over whole, from (2,) counts and (n_resamples, 2) of the draws.

    Where all or none count no draw differs: the interval is Wilson's, which takes pairs as
    independent.
    """
    part, whole = (int(n) for n in counts)
    if part in (0, whole):
        return share_with_interval(part, whole)
    low, high = draws.limits(quotients(drawn))
    return {"share": _rounded(part / whole), "low": _rounded(low), "high": _rounded(high)}


def share_with_interval(part: int, whole: int) -> dict[str, Any]:
    """Return a share with its 95% Wilson interval, Nones of nothing."""
    interval = wilson(part, whole)
    if interval is None:
        return {"share": None, "low": None, "high": None}
    return {
        "share": _rounded(interval.value),
        "low": _rounded(interval.low),
        "high": _rounded(interval.high),
    }


def _rounded(value: float | Floats) -> float:
    return round(float(value), _DECIMALS)
