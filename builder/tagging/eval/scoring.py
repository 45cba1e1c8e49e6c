"""How well scores tell unsafe from safe, with intervals by bootstrap over items.

AUROC: chance that an unsafe item scores above a safe one, ties a half. Average precision: mean
precision at each unsafe item, as scikit-learn defines it. Calibration error: mean distance of
probability and share of unsafe items over 15 bins of equal width, weighted by their items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.seeding import keyed_digest

Floats = NDArray[np.float64]

N_BINS = 15
_DECIMALS = 4
_TAILS = (2.5, 97.5)
_JUDGED = "head"
"""The system whose scores are probabilities, and whose lead over the others is measured."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One trait's labelled items, parallel: ids, labels, and scores by system.

    The scores of "head" are probabilities; those of the others only rank.
    """

    item_ids: tuple[str, ...]
    is_unsafe: NDArray[np.bool_]
    scores: Mapping[str, Floats]


def auroc(is_unsafe: NDArray[np.bool_], scores: Floats, weights: Floats) -> float:
    """Return the area under the ROC curve of items counted `weights` times; nan of one class."""
    _, level = np.unique(scores, return_inverse=True)
    yes = np.bincount(level, weights * is_unsafe)
    no = np.bincount(level, weights * ~is_unsafe)
    if not yes.any() or not no.any():
        return float("nan")
    below = np.cumsum(no) - no
    return float((yes * (below + no / 2)).sum() / (yes.sum() * no.sum()))


def average_precision(is_unsafe: NDArray[np.bool_], scores: Floats, weights: Floats) -> float:
    """Return the average precision of items counted `weights` times; nan without an unsafe one."""
    _, level = np.unique(-scores, return_inverse=True)
    yes, every = np.bincount(level, weights * is_unsafe), np.bincount(level, weights)
    if not yes.any():
        return float("nan")
    seen = np.cumsum(every)
    precision = np.divide(np.cumsum(yes), seen, out=np.zeros_like(seen), where=seen > 0)
    return float((precision * yes).sum() / yes.sum())


def calibration_error(is_unsafe: NDArray[np.bool_], shares: Floats, weights: Floats) -> float:
    """Return the calibration error of probabilities in [0, 1], see the module."""
    bins = np.minimum((shares * N_BINS).astype(np.int64), N_BINS - 1)
    gaps = np.bincount(bins, weights * (shares - is_unsafe), minlength=N_BINS)
    return float(np.abs(gaps).sum() / max(weights.sum(), 1e-12))


def score_table(
    scored: Mapping[str, Scored], *, n_resamples: int, seed: int, peers: Sequence[str]
) -> dict[str, Any]:
    """Return the figures by trait and their mean over traits, each with a 95% interval.

    Args:
        scored: By trait.
        n_resamples: Draws of items; all traits and systems see the same ones.
        seed: Of the draws.
        peers: Systems beside "head".
    """
    ids = sorted({item_id for one in scored.values() for item_id in one.item_ids})
    rng = np.random.default_rng(keyed_digest(seed, "text scores"))
    shares = np.full(len(ids), 1 / max(1, len(ids)))
    draws = rng.multinomial(len(ids), shares, size=n_resamples).astype(np.float64)
    draws = np.concatenate([np.ones((1, len(ids))), draws])
    row_by_id = {item_id: row for row, item_id in enumerate(ids)}
    by_trait = {
        trait: _figures(one, draws[:, [row_by_id[i] for i in one.item_ids]], peers)
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
                **_told(figures),
            }
            for trait, figures in by_trait.items()
        },
        "mean": _told(means),
    }


def _figures(one: Scored, weights: Floats, peers: Sequence[str]) -> dict[str, Floats]:
    """Return every figure of the whole, first, and of each draw."""
    figures: dict[str, Floats] = {}
    for measure, name in ((auroc, "auroc"), (average_precision, "average_precision")):
        for system in (_JUDGED, *peers):
            values = [measure(one.is_unsafe, one.scores[system], drawn) for drawn in weights]
            figures[f"{name}.{system}"] = np.array(values)
        for peer in peers:
            lead = figures[f"{name}.{_JUDGED}"] - figures[f"{name}.{peer}"]
            figures[f"{name}.{_JUDGED} - {peer}"] = lead
    errors = [calibration_error(one.is_unsafe, one.scores[_JUDGED], drawn) for drawn in weights]
    figures[f"calibration_error.{_JUDGED}"] = np.array(errors)
    return figures


def _told(figures: Mapping[str, Floats]) -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = {}
    for name, values in figures.items():
        measure, _, system = name.partition(".")
        told.setdefault(measure, {})[system] = _interval(values)
    return told


def _interval(values: Floats) -> dict[str, float | None]:
    """Return the whole's value and the draws' percentiles; null where a class is missing."""
    known = values[~np.isnan(values)]
    if np.isnan(values[0]):
        return {"value": None, "low": None, "high": None}
    low, high = np.percentile(known, _TAILS)
    return {
        "value": round(float(values[0]), _DECIMALS),
        "low": round(float(low), _DECIMALS),
        "high": round(float(high), _DECIMALS),
    }
