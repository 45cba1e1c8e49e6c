"""A light head per trait: logistic regression on text rows, calibrated, one for each fold of items.

The folds are keyed by item id. The head of a fold has seen no label of the fold's items: neither
its weights nor its calibration (Platt, 1999), which is fitted on scores of heads that left out two
folds. So any item may be scored by the head of its own fold, whether it is labelled or not.

The logit of a head is a sum over the item's text rows. A row less the mean row of its block counts
with the block's weights, so a text that is missing says nothing:

    logit P(unsafe | texts) = logit(base rate) + sum of log P(row | unsafe) / P(row | safe)

A trait with too few labels is scored by one slope for its rows' nearest warning, fitted on the
labels of all traits together.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from builder.seeding import keyed_digest
from builder.tagging.features import Block, Reader, TextRow
from builder.tagging.labels import Labels
from builder.tagging.sentences import NAMELESS_KINDS

Floats = NDArray[np.float64]

_NEVER = 1e6
"""Inverse penalty that is none, for slopes of one or two numbers."""

_STEEPEST = 5.0
"""Logits for one standard deviation of the nearest warning; measured slopes are below 1."""


@dataclass(frozen=True, slots=True)
class HeadRules:
    """How heads are fitted.

    `folds`: of items. `inverse_penalty`: scikit-learn's C. `min_labels`: of either answer, for a
    head of its own. `part_weights`: how much mean, cosines, nearest and words count, before the
    penalty.
    """

    folds: int
    inverse_penalty: float
    min_labels: int
    part_weights: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Head:
    """One trait's heads: `weights` (folds, n_blocks, width), `constants` and `bases` (folds,).

    `constants`: logit of an item without texts, less the base rate's; `bases`: that logit.
    `is_pooled`: whether the weights are those that traits with few labels share.
    """

    weights: NDArray[np.float32]
    constants: Floats
    bases: Floats
    is_pooled: bool


@dataclass(frozen=True, slots=True)
class Heads:
    """All heads by trait, the mean row of each block, (n_blocks, width), and the folds."""

    blocks: tuple[Block, ...]
    means: NDArray[np.float32]
    heads: Mapping[str, Head]
    folds: int
    background: Floats


def fold_of(item_id: str, folds: int) -> int:
    """Return the fold of an item, 0 to folds - 1."""
    return keyed_digest("text heads", item_id) % folds


@dataclass(frozen=True)
class _Design:
    """Labelled items as a matrix: (n_items, n_blocks, width), absent rows 0, and their folds."""

    item_ids: tuple[str, ...]
    blocks: tuple[Block, ...]
    means: Floats
    scales: Floats
    matrix: Floats
    fold: NDArray[np.int64]


def fit_heads(rows: Sequence[TextRow], reader: Reader, labels: Labels, rules: HeadRules) -> Heads:
    """Return heads for the traits of the taxonomy that some label speaks of, directly or pooled.

    Args:
        rows: Of the labelled items, sorted by item.
        reader: That read them.
        labels: By trait and item; items without rows teach nothing.
        rules: See `HeadRules`.
    """
    if not rows:
        none = np.zeros((0, reader.width), dtype=np.float32)
        return Heads((), none, {}, rules.folds, reader.background)
    with threadpool_limits(1):
        design = _design(rows, reader, rules)
        rotated, back = _rotate(design)
        heads: dict[str, Head] = {}
        known: dict[bytes, Head] = {}  # traits of one main category often share their labels
        targets = {t: _targets(design, labels.get(t, {})) for t in reader.taxonomy.traits}
        few = []
        for trait, y in targets.items():
            if min((y == 1).sum(), (y == 0).sum()) < rules.min_labels:
                few.append(trait)
                continue
            key = y.tobytes()
            if key not in known:
                known[key] = _fit_head(rotated, back, design, y, rules)
            heads[trait] = known[key]
        heads |= _pooled_heads(few, targets, design, reader, rules)
    return Heads(
        design.blocks, design.means.astype(np.float32), heads, rules.folds, reader.background
    )


def _design(rows: Sequence[TextRow], reader: Reader, rules: HeadRules) -> _Design:
    item_ids = tuple(sorted({row.item_id for row in rows}))
    blocks = tuple(sorted({row.block for row in rows}))
    row_by_id = {item_id: number for number, item_id in enumerate(item_ids)}
    number_by_block = {block: number for number, block in enumerate(blocks)}
    matrix: Floats = np.zeros((len(item_ids), len(blocks), reader.width))
    present = np.zeros((len(item_ids), len(blocks)), dtype=bool)
    for row in rows:
        place = row_by_id[row.item_id], number_by_block[row.block]
        matrix[place], present[place] = row.values, True
    n_present = np.maximum(present.sum(axis=0), 1)[:, None]
    means = matrix.sum(axis=0) / n_present
    matrix = np.where(present[:, :, None], matrix - means, 0.0)
    scales = _scales(matrix, n_present, reader, rules)
    fold = np.array([fold_of(item_id, rules.folds) for item_id in item_ids], dtype=np.int64)
    return _Design(item_ids, blocks, means, scales, matrix * scales, fold)


def _scales(matrix: Floats, n_present: Floats, reader: Reader, rules: HeadRules) -> Floats:
    """Return what each number is multiplied by: (n_blocks, width).

    Mean vectors and words are scaled as one, so that the part's rows have a mean square of 1;
    cosines each on its own, all of a part together having that mean square.
    """
    ends = np.cumsum([0, *reader.parts])
    squares = (matrix**2).sum(axis=0) / n_present
    scales: Floats = np.zeros_like(squares)
    parts = zip(ends, ends[1:], rules.part_weights, (True, False, False, True), strict=False)
    for start, end, weight, is_whole in parts:
        own = squares[:, start:end]
        spread = own.sum(axis=1, keepdims=True) if is_whole else own * (end - start)
        root = np.sqrt(spread)
        scales[:, start:end] = np.where(root > 1e-6, weight / np.maximum(root, 1e-9), 0.0)
    return scales


def _rotate(design: _Design) -> tuple[Floats, Floats]:
    """Return the items' coordinates and the way back to the columns.

    A penalised fit does not change with the axes, and there are far fewer items than columns.
    """
    flat = design.matrix.reshape(len(design.item_ids), -1)
    left, singular, right = np.linalg.svd(flat, full_matrices=False)
    return left * singular, right


def _targets(design: _Design, labels: Mapping[str, bool]) -> NDArray[np.int64]:
    return np.array(
        [int(labels[i]) if i in labels else -1 for i in design.item_ids], dtype=np.int64
    )


def _fit_head(
    rotated: Floats, back: Floats, design: _Design, y: NDArray[np.int64], rules: HeadRules
) -> Head:
    folds = range(rules.folds)
    left_out: dict[frozenset[int], tuple[Floats, float]] = {}
    for pair in itertools.combinations_with_replacement(folds, 2):
        seen = (y >= 0) & ~np.isin(design.fold, pair)
        left_out[frozenset(pair)] = _fit(rotated[seen], y[seen], rules.inverse_penalty)
    weights, constants, bases = [], [], []
    for fold in folds:
        scores = np.zeros(len(y))
        for other in folds:
            slope, constant = left_out[frozenset((fold, other))]
            own = design.fold == other
            scores[own] = rotated[own] @ slope + constant
        taught = (y >= 0) & (design.fold != fold)
        factor, shift = _platt(scores[taught], y[taught])
        slope, constant = left_out[frozenset((fold,))]
        base = _logit(y[taught].mean())
        weights.append((factor * (slope @ back)).reshape(design.scales.shape) * design.scales)
        constants.append(factor * constant + shift - base)
        bases.append(base)
    return Head(
        np.stack(weights).astype(np.float32), np.array(constants), np.array(bases), is_pooled=False
    )


def _fit(x: Floats, y: NDArray[np.int64], inverse_penalty: float) -> tuple[Floats, float]:
    if len(set(y.tolist())) < 2:
        return np.zeros(x.shape[1]), 0.0
    model = LogisticRegression(C=inverse_penalty, tol=1e-7, max_iter=1000).fit(x, y)
    slopes: Floats = model.coef_[0]
    return slopes, float(model.intercept_[0])


def _platt(scores: Floats, y: NDArray[np.int64]) -> tuple[float, float]:
    """Return factor and shift; a factor below 0 would say that the head is worse than nothing."""
    slope, shift = _fit(scores[:, None], y, _NEVER)
    return (float(slope[0]), shift) if slope[0] > 0 else (0.0, _logit(y.mean()))


def _logit(share: float) -> float:
    clipped = min(max(float(share), 1e-3), 1 - 1e-3)
    return float(np.log(clipped / (1 - clipped)))


def _pooled_heads(
    few: Sequence[str],
    targets: Mapping[str, NDArray[np.int64]],
    design: _Design,
    reader: Reader,
    rules: HeadRules,
) -> dict[str, Head]:
    """Return heads of one slope that the labels of all traits fitted together.

    None where all traits together have too few labels of either answer.
    """
    n_traits = len(reader.taxonomy.traits)
    unit = np.sqrt(n_traits) / rules.part_weights[2]
    named = np.array([kind not in NAMELESS_KINDS for _, kind in design.blocks])
    nearest = [design.matrix[:, named, reader.nearest_column(trait)] for trait in targets]
    x = np.stack([columns.sum(axis=1) for columns in nearest]) * unit
    y = np.stack(list(targets.values()))
    if not few or min((y == 1).sum(), (y == 0).sum()) < rules.min_labels:
        return {}
    weights = {trait: np.zeros((rules.folds, *design.scales.shape), np.float32) for trait in few}
    bases = {trait: np.zeros(rules.folds) for trait in few}
    for fold in range(rules.folds):
        taught = (y >= 0) & (design.fold != fold)
        shares = [_share(own[seen]) for own, seen in zip(y, taught, strict=True)]
        offsets = np.array([[_logit(share)] for share in shares]) + np.zeros_like(x)
        slope = _one_slope(x[taught], offsets[taught], y[taught])
        for row, trait in enumerate(targets):
            if trait in weights:
                column = reader.nearest_column(trait)
                weights[trait][fold, named, column] = slope * unit * design.scales[named, column]
                bases[trait][fold] = _logit(shares[row])
    none = np.zeros(rules.folds)
    return {trait: Head(weights[trait], none, bases[trait], is_pooled=True) for trait in few}


def _share(y: NDArray[np.int64]) -> float:
    """Return the share of ones, drawn towards a half by one label of each answer."""
    return float((y.sum() + 1) / (len(y) + 2))


def _one_slope(x: Floats, offsets: Floats, y: NDArray[np.int64]) -> float:
    """Return the slope of x, not below 0, under which y is likeliest."""

    def loss(slope: float) -> float:
        logits = offsets + slope * x
        return float((np.logaddexp(0, logits) - y * logits).mean())

    return float(minimize_scalar(loss, bounds=(0, _STEEPEST), method="bounded").x)
