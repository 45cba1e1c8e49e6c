"""A light head per trait: calibrated logistic regression on text rows, one for each fold of items.

The folds are keyed by item id. The head of a fold has seen no label of the fold's items: neither
its weights nor its calibration (Platt, 1999), which is fitted on scores of heads that left out two
folds. So any item may be scored by the head of its own fold, whether it is labelled or not.

A head's logit is a sum over the item's text rows. Each row, less the mean row of its block, is
multiplied by the block's weights, so a missing text contributes nothing:

    logit P(unsafe | texts) = logit(base rate) + sum of log P(row | unsafe) / P(row | safe)

A trait with too few labels is scored by a single slope for the "nearest" column of its rows, fitted
on the labels of all traits together.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from threadpoolctl import threadpool_limits

from builder.seeding import keyed_digest
from builder.settings import Strict
from builder.tagging.encode.sentences import NAMELESS_KINDS
from builder.tagging.heads.design import Design, Floats, make_design, rotate
from builder.tagging.heads.features import Block, FeatureReader, TextRow
from builder.tagging.heads.logistic import calibrate, fit_logistic, fit_slope, logit
from builder.tagging.labels.evidence_labels import Shares

_HALF = 0.5


Weight = Annotated[float, Field(gt=0)]


class PartWeights(Strict):
    """How much each part of a text's numbers counts, before the penalty.

    Attributes:
        mean: The text's mean vector.
        cosines: Its cosines with the warnings.
        nearest: Its nearest sentence to each warning of the trait.
        words: The words of a reason.
    """

    mean: Weight
    cosines: Weight
    nearest: Weight
    words: Weight

    @property
    def in_order(self) -> tuple[float, float, float, float]:
        """The weights in the order in which a row's parts lie."""
        return self.mean, self.cosines, self.nearest, self.words


class HeadRules(Strict):
    """How heads are fitted.

    Attributes:
        folds: Number of folds of items.
        inverse_penalty: scikit-learn's C.
        min_labels: Of each answer, for a trait to have its own head.
        part_weights: Of the parts of a text's numbers.
        axes: At most, by which items are described.
    """

    folds: Annotated[int, Field(ge=3)]
    inverse_penalty: Weight
    min_labels: Annotated[int, Field(ge=1)]
    part_weights: PartWeights
    axes: Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True)
class Head:
    """The heads of one trait, one for each fold.

    Attributes:
        weights: (folds, n_blocks, width).
        constants: (folds,), logit of an item without texts, less the base rate's.
        bases: (folds,), logit of the base rate.
        is_pooled: The weights are those that traits with few labels share.
    """

    weights: NDArray[np.float32]
    constants: Floats
    bases: Floats
    is_pooled: bool


@dataclass(frozen=True, slots=True)
class Heads:
    """All heads.

    Attributes:
        blocks: That the heads read.
        means: (n_blocks, width), mean row of each block.
        heads: Heads by trait.
        folds: Number of folds of items.
        background: (n_warnings,), see `builder.tagging.heads.features`.
    """

    blocks: tuple[Block, ...]
    means: NDArray[np.float32]
    heads: Mapping[str, Head]
    folds: int
    background: Floats


def fold_of(item_id: str, folds: int) -> int:
    """Return the fold of an item: 0 to folds - 1."""
    return keyed_digest("text heads", item_id) % folds


@dataclass(frozen=True)
class _TrainingSet:
    """What heads are fitted on.

    Attributes:
        design: The design matrix.
        coordinates: (n_items, n_axes), of the items.
        back: (n_axes, n_columns), from axes to columns.
        fold: (n_items,), of each item.
        shares: By trait, (n_items,), how far each item is unsafe; nan if unknown.
    """

    design: Design
    coordinates: Floats
    back: Floats
    fold: NDArray[np.int64]
    shares: Mapping[str, Floats]

    def answers(self, trait: str) -> NDArray[np.int64]:
        """Return 1 for unsafe items, 0 for safe ones and -1 for unknown ones: (n_items,)."""
        share = self.shares[trait]
        return np.where(np.isnan(share), -1, share >= _HALF).astype(np.int64)


