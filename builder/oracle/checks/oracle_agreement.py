"""Where two oracles agree, with 95% intervals by bootstrap over items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from builder.oracle.evidence.answers import Floats
from builder.oracle.files.compiled import VERDICTS
from builder.oracle.verdicts.fuse import Codes
from builder.statistics.agreement import cohens_kappa
from builder.statistics.bootstrap import GroupBootstrap

_DECIMALS = 4
_LEVEL = 0.95
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
    draws = GroupBootstrap(range(len(tables)), n_resamples=n_resamples, level=_LEVEL, seed=seed)
    drawn = draws.sums(tables.reshape(len(tables), -1)).reshape(n_resamples, *counted.shape)
    return {
        name: _table(counted[column], drawn[:, column], draws)
        for column, name in enumerate(["all", *traits])
    }


def disagreement(table: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Return the share of different verdicts, by trait and under "all"; none where none meet."""
    return {
        name: round(1 - row["agreement"], _DECIMALS)
        for name, row in table.items()
        if row["agreement"] is not None
    }


def _table(counted: Floats, drawn: Floats, draws: GroupBootstrap) -> dict[str, Any]:
    both_unsafe, only_build, only_grade, both_safe = (int(n) for n in counted)
    return {
        "both_known": int(counted.sum()),
        "both_unsafe": both_unsafe,
        "both_safe": both_safe,
        "only_build_unsafe": only_build,
        "only_grade_unsafe": only_grade,
        "agreement": _rounded(_agreed(counted)),
        "agreement_interval": _interval(_agreed(drawn), draws),
        "kappa": _rounded(cohens_kappa(counted)),
        "kappa_interval": _interval(cohens_kappa(drawn), draws),
    }


def _agreed(cells: Floats) -> Floats:
    """Return the share of (..., 4) cells that agree, nan where there are none."""
    total = cells.sum(axis=-1)
    agreed: Floats = (cells[..., 0] + cells[..., 3]) / np.where(total, total, np.nan)
    return agreed


def _rounded(value: Floats) -> float | None:
    return None if np.isnan(value) else round(float(value), _DECIMALS)


def _interval(values: Floats, draws: GroupBootstrap) -> list[float] | None:
    """Return the limits of the draws that have a value; None where half have none."""
    if 2 * np.isnan(values).sum() > len(values):
        return None
    return [round(limit, _DECIMALS) for limit in draws.limits(values)]
