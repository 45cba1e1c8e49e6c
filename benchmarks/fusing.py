"""Fusing 25,000 items with 20 traits, beside the obvious loop of the reference's document.

    python benchmarks/fusing.py

The peer goes through items and traits as SafeRec describes it (arXiv 2603.03536): a warning is on
where most of its votes say yes, a severity is the level of most votes, the risk their weighted sum,
the verdict the greater of both against 0.66. Ours are the same formula over arrays, whose verdicts
must be the peer's, and the posterior with its intervals, which does more. All start from evidence
in memory, the peer's in dictionaries by item, ours in arrays.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from builder.oracle.evidence.answers import Answers, base_rates
from builder.oracle.evidence.gather import Gathered
from builder.oracle.posterior.posterior import posterior
from builder.oracle.reference.reference import apply_formula
from builder.oracle.verdicts.fuse import by_reference
from builder.oracle.verdicts.thresholds import choose_thresholds, decide
from builder.seeding import keyed_digest
from builder.taxonomy import CATEGORIES, Taxonomy, Trait
from pipelines.runtime.params import read_params
from pipelines.stages.fuse import Params

N_ITEMS, N_ROUNDS, ANSWERED, RATED = 25_000, 3, 0.15, 0.4
UNSAFE_AT = 0.66

Votes = Mapping[str, tuple[int, int]]
Severities = Mapping[str, tuple[int, ...]]


def make_evidence(n_warnings: int, n_traits: int) -> Gathered:
    """Return made-up votes: 15% of questions answered by up to 40 people, 40% of categories."""
    rng = np.random.default_rng(keyed_digest("benchmarks/fusing"))
    shape = (N_ITEMS, n_warnings)
    votes = rng.integers(0, 20, (*shape, 2)) * (rng.random(shape) < ANSWERED)[..., None]
    rows, columns = np.nonzero(votes.any(axis=-1))
    votes = votes[rows, columns]
    rated = rng.random((N_ITEMS, len(CATEGORIES))) < RATED
    severity_votes = rng.integers(0, 50, (*rated.shape, 4)) * rated[..., None]
    return Gathered(
        answers=Answers(
            shape=shape,
            rows=rows,
            columns=columns,
            votes=votes.astype(np.float64),
            said=np.zeros(votes.shape, dtype=bool),
            alike=np.zeros(len(rows), dtype=bool),
        ),
        severity_votes=severity_votes.astype(np.float64),
        severity_said=np.zeros(severity_votes.shape),
        ceilings=np.full(rated.shape, 3, dtype=np.int64),
        log_ratios=np.zeros((N_ITEMS, n_traits)),
        silence=np.zeros((N_ITEMS, n_traits)),
        has_text=np.zeros((N_ITEMS, n_traits), dtype=bool),
        spoken={},
        texts={},
    )


def as_dictionaries(found: Gathered, warning_ids: list[str]) -> list[tuple[Votes, Severities]]:
    """Return each item's votes by warning and by category, those without any left out."""
    answered: list[dict[str, tuple[int, int]]] = [{} for _ in range(N_ITEMS)]
    own = found.answers
    for row, column, (yes, no) in zip(
        own.rows.tolist(), own.columns.tolist(), own.votes.astype(int).tolist(), strict=True
    ):
        answered[row][warning_ids[column]] = yes, no
    severities = found.severity_votes.astype(int).tolist()
    return [
        (votes, {c: tuple(v) for c, v in zip(CATEGORIES, rated, strict=True) if any(v)})
        for votes, rated in zip(answered, severities, strict=True)
    ]


def loop(rows: list[tuple[Votes, Severities]], traits: list[Trait]) -> list[list[bool]]:
    """Return whether each item is unsafe for each trait, one after another."""
    verdicts = []
    for votes, severities in rows:
        own = []
        for trait in traits:
            trigger = 0
            for warning in trait.warnings:
                if warning in votes and votes[warning][0] > votes[warning][1]:
                    trigger = 1
            weighted = total = 0.0
            for category, weight in trait.parents_guide.weights.items():
                total += weight
                levels = severities.get(category)
                if levels is not None:
                    most = max(levels)
                    level = max(level for level in range(4) if levels[level] == most)
                    weighted += weight * level
            risk = round(weighted / (3 * total), 4) if total else 0.0
            own.append(max(trigger, risk) >= UNSAFE_AT)
        verdicts.append(own)
    return verdicts


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Return the least seconds of one processor of some rounds, and the result."""
    seconds, result = [], None
    for _ in range(N_ROUNDS):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    return min(seconds), result


def main() -> None:
    """Print one JSON line."""
    tree = Taxonomy.load(Path("data/taxonomy"))
    rules = read_params().section(Params, "fuse").rules()
    traits, warning_ids = list(tree.traits.values()), list(tree.warnings)
    found = make_evidence(len(warning_ids), len(traits))
    rows = as_dictionaries(found, warning_ids)
    ids = [f"i{n}" for n in range(N_ITEMS)]
    priors = np.array([warning.prior for warning in tree.warnings.values()])
    none = np.zeros((N_ITEMS, len(traits)), dtype=bool)

    def formula() -> np.ndarray:
        fused = by_reference(found, apply_formula(found, warning_ids, traits), UNSAFE_AT)
        return np.asarray(fused.risk >= UNSAFE_AT)

    def whole() -> object:
        rates = base_rates(found.answers, found.n_spoken_of, priors, rules.posterior.prior_items)
        likely = posterior(found, warning_ids, traits, rates, {}, rules.posterior)
        return decide(likely, choose_thresholds(ids, likely, none, none, rules.thresholds, none))

    formula_s, ours = timed(formula)
    posterior_s, _ = timed(whole)
    loop_s, theirs = timed(lambda: loop(rows, traits))
    print(
        json.dumps(
            {
                "items": N_ITEMS,
                "traits": len(traits),
                "formula_s": round(formula_s, 3),
                "posterior_s": round(posterior_s, 3),
                "loop_s": round(loop_s, 3),
                "formula_times": round(loop_s / formula_s, 1),
                "posterior_times": round(loop_s / posterior_s, 1),
                "same_verdicts": bool(np.array_equal(np.asarray(ours), np.asarray(theirs))),
            }
        )
    )


if __name__ == "__main__":
    main()
