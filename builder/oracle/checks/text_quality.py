"""How far text evidence can be trusted: its similarities against the yes/no statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.oracle.checks.calibration import share_with_interval
from builder.oracle.evidence.gather import answer
from builder.records import Evidence, Item
from builder.seeding import keyed_digest
from builder.statistics.bootstrap import GroupBootstrap
from builder.statistics.ranking import Ranking
from builder.taxonomy import Trait

Pair = tuple[str, str]
"""Item id, warning id."""

Best = tuple[float, float]
"""The best cosine of all sentences, and of those that speak for the warning."""

_DECIMALS = 4
_LEVEL = 0.95
_MIN_FIRED = 20


@dataclass(frozen=True, slots=True)
class Scored:
    """What one kind of text says of warnings, and what statements say: parallel arrays over pairs.

    `cosines`: the best of the item's text with the warning; `near`: the best of a sentence that
    speaks for the warning; both -1 where stage tag wrote none. `is_yes`, `is_no`: the statements;
    both False where none answers, as happens only where `near` is not -1.
    """

    item_ids: NDArray[np.str_]
    warnings: NDArray[np.str_]
    is_yes: NDArray[np.bool_]
    is_no: NDArray[np.bool_]
    cosines: NDArray[np.float64]
    near: NDArray[np.float64]

    def where(self, kept: NDArray[np.bool_]) -> Scored:
        """Return the pairs kept."""
        return Scored(
            self.item_ids[kept],
            self.warnings[kept],
            self.is_yes[kept],
            self.is_no[kept],
            self.cosines[kept],
            self.near[kept],
        )


def score_texts(
    items: Iterable[Item],
    warning_ids: Collection[str],
    statements: Iterable[Evidence],
    texts: Iterable[Evidence],
) -> dict[str, Scored]:
    """Return by kind of text every pair of an item with such a text and statements, and a warning.

    Args:
        items: Whose texts count.
        warning_ids: The warnings that count.
        statements: Evidence of that kind.
        texts: Similarities and asides.
    """
    said: dict[Pair, list[Evidence]] = defaultdict(list)
    for e in statements:
        if e.subject in warning_ids:
            said[e.item_id, e.subject].append(e)
    best: dict[str, dict[Pair, Best]] = defaultdict(dict)
    for e in texts:
        if e.subject in warning_ids:
            cosine, near = best[e.place].get((e.item_id, e.subject), (-1.0, -1.0))
            near = max(near, e.value) if e.kind == "similarity" else near
            best[e.place][e.item_id, e.subject] = (max(cosine, e.value), near)
    stated = {item_id for item_id, _ in said}
    kinds = {i.item_id: {t.kind for t in i.texts} for i in items if i.item_id in stated}
    answers = {pair: answer(rows) for pair, rows in said.items()}
    return {kind: _scored(kind, best[kind], answers, kinds) for kind in sorted(best)}


def _scored(
    kind: str,
    best: Mapping[Pair, Best],
    answers: Mapping[Pair, bool | None],
    kinds: Mapping[str, Collection[str]],
) -> Scored:
    near = {pair for pair, (_, cosine) in best.items() if cosine > -1}
    answered = {pair for pair, yes in answers.items() if yes is not None}
    pairs = sorted(pair for pair in near | answered if kind in kinds.get(pair[0], ()))
    scores = np.array([best.get(pair, (-1.0, -1.0)) for pair in pairs]).reshape(-1, 2)
    return Scored(
        item_ids=np.array([item_id for item_id, _ in pairs], dtype=np.str_),
        warnings=np.array([warning for _, warning in pairs], dtype=np.str_),
        is_yes=np.array([answers.get(pair) is True for pair in pairs], dtype=bool),
        is_no=np.array([answers.get(pair) is False for pair in pairs], dtype=bool),
        cosines=scores[:, 0],
        near=scores[:, 1],
    )


def auroc_by_trait(
    scored: Scored, traits: Iterable[Trait], *, n_resamples: int, seed: int
) -> dict[str, dict[str, Any]]:
    """Return by trait, and under "all", the area under the ROC curve with a 95% interval.

    Of the best cosines, asides too, against yes and no. The interval is a percentile bootstrap
    over items, since the warnings of one item go together; null without a yes or without a no.
    """
    answered = scored.where(scored.is_yes | scored.is_no)
    table = {"all": _auroc(answered, n_resamples, keyed_digest(seed, "auroc", "all"))}
    for trait in traits:
        own = answered.where(np.isin(answered.warnings, trait.warnings))
        table[trait.name] = _auroc(own, n_resamples, keyed_digest(seed, "auroc", trait.name))
    return table


def _auroc(scored: Scored, n_resamples: int, seed: int) -> dict[str, Any]:
    row = {"n_yes": int(scored.is_yes.sum()), "n_no": int(scored.is_no.sum())}
    if not row["n_yes"] or not row["n_no"]:
        return {**row, "auroc": None, "low": None, "high": None}
    ranking = Ranking(scored.is_yes, scored.cosines)
    draws = GroupBootstrap(
        scored.item_ids.tolist(), n_resamples=n_resamples, level=_LEVEL, seed=seed
    )
    area = ranking.auroc()
    low, high = draws.limits(np.array([area, *map(ranking.auroc, draws.weights())]))
    return {**row, "auroc": _rounded(area), "low": _rounded(low), "high": _rounded(high)}


def trigger_quality(scored: Scored, trigger: float, target_precision: float) -> dict[str, Any]:
    """Return what a trigger finds on two halves of the items, divided by a hash of their id.

    The first half is the one to choose a trigger on, and names the lowest that reaches the target
    precision even if every unanswered warning were a no; the second is not looked at in choosing.
    """
    first_by_id = {i: keyed_digest("text_trigger", str(i)) % 2 == 0 for i in set(scored.item_ids)}
    is_first = np.array([first_by_id[i] for i in scored.item_ids], dtype=bool)
    first, second = scored.where(is_first), scored.where(~is_first)
    return {
        "trigger": trigger,
        "chosen_on": _found(first, trigger),
        "held_out": _found(second, trigger),
        "target_precision": target_precision,
        "lowest_trigger": lowest_trigger(first, target_precision),
    }


def lowest_trigger(scored: Scored, target_precision: float) -> float | None:
    """Return the lowest cosine from which on at least the target share are yeses.

    What no statement answers counts as a no: maintainers write down the yeses that they know, and
    of 45 unanswered matches read, about a third were true. None where no threshold that fires 20
    times or more gets there (fewer are luck), and where there are no noes to tell yeses from.
    """
    if not scored.is_no.any():
        return None
    order = np.argsort(-scored.near, kind="stable")
    near, n_yes = scored.near[order], np.cumsum(scored.is_yes[order])
    n_fired = np.arange(1, len(near) + 1)
    ends_tie = np.append(near[1:] < near[:-1], near[-1] > -1)
    good = ends_tie & (n_fired >= _MIN_FIRED) & (n_yes >= target_precision * n_fired)
    return float(near[np.flatnonzero(good)[-1]]) if good.any() else None


def _found(scored: Scored, trigger: float) -> dict[str, Any]:
    """Return precision and recall; `worst_precision` counts unanswered warnings as noes."""
    fired = scored.near >= trigger
    n_right, n_wrong = int((fired & scored.is_yes).sum()), int((fired & scored.is_no).sum())
    n_fired, n_yes = int(fired.sum()), int(scored.is_yes.sum())
    return {
        "n_yes": n_yes,
        "n_no": int(scored.is_no.sum()),
        "fired_on_yes": n_right,
        "fired_on_no": n_wrong,
        "fired_on_unanswered": n_fired - n_right - n_wrong,
        "precision": _share(n_right, n_right + n_wrong),
        "worst_precision": _share(n_right, n_fired),
        "recall": _share(n_right, n_yes),
    }


def _share(part: int, whole: int) -> dict[str, Any] | None:
    return share_with_interval(part, whole) if whole else None


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
