"""How well scores tell unsafe from safe, with intervals by bootstrap over items.

AUROC and average precision: see `Ranking`; calibration error: see `calibration_error`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.statistics.bootstrap import GroupBootstrap
from builder.statistics.calibration import calibration_error
from builder.statistics.ranking import Ranking

Floats = NDArray[np.float64]

_DECIMALS = 4
_LEVEL = 0.95
_MEASURES = ((Ranking.auroc, "auroc"), (Ranking.average_precision, "average_precision"))
_SYSTEM = "head"
"""The system whose scores are probabilities, and whose lead over the others is measured."""


@dataclass(frozen=True, slots=True)
class TraitScores:
    """One trait's labelled items and their scores; parallel.

    Attributes:
        item_ids: The items.
        is_unsafe: Their labels.
        scores: Scores by system; those of "head" are probabilities, those of the others only rank.
    """

    item_ids: tuple[str, ...]
    is_unsafe: NDArray[np.bool_]
    scores: Mapping[str, Floats]


def score_table(
    scored: Mapping[str, TraitScores], *, n_resamples: int, seed: int, baselines: Sequence[str]
) -> dict[str, Any]:
    """Return the figures by trait and their mean over traits, each with a 95% interval.

    Args:
        scored: By trait.
        n_resamples: Draws of items; all traits and systems see the same ones.
        seed: Keys the draws.
        baselines: Systems other than "head".
    """
    ids = sorted({item_id for one in scored.values() for item_id in one.item_ids})
    draws = GroupBootstrap(ids, n_resamples=n_resamples, level=_LEVEL, seed=seed)
    row_by_id = {item_id: row for row, item_id in enumerate(ids)}
    by_trait = {
        trait: _figures(one, [row_by_id[i] for i in one.item_ids], draws, baselines)
        for trait, one in scored.items()
    }
    means = {
        name: np.mean([figures[name] for figures in by_trait.values()], axis=0)
        for name in next(iter(by_trait.values()), {})
    }
    return {
        "by_trait": {
            trait: {
                "n": len(scored[trait].item_ids),
                "n_unsafe": int(scored[trait].is_unsafe.sum()),
                **_by_measure(figures, draws),
            }
            for trait, figures in by_trait.items()
        },
        "mean": _by_measure(means, draws),
    }


def _figures(
    one: TraitScores, rows: Sequence[int], draws: GroupBootstrap, baselines: Sequence[str]
) -> dict[str, Floats]:
    """Return every figure of the whole, first, and of each draw of items."""
    weights = [np.ones(len(rows)), *(drawn[rows] for drawn in draws.weights())]
    rankings = {name: Ranking(one.is_unsafe, one.scores[name]) for name in (_SYSTEM, *baselines)}
    figures: dict[str, Floats] = {}
    for measure, name in _MEASURES:
        for system, ranking in rankings.items():
            figures[f"{name}.{system}"] = np.array([measure(ranking, drawn) for drawn in weights])
        for baseline in baselines:
            lead = figures[f"{name}.{_SYSTEM}"] - figures[f"{name}.{baseline}"]
            figures[f"{name}.{_SYSTEM} - {baseline}"] = lead
    shares = one.scores[_SYSTEM]
    errors = [calibration_error(shares, one.is_unsafe, drawn) for drawn in weights]
    figures[f"calibration_error.{_SYSTEM}"] = np.array(errors)
    return figures


def _by_measure(figures: Mapping[str, Floats], draws: GroupBootstrap) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}
    for name, values in figures.items():
        measure, _, system = name.partition(".")
        table.setdefault(measure, {})[system] = _interval(values, draws)
    return table


def _interval(values: Floats, draws: GroupBootstrap) -> dict[str, float | None]:
    """Return the whole's value and the draws' limits; null where a class is missing."""
    if np.isnan(values[0]):
        return {"value": None, "low": None, "high": None}
    low, high = draws.limits(values)
    return {
        "value": round(float(values[0]), _DECIMALS),
        "low": round(low, _DECIMALS),
        "high": round(high, _DECIMALS),
    }
