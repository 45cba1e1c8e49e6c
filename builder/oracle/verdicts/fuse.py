"""Evidence becomes the risk and the verdict of every item for every trait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.oracle.evidence.answers import Floats
from builder.oracle.evidence.gather import Gathered
from builder.oracle.evidence.reasons import Explainer
from builder.oracle.files.compiled import VERDICTS
from builder.oracle.files.label import Role
from builder.oracle.posterior.posterior import Posterior
from builder.oracle.reference.reference import Formula, apply_formula
from builder.oracle.verdicts.thresholds import Thresholds, decide
from builder.records import Risk
from builder.taxonomy import Taxonomy

Codes = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Fused:
    """One oracle's answer on n items and t traits: (n, t) each; codes are places in VERDICTS."""

    codes: Codes
    risk: Floats
    low: Floats
    high: Floats


def by_reference(found: Gathered, formula: Formula, unsafe_at: float) -> Fused:
    """Return the reference's verdicts: what is not unsafe is safe where anything is known at all.

    Args:
        found: What the evidence says.
        formula: The reference's on it.
        unsafe_at: `final` from which an item is unsafe, in (0, 1].
    """
    unsafe = formula.final >= unsafe_at
    safe = found.is_spoken_of[:, None] & ~unsafe
    return Fused(_codes(unsafe, safe), formula.final, formula.final, formula.final)


def by_posterior(found: Posterior, thresholds: Thresholds) -> Fused:
    """Return the verdicts that the posterior's intervals reach."""
    verdicts = decide(found, thresholds)
    codes = _codes(verdicts.unsafe, verdicts.safe)
    return Fused(codes, found.risk, found.low, found.high)


def _codes(unsafe: NDArray[np.bool_], safe: NDArray[np.bool_]) -> Codes:
    codes = np.full(unsafe.shape, VERDICTS.index("unknown"), dtype=np.int8)
    codes[safe], codes[unsafe] = VERDICTS.index("safe"), VERDICTS.index("unsafe")
    return codes


def risks(
    role: Role,
    item_ids: Sequence[str],
    found: Gathered,
    fused: Fused,
    taxonomy: Taxonomy,
    unsafe_at: float,
) -> Iterator[Risk]:
    """Yield a row for every item and trait, traits in the taxonomy's order, items as given.

    `risk` is None where the verdict is unknown, `pg_risk` where no category of weight was rated.
    """
    traits = list(taxonomy.traits.values())
    formula = apply_formula(found, list(taxonomy.warnings), traits)
    for t, trait in enumerate(traits):
        explainer = Explainer(trait, found.spoken, found.texts)
        for row, item_id in enumerate(item_ids):
            verdict = VERDICTS[fused.codes[row, t]]
            trigger, pg = bool(formula.trigger[row, t]), float(formula.pg[row, t])
            yield Risk(
                item_id=item_id,
                trait=trait.name,
                oracle=role,
                verdict=verdict,
                risk=None if verdict == "unknown" else round(float(fused.risk[row, t]), 4),
                low=round(float(fused.low[row, t]), 4),
                high=round(float(fused.high[row, t]), 4),
                ddd_trigger=int(trigger),
                pg_risk=pg if formula.pg_known[row, t] else None,
                source=risk_source(trigger, pg, unsafe_at),
                reasons=explainer.reasons(row, verdict),
            )


def risk_source(trigger: bool, pg: float, unsafe_at: float) -> str:
    """Return what fired, in the SafeRec release's words: "Both", "DDD", "ParentGuide" or ""."""
    if trigger:
        return "Both" if pg > 0 else "DDD"
    return "ParentGuide" if pg >= unsafe_at else ""
