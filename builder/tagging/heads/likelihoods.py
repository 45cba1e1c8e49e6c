"""What heads make of text rows: log likelihood ratios, one for each item, trait and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from builder.records import TextLikelihood
from builder.tagging.encode.sentences import NAMELESS_KINDS
from builder.tagging.heads.design import Floats
from builder.tagging.heads.features import Reader, TextRow
from builder.tagging.heads.heads import Head, Heads, fold_of

_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one text row says of one trait.

    `log_ratio`: see builder/tagging/heads/heads.py. `weights` and `mean`: (width,), of its block.
    """

    row: TextRow
    log_ratio: float
    weights: Floats
    mean: Floats


def item_log_ratios(rows: Sequence[TextRow], heads: Heads, head: Head) -> list[Spoken]:
    """Return what each row of one item says of a trait, by the head of the item's fold.

    The head's constant is divided among the rows, so that their sum with the base rate's logit is
    the head's own. Rows of a source or kind that no labelled item had are left out.
    """
    number_by_block = {block: number for number, block in enumerate(heads.blocks)}
    known = [row for row in rows if row.block in number_by_block]
    if not known:
        return []
    fold = fold_of(known[0].item_id, heads.folds)
    share = float(head.constants[fold]) / len(known)
    spoken = []
    for row in known:
        block = number_by_block[row.block]
        weights = head.weights[fold, block].astype(np.float64)
        mean = heads.means[block].astype(np.float64)
        ratio = float((row.values - mean) @ weights) + share
        spoken.append(Spoken(row, ratio, weights, mean))
    return spoken


def probability(rows: Sequence[TextRow], heads: Heads, head: Head) -> float | None:
    """Return how likely one item is to be unsafe by all its texts, None where no head reads any."""
    spoken = item_log_ratios(rows, heads, head)
    if not spoken:
        return None
    base = float(head.bases[fold_of(rows[0].item_id, heads.folds)])
    return float(1 / (1 + np.exp(-base - sum(one.log_ratio for one in spoken))))


def likelihoods(
    rows: Iterable[TextRow],
    vectors: NDArray[np.float32],
    reader: Reader,
    heads: Heads,
    taught_by: Sequence[str],
) -> Iterator[TextLikelihood]:
    """Yield a row for each item, trait with a head, and source of its texts, in that order.

    Args:
        rows: Sorted by item.
        vectors: That the rows' sentences name.
        reader: That read the rows.
        heads: Fitted on any items.
        taught_by: Evidence that labelled them, "source:kind".
    """
    for _, group in groupby(rows, key=lambda row: row.item_id):
        own = list(group)
        for trait, head in heads.heads.items():
            spoken = item_log_ratios(own, heads, head)
            for source, said in groupby(spoken, key=lambda one: one.row.block[0]):
                yield _likelihood(trait, source, list(said), vectors, reader, taught_by)


def _likelihood(
    trait: str,
    source: str,
    said: Sequence[Spoken],
    vectors: NDArray[np.float32],
    reader: Reader,
    taught_by: Sequence[str],
) -> TextLikelihood:
    """Return the row of one source; a genre is its loudest word only where no sentence agrees."""
    ratio = round(sum(one.log_ratio for one in said), _DECIMALS)
    sign = 1 if ratio >= 0 else -1
    loudest = max(
        (
            (sentence.kind not in NAMELESS_KINDS and part > 0, part, -number, sentence)
            for one in said
            for number, (part, sentence) in enumerate(
                zip(sign * _parts(one, trait, vectors, reader), one.row.sentences, strict=True)
            )
        ),
        key=lambda told: told[:3],
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


def _parts(one: Spoken, trait: str, vectors: NDArray[np.float32], reader: Reader) -> Floats:
    """Return what each sentence would say alone, by its vector and by its nearest warning."""
    own = vectors[[sentence.vector for sentence in one.row.sentences]].astype(np.float64)
    n_dim, column = own.shape[1], reader.nearest_column(trait)
    by_vector = (own - one.mean[:n_dim]) @ one.weights[:n_dim]
    by_warning = (reader.nearest(own, trait) - one.mean[column]) * one.weights[column]
    parts: Floats = np.round((by_vector + by_warning) / len(own), _DECIMALS)
    return parts
