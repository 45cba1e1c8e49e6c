"""Where two oracles agree, with 95% intervals by bootstrap over items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.oracle.evidence.answers import Floats
from builder.oracle.files.compiled import VERDICTS
from builder.oracle.verdicts.fuse import Codes

_DECIMALS = 4
_SAFE, _UNSAFE = VERDICTS.index("safe"), VERDICTS.index("unsafe")


def agreement(
    build: Codes, grade: Codes, traits: Sequence[str], *, n_resamples: int, seed: int
) -> dict[str, dict[str, Any]]:
    """Return under "all" and by trait how the oracles agree where both have a verdict.

    Args:
        build: (n, t) codes of one oracle.
        grade: Of the other.
        traits: The columns.
        n_resamples: Of items.
        seed: Of the draws.
    """
    cells = np.stack(
        [
            (build == one) & (grade == other)
            for one in (_UNSAFE, _SAFE)
            for other in (_UNSAFE, _SAFE)
        ],
        axis=-1,
    )
    tables = np.concatenate([cells.sum(axis=1, keepdims=True), cells], axis=1).astype(np.float64)
    counted = tables.sum(axis=0)
    rng, n_items = np.random.default_rng(seed), len(tables)
    flat = tables.reshape(n_items, -1)
    drawn = np.stack(
        [
            np.bincount(rng.integers(0, n_items, n_items), minlength=n_items) @ flat
            for _ in range(n_resamples)
        ]
    ).reshape(n_resamples, *counted.shape)
    return {
        name: _table(counted[column], drawn[:, column])
        for column, name in enumerate(["all", *traits])
    }


def disagreement(table: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Return the share of different verdicts, by trait and under "all"; none where none meet."""
    return {
        name: round(1 - row["agreement"], _DECIMALS)
        for name, row in table.items()
        if row["agreement"] is not None
    }


def _table(counted: Floats, drawn: Floats) -> dict[str, Any]:
    both_unsafe, only_build, only_grade, both_safe = (int(n) for n in counted)
    return {
        "both_known": int(counted.sum()),
        "both_unsafe": both_unsafe,
        "both_safe": both_safe,
        "only_build_unsafe": only_build,
        "only_grade_unsafe": only_grade,
        "agreement": _rounded(_agreed(counted)),
        "agreement_interval": _interval(_agreed(drawn)),
        "kappa": _rounded(_kappa(counted)),
        "kappa_interval": _interval(_kappa(drawn)),
    }


def _agreed(cells: Floats) -> Floats:
    """Return the share of (..., 4) cells that agree, nan where there are none."""
    total = cells.sum(axis=-1)
    agreed: Floats = (cells[..., 0] + cells[..., 3]) / np.where(total, total, np.nan)
    return agreed


def _kappa(cells: Floats) -> Floats:
    """Return Cohen's kappa of (..., 4) cells, nan where one side always says the same."""
    total = cells.sum(axis=-1)
    shares = cells / np.where(total, total, np.nan)[..., None]
    build, grade = shares[..., 0] + shares[..., 1], shares[..., 0] + shares[..., 2]
    by_chance = build * grade + (1 - build) * (1 - grade)
    varies = (build > 0) & (build < 1) & (grade > 0) & (grade < 1)
    free = np.where(varies, 1 - by_chance, np.nan)
    kappa: Floats = (shares[..., 0] + shares[..., 3] - by_chance) / free
    return kappa


def _rounded(value: Floats) -> float | None:
    return None if np.isnan(value) else round(float(value), _DECIMALS)


def _interval(values: Floats) -> list[float] | None:
    """Return the middle 95% of the draws that have a value; None where half have none."""
    kept: NDArray[np.float64] = values[~np.isnan(values)]
    if 2 * len(kept) < len(values):
        return None
    return [round(float(edge), _DECIMALS) for edge in np.quantile(kept, (0.025, 0.975))]
