"""Labelled (item, trait) pairs scored by head, bare cosine and keyword list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.records import Sentence
from builder.sources import Reject
from builder.tagging.eval.scoring import Scored
from builder.tagging.eval.text_baselines import bare_cosine, count_keywords, trait_columns
from builder.tagging.heads.features import Reader, TextRow
from builder.tagging.heads.heads import Heads
from builder.tagging.heads.likelihoods import probability

PEERS = ("cosine", "keywords")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label to measure by: `place` names it in rejections."""

    place: str
    item_id: str
    trait: str
    is_unsafe: bool


@dataclass(frozen=True)
class Texts:
    """The items' sentences and rows; the sentences name rows of `vectors` (n, dim)."""

    sentences: Mapping[str, Sequence[Sentence]]
    rows: Mapping[str, Sequence[TextRow]]
    vectors: NDArray[np.float32]

    @classmethod
    def read(
        cls, reader: Reader, sentences: Iterable[Sentence], vectors: NDArray[np.float32]
    ) -> Texts:
        """Return the texts of the items that the sentences are of."""
        said: dict[str, list[Sentence]] = {}
        for sentence in sentences:
            said.setdefault(sentence.item_id, []).append(sentence)
        rows: dict[str, list[TextRow]] = {}
        for row in reader.read([s for own in said.values() for s in own], vectors):
            rows.setdefault(row.item_id, []).append(row)
        return cls(said, rows, vectors)


def score_labelled(
    labelled: Iterable[Labelled], texts: Texts, reader: Reader, heads: Heads, reject: Reject
) -> dict[str, Scored]:
    """Return the scores by trait, in the taxonomy's order.

    The head is that of the item's fold, which has seen none of its labels. A pair whose item has
    no text that a head reads, or whose trait has no head, is rejected.
    """
    told: dict[str, list[tuple[str, bool, float, float, float]]] = {}
    for label in labelled:
        head = heads.heads.get(label.trait)
        if head is None:
            reject(label.place, "trait has no head", label.trait)
            continue
        share = probability(texts.rows.get(label.item_id, ()), heads, head)
        if share is None:
            reject(label.place, "no text that a head reads", label.item_id)
            continue
        cosine, words = _peers(label, texts, reader)
        row = (label.item_id, label.is_unsafe, share, cosine, words)
        told.setdefault(label.trait, []).append(row)
    return {trait: _scored(told[trait]) for trait in reader.taxonomy.traits if trait in told}


def _peers(label: Labelled, texts: Texts, reader: Reader) -> tuple[float, float]:
    said = texts.sentences[label.item_id]
    ids = reader.taxonomy.traits[label.trait].warnings
    warnings = reader.taxonomy.warnings
    prototypes = reader.prototypes[trait_columns(ids, warnings)]
    own = texts.vectors[[sentence.vector for sentence in said]]
    return bare_cosine(own, prototypes), count_keywords(said, [warnings[i] for i in ids])


def _scored(rows: Sequence[tuple[str, bool, float, float, float]]) -> Scored:
    item_ids, is_unsafe, *scores = zip(*rows, strict=True)
    names = ("head", *PEERS)
    return Scored(
        item_ids=tuple(item_ids),
        is_unsafe=np.array(is_unsafe, dtype=bool),
        scores={name: np.array(own) for name, own in zip(names, scores, strict=True)},
    )