def fit_heads(
    rows: Iterable[TextRow], reader: FeatureReader, labels: Shares, rules: HeadRules
) -> Heads:
    """Return heads for the traits of the taxonomy, of their own or pooled.

    Args:
        rows: Of the labelled items, in any order; iterated over once.
        reader: That read them.
        labels: Labels by trait and item, how far it is unsafe; items without rows are ignored.
        rules: See `HeadRules`.
    """
    with threadpool_limits(1):
        design = make_design(rows, reader, rules.part_weights.in_order)
        if not design.item_ids:
            none = np.zeros((0, reader.width), dtype=np.float32)
            return Heads((), none, {}, rules.folds, reader.background)
        training = _training_set(design, reader.taxonomy.traits, labels, rules)
        heads: dict[str, Head] = {}
        few = []
        # Traits of one main category often have the same labels, and then one head.
        head_by_labels: dict[bytes, Head] = {}
        for trait, shares in training.shares.items():
            y = training.answers(trait)
            if min((y == 1).sum(), (y == 0).sum()) < rules.min_labels:
                few.append(trait)
                continue
            key = shares.tobytes()
            if key not in head_by_labels:
                head_by_labels[key] = _fit_head(shares, y, training, rules)
            heads[trait] = head_by_labels[key]
        heads |= _pooled_heads(few, training, reader, rules)
    return Heads(
        design.blocks, design.means.astype(np.float32), heads, rules.folds, reader.background
    )


def _training_set(
    design: Design, traits: Iterable[str], labels: Shares, rules: HeadRules
) -> _TrainingSet:
    shares = {}
    for trait in traits:
        share_by_item = labels.get(trait, {})
        shares[trait] = np.array(
            [share_by_item.get(i, np.nan) for i in design.item_ids], dtype=np.float64
        )
    fold = np.array([fold_of(item_id, rules.folds) for item_id in design.item_ids], dtype=np.int64)
    return _TrainingSet(design, *rotate(design, rules.axes), fold, shares)


def _fit_head(
    shares: Floats, y: NDArray[np.int64], training: _TrainingSet, rules: HeadRules
) -> Head:
    """Return a head whose weights are fitted on shares and calibrated on yes-or-no answers."""
    folds, x, scales = range(rules.folds), training.coordinates, training.design.scales
    left_out: dict[frozenset[int], tuple[Floats, float]] = {}
    for pair in itertools.combinations_with_replacement(folds, 2):
        seen = (y >= 0) & ~np.isin(training.fold, pair)
        left_out[frozenset(pair)] = fit_logistic(x[seen], shares[seen], rules.inverse_penalty)
    weights, constants, bases = [], [], []
    for fold in folds:
        scores = np.zeros(len(y))
        for other in folds:
            slope, constant = left_out[frozenset((fold, other))]
            in_fold = training.fold == other
            scores[in_fold] = x[in_fold] @ slope + constant
        seen = (y >= 0) & (training.fold != fold)
        factor, shift = calibrate(scores[seen], y[seen])
        slope, constant = left_out[frozenset((fold,))]
        base = logit(y[seen].mean())
        weights.append((factor * (slope @ training.back)).reshape(scales.shape) * scales)
        constants.append(factor * constant + shift - base)
        bases.append(base)
    return Head(
        np.stack(weights).astype(np.float32), np.array(constants), np.array(bases), is_pooled=False
    )


def _pooled_heads(
    few: list[str], training: _TrainingSet, reader: FeatureReader, rules: HeadRules
) -> dict[str, Head]:
    """Return heads with one slope, fitted on the labels of all traits together.

    There are none if all traits together have too few labels of either answer.
    """
    y = np.stack([training.answers(trait) for trait in training.shares])
    if not few or min((y == 1).sum(), (y == 0).sum()) < rules.min_labels:
        return {}
    design = training.design
    named = np.array([kind not in NAMELESS_KINDS for _, kind in design.blocks])
    unit = np.sqrt(len(training.shares)) / rules.part_weights.nearest
    x = np.stack([_nearest(design, named, reader, trait) for trait in training.shares]) * unit
    weights = {trait: np.zeros((rules.folds, *design.scales.shape), np.float32) for trait in few}
    bases = {trait: np.zeros(rules.folds) for trait in few}
    for fold in range(rules.folds):
        seen = (y >= 0) & (training.fold != fold)
        shares = [_share(answers[is_known]) for answers, is_known in zip(y, seen, strict=True)]
        offsets = np.array([[logit(share)] for share in shares]) + np.zeros_like(x)
        slope = fit_slope(x[seen], offsets[seen], y[seen])
        for trait, share in zip(training.shares, shares, strict=True):
            if trait in weights:
                column = reader.nearest_column(trait)
                scale = design.scales[named, column]
                weights[trait][fold, named, column] = slope * unit * scale
                bases[trait][fold] = logit(share)
    none = np.zeros(rules.folds)
    return {trait: Head(weights[trait], none, bases[trait], is_pooled=True) for trait in few}


def _nearest(design: Design, named: NDArray[np.bool_], reader: FeatureReader, trait: str) -> Floats:
    """Return the trait's "nearest" column summed over the texts that name scenes: (n_items,)."""
    whole: Floats = np.zeros(len(design.item_ids))
    for block in np.flatnonzero(named):
        whole += design.column(int(block), reader.nearest_column(trait))
    return whole


def _share(y: NDArray[np.int64]) -> float:
    """Return the share of ones, smoothed by one label of each answer."""
    return float((y.sum() + 1) / (len(y) + 2))
