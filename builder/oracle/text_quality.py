"""How far text evidence can be trusted: its similarities against the yes/no statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest, bootstrap  # type: ignore[import-untyped]

from builder.oracle.answers import answer
from builder.records import Evidence, Item
from builder.seeding import keyed_digest
from builder.taxonomy import Trait

_DECIMALS = 4
_MIN_FIRED = 20


@dataclass(frozen=True, slots=True)
class Scored:
    """Statements with the similarity of one kind of text: parallel arrays over (item, warning).

    `scores` are the best cosine of that text with that warning, and -1 where it was below the
    floor of stage tag.
    """

    item_ids: NDArray[np.str_]
    warnings: NDArray[np.str_]
    is_yes: NDArray[np.bool_]
    scores: NDArray[np.float64]

    def where(self, kept: NDArray[np.bool_]) -> Scored:
        """Return the rows kept."""
        return Scored(
            self.item_ids[kept], self.warnings[kept], self.is_yes[kept], self.scores[kept]
        )


def score_statements(
    items: Iterable[Item], statements: Iterable[Evidence], similarities: Iterable[Evidence]
) -> dict[str, Scored]:
    """Return by kind of text the answered warnings of the items that have such a text."""
    said: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for e in statements:
        said[e.item_id, e.subject].append(e)
    best: dict[tuple[str, str, str], float] = {}
    for e in similarities:
        key = (e.place, e.item_id, e.subject)
        best[key] = max(e.value, best.get(key, -1.0))
    ids_by_kind: dict[str, set[str]] = {kind: set() for kind, _, _ in sorted(best)}
    for item in items:
        for text in item.texts:
            if text.kind in ids_by_kind:
                ids_by_kind[text.kind].add(item.item_id)
    answers = {pair: answer(rows) for pair, rows in sorted(said.items())}
    scored = {}
    for kind, ids in ids_by_kind.items():
        pairs = [pair for pair, yes in answers.items() if yes is not None and pair[0] in ids]
        scored[kind] = Scored(
            item_ids=np.array([item_id for item_id, _ in pairs], dtype=np.str_),
            warnings=np.array([warning for _, warning in pairs], dtype=np.str_),
            is_yes=np.array([bool(answers[pair]) for pair in pairs], dtype=bool),
            scores=np.array([best.get((kind, *pair), -1.0) for pair in pairs], dtype=np.float64),
        )
    return scored


def auroc_by_trait(
    scored: Scored, traits: Iterable[Trait], *, n_resamples: int, seed: int
) -> dict[str, dict[str, Any]]:
    """Return by trait, and under "all", the area under the ROC curve with a 95% interval.

    The interval is a percentile bootstrap over items, since the warnings of one item go together;
    null where there is no yes or no no.
    """
    table = {"all": _auroc(scored, n_resamples, keyed_digest(seed, "auroc", "all"))}
    for trait in traits:
        own = scored.where(np.isin(scored.warnings, trait.warnings))
        table[trait.name] = _auroc(own, n_resamples, keyed_digest(seed, "auroc", trait.name))
    return table


def _auroc(scored: Scored, n_resamples: int, seed: int) -> dict[str, Any]:
    n_yes = int(scored.is_yes.sum())
    row = {"n_yes": n_yes, "n_no": len(scored.is_yes) - n_yes}
    if not 0 < n_yes < len(scored.is_yes):
        return {**row, "auroc": None, "low": None, "high": None}
    ids, item = np.unique(scored.item_ids, return_inverse=True)
    _, level = np.unique(scored.scores, return_inverse=True)

    def area(drawn: NDArray[np.int64]) -> float:
        return weighted_auroc(scored.is_yes, level, np.bincount(drawn, minlength=len(ids))[item])

    every = np.arange(len(ids))
    drawn = bootstrap(
        (every,),
        area,
        n_resamples=n_resamples,
        vectorized=False,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).bootstrap_distribution
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return {**row, "auroc": _rounded(area(every)), "low": _rounded(low), "high": _rounded(high)}


def weighted_auroc(
    is_yes: NDArray[np.bool_], level: NDArray[np.int64], weights: NDArray[np.int64]
) -> float:
    """Return the area under the ROC curve of rows counted `weights` times, ties as one half.

    nan where no yes or no no has a weight. `level` numbers the distinct scores from 0 upwards:
    ranking once instead of in every resample keeps the bootstrap of twenty traits below a second.
    """
    n_levels = int(level.max()) + 1
    yes = np.bincount(level, weights * is_yes, n_levels)
    no = np.bincount(level, weights * ~is_yes, n_levels)
    if not yes.any() or not no.any():
        return float("nan")
    no_below = np.cumsum(no) - no
    return float((yes * (no_below + no / 2)).sum() / (yes.sum() * no.sum()))


def trigger_quality(scored: Scored, trigger: float, target_precision: float) -> dict[str, Any]:
    """Return precision and recall of a trigger on two halves of the items.

    The first half is the one to choose a trigger on, and has the lowest one that reaches the
    target precision; the second was not looked at in choosing. Items are halved by a hash of
    their id.
    """
    first_by_id = {i: keyed_digest("text_trigger", str(i)) % 2 == 0 for i in set(scored.item_ids)}
    is_first = np.array([first_by_id[i] for i in scored.item_ids], dtype=bool)
    first, second = scored.where(is_first), scored.where(~is_first)
    return {
        "trigger": trigger,
        "chosen_on": _at(first, trigger),
        "held_out": _at(second, trigger),
        "lowest_at_precision": {
            "precision": target_precision,
            "trigger": lowest_trigger(first, target_precision),
        },
    }


def lowest_trigger(scored: Scored, target_precision: float) -> float | None:
    """Return the lowest score from which on at least the target share are yeses.

    None where no threshold that fires 20 times or more gets there (fewer are luck), and where
    there are no noes to tell them from.
    """
    if scored.is_yes.all():
        return None
    order = np.argsort(-scored.scores, kind="stable")
    scores, n_yes = scored.scores[order], np.cumsum(scored.is_yes[order])
    n_fired = np.arange(1, len(scores) + 1)
    ends_tie = np.append(scores[1:] < scores[:-1], True)
    good = ends_tie & (n_fired >= _MIN_FIRED) & (n_yes >= target_precision * n_fired)
    return float(scores[np.flatnonzero(good)[-1]]) if good.any() else None


def _at(scored: Scored, trigger: float) -> dict[str, Any]:
    fired = scored.scores >= trigger
    n_fired, n_right = int(fired.sum()), int((fired & scored.is_yes).sum())
    n_yes = int(scored.is_yes.sum())
    row = {"n_statements": len(fired), "n_yes": n_yes, "n_fired": n_fired}
    if not n_fired:
        return {**row, "precision": None, "low": None, "high": None, "recall": None}
    interval = binomtest(n_right, n_fired).proportion_ci(method="wilson")
    return {
        **row,
        "precision": _rounded(n_right / n_fired),
        "low": _rounded(interval.low),
        "high": _rounded(interval.high),
        "recall": _rounded(n_right / n_yes) if n_yes else None,
    }


def _rounded(value: float) -> float:
    return round(float(value), _DECIMALS)


def text_quality(
    scored: Mapping[str, Scored],
    traits: Sequence[Trait],
    text_trigger: Mapping[str, float],
    *,
    target_precision: float,
    n_resamples: int,
    seed: int,
) -> dict[str, Any]:
    """Return, by kind of text with a trigger, `auroc_by_trait` and `trigger_quality`."""
    return {
        kind: {
            "trigger": trigger_quality(rows, text_trigger[kind], target_precision),
            "auroc": auroc_by_trait(rows, traits, n_resamples=n_resamples, seed=seed),
        }
        for kind, rows in scored.items()
        if kind in text_trigger
    }
