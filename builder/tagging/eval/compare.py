"""Scores labelled (item, trait) pairs by head, bare cosine and keyword list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.records import Sentence
from builder.sources import Reject
from builder.tagging.eval.scoring import TraitScores
from builder.tagging.eval.text_baselines import bare_cosine, count_keywords, trait_columns
from builder.tagging.heads.features import FeatureReader, TextRow
from builder.tagging.heads.heads import Heads
from builder.tagging.heads.likelihoods import probability

BASELINES = ("cosine", "keywords")


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """A labelled (item, trait) pair.

    Attributes:
        place: Where the label is from, for rejections.
        item_id: The item.
        trait: The trait's name.
        is_unsafe: The label.
    """

    place: str
    item_id: str
    trait: str
    is_unsafe: bool


@dataclass(frozen=True)
class Texts:
    """The texts of the labelled items.

    Attributes:
        sentences: Sentences by item id.
        rows: Rows by item id.
        vectors: (n, dim), of the sentences.
    """

    sentences: Mapping[str, Sequence[Sentence]]
    rows: Mapping[str, Sequence[TextRow]]
    vectors: NDArray[np.float32]

    @classmethod
    def read(
        cls, reader: FeatureReader, sentences: Iterable[Sentence], vectors: NDArray[np.float32]
    ) -> Texts:
        """Return the texts of the items that have sentences."""
        sentences_by_item: dict[str, list[Sentence]] = {}
        for sentence in sentences:
            sentences_by_item.setdefault(sentence.item_id, []).append(sentence)
        rows: dict[str, list[TextRow]] = {}
        for row in reader.read(
            [s for item_sentences in sentences_by_item.values() for s in item_sentences], vectors
        ):
            rows.setdefault(row.item_id, []).append(row)
        return cls(sentences_by_item, rows, vectors)


def score_labelled(
    labelled: Iterable[LabelledPair],
    texts: Texts,
    reader: FeatureReader,
    heads: Heads,
    reject: Reject,
) -> dict[str, TraitScores]:
    """Return the scores by trait, in the taxonomy's order.

    An item is scored by the head of its fold, which has seen none of its labels. A pair whose item
    has no text that a classifier uses, or whose trait has no classifier, is rejected.
    """
    rows_by_trait: dict[str, list[tuple[str, bool, float, float, float]]] = {}
    for label in labelled:
        head = heads.heads.get(label.trait)
        if head is None:
            reject(label.place, "trait has no classifier", label.trait)
            continue
        share = probability(texts.rows.get(label.item_id, ()), heads, head)
        if share is None:
            reject(label.place, "no text that a classifier uses", label.item_id)
            continue
        cosine, words = _baseline_scores(label, texts, reader)
        row = (label.item_id, label.is_unsafe, share, cosine, words)
        rows_by_trait.setdefault(label.trait, []).append(row)
    return {
        trait: _scored(rows_by_trait[trait])
        for trait in reader.taxonomy.traits
        if trait in rows_by_trait
    }


def _baseline_scores(
    label: LabelledPair, texts: Texts, reader: FeatureReader
) -> tuple[float, float]:
    sentences = texts.sentences[label.item_id]
    ids = reader.taxonomy.traits[label.trait].warnings
    warnings = reader.taxonomy.warnings
    prototypes = reader.prototypes[trait_columns(ids, warnings)]
    vectors = texts.vectors[[sentence.vector for sentence in sentences]]
    return bare_cosine(vectors, prototypes), count_keywords(sentences, [warnings[i] for i in ids])


def _scored(rows: Sequence[tuple[str, bool, float, float, float]]) -> TraitScores:
    item_ids, is_unsafe, *scores = zip(*rows, strict=True)
    names = ("head", *BASELINES)
    return TraitScores(
        item_ids=tuple(item_ids),
        is_unsafe=np.array(is_unsafe, dtype=bool),
        scores={name: np.array(values) for name, values in zip(names, scores, strict=True)},
    )
