"""Log likelihood ratios that heads give to text rows: one per item, trait and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from builder.records import TextLikelihood
from builder.tagging.encode.sentences import NAMELESS_KINDS
from builder.tagging.heads.design import Floats
from builder.tagging.heads.features import FeatureReader, TextRow
from builder.tagging.heads.heads import Head, Heads, fold_of

_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class RowLikelihood:
    """What one text row says about one trait.

    Attributes:
        row: The text row.
        log_ratio: See builder/tagging/heads/heads.py.
        weights: (width,), of its block.
        mean: (width,), of its block.
    """

    row: TextRow
    log_ratio: float
    weights: Floats
    mean: Floats


def item_log_ratios(rows: Sequence[TextRow], heads: Heads, head: Head) -> list[RowLikelihood]:
    """Return what each row of one item says about a trait, by the head of the item's fold.

    The head's constant is divided among the rows, so that they and the base rate's logit add up to
    the head's logit. Rows of a source or kind that no labelled item had are left out.
    """
    number_by_block = {block: number for number, block in enumerate(heads.blocks)}
    usable = [row for row in rows if row.block in number_by_block]
    if not usable:
        return []
    fold = fold_of(usable[0].item_id, heads.folds)
    share = float(head.constants[fold]) / len(usable)
    contributions = []
    for row in usable:
        block = number_by_block[row.block]
        weights = head.weights[fold, block].astype(np.float64)
        mean = heads.means[block].astype(np.float64)
        ratio = float((row.values - mean) @ weights) + share
        contributions.append(RowLikelihood(row, ratio, weights, mean))
    return contributions


def probability(rows: Sequence[TextRow], heads: Heads, head: Head) -> float | None:
    """Return the probability that an item is unsafe by all its texts; None if no head reads any."""
    contributions = item_log_ratios(rows, heads, head)
    if not contributions:
        return None
    base = float(head.bases[fold_of(rows[0].item_id, heads.folds)])
    return float(1 / (1 + np.exp(-base - sum(one.log_ratio for one in contributions))))


def likelihoods(
    rows: Iterable[TextRow],
    vectors: NDArray[np.float32],
    reader: FeatureReader,
    heads: Heads,
    taught_by: Sequence[str],
) -> Iterator[TextLikelihood]:
    """Yield a row for each item, trait with a head, and source of its texts, in that order.

    Args:
        rows: Sorted by item.
        vectors: Vectors of the rows' sentences.
        reader: That read the rows.
        heads: Fitted on any items.
        taught_by: Evidence that the heads' labels are from, as "source:kind".
    """
    for _, group in groupby(rows, key=lambda row: row.item_id):
        item_rows = list(group)
        for trait, head in heads.heads.items():
            contributions = item_log_ratios(item_rows, heads, head)
            for source, of_source in groupby(contributions, key=lambda one: one.row.block[0]):
                yield _likelihood(trait, source, list(of_source), vectors, reader, taught_by)


def _likelihood(
    trait: str,
    source: str,
    contributions: Sequence[RowLikelihood],
    vectors: NDArray[np.float32],
    reader: FeatureReader,
    taught_by: Sequence[str],
) -> TextLikelihood:
    """Return the row of one source, with the sentence that contributes most.

    A genre is that sentence only if no sentence of another text points the same way.
    """
    ratio = round(sum(one.log_ratio for one in contributions), _DECIMALS)
    sign = 1 if ratio >= 0 else -1
    loudest = max(
        (
            (sentence.kind not in NAMELESS_KINDS and part > 0, part, -number, sentence)
            for one in contributions
            for number, (part, sentence) in enumerate(
                zip(sign * _parts(one, trait, vectors, reader), one.row.sentences, strict=True)
            )
        ),
        key=lambda ranked: ranked[:3],
    )[3]
    return TextLikelihood(
        item_id=loudest.item_id,
        trait=trait,
        log_ratio=ratio,
        kind=loudest.kind,
        sentence=loudest.text,
        source=source,
        licence=loudest.licence,
        taught_by=tuple(taught_by),
    )


def _parts(
    one: RowLikelihood, trait: str, vectors: NDArray[np.float32], reader: FeatureReader
) -> Floats:
    """Return what each sentence contributes by its vector and by its nearest warning."""
    sentence_vectors = vectors[[sentence.vector for sentence in one.row.sentences]].astype(
        np.float64
    )
    n_dim, column = sentence_vectors.shape[1], reader.nearest_column(trait)
    by_vector = (sentence_vectors - one.mean[:n_dim]) @ one.weights[:n_dim]
    by_warning = (reader.nearest(sentence_vectors, trait) - one.mean[column]) * one.weights[column]
    parts: Floats = np.round((by_vector + by_warning) / len(sentence_vectors), _DECIMALS)
    return parts
