"""From sentences and labels to heads, and from heads to what each text says of each trait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from builder.records import Sentence, TextLikelihood
from builder.tagging.encode.vectors import Vectors
from builder.tagging.heads.features import FeatureReader, background_of
from builder.tagging.heads.heads import HeadRules, Heads, fit_heads
from builder.tagging.heads.likelihoods import likelihoods
from builder.tagging.labels.evidence_labels import Shares
from builder.taxonomy import Taxonomy

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Taught:
    """Heads with the labels that taught them.

    Attributes:
        reader: Of the features that the heads weigh.
        heads: One for each trait that has labels.
        labels: Labels by trait and item id, how far the item is unsafe.
    """

    reader: FeatureReader
    heads: Heads
    labels: Shares

    def likelihoods(
        self, sentences: Sequence[Sentence], vectors: Vectors, feeds: Sequence[str]
    ) -> Iterator[TextLikelihood]:
        """Yield what the texts of every item say; `feeds` name the evidence that taught."""
        rows = self.reader.read(sentences, vectors.sentences)
        return likelihoods(rows, vectors.sentences, self.reader, self.heads, feeds)

    def figures(self, taxonomy: Taxonomy) -> dict[str, Any]:
        """Return by trait how many labels of either answer there were, and what head it has."""
        heads = self.heads.heads
        return {
            "labels": {
                trait: dict(Counter("unsafe" if s >= _HALF else "safe" for s in shares.values()))
                for trait, shares in self.labels.items()
            },
            "heads": {
                trait: "none" if trait not in heads else _kind(heads[trait].is_pooled)
                for trait in taxonomy.traits
            },
        }


def _kind(is_pooled: bool) -> str:
    return "pooled slope" if is_pooled else "own head"


def teach_heads(
    sentences: Sequence[Sentence],
    vectors: Vectors,
    taxonomy: Taxonomy,
    labels: Shares,
    rules: HeadRules,
) -> Taught:
    """Return the heads that the labelled items teach.

    Args:
        sentences: Sentences of all items.
        vectors: Vectors of the sentences and the warnings.
        taxonomy: Whose traits get heads.
        labels: Labels by trait and item id, how far the item is unsafe.
        rules: How heads are fitted.
    """
    background = background_of(vectors.warnings, vectors.sentences)
    reader = FeatureReader(taxonomy, vectors.warnings, background)
    labelled = {item_id for by_item in labels.values() for item_id in by_item}
    labelled_sentences = [sentence for sentence in sentences if sentence.item_id in labelled]
    heads = fit_heads(reader.read(labelled_sentences, vectors.sentences), reader, labels, rules)
    return Taught(reader, heads, labels)
