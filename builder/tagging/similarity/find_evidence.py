"""All that sentences and phrases say of single warnings: by their words, and by likeness."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from builder.records import Evidence, Sentence
from builder.sources import Reject
from builder.tagging.encode.vectors import Vectors
from builder.tagging.similarity.cosines import find_matches
from builder.tagging.similarity.search import SearchName
from builder.tagging.similarity.text_evidence import (
    TextRules,
    keyword_evidence,
    similarity_evidence,
)
from builder.taxonomy import ContentWarning


def find_evidence(
    sentences: Sequence[Sentence],
    vectors: Vectors,
    warnings: Sequence[ContentWarning],
    rules: Mapping[str, TextRules],
    *,
    left_out: Collection[str],
    search: SearchName,
    reject: Reject,
) -> Iterator[Evidence]:
    """Yield the evidence of keywords, then that of similarity.

    Args:
        sentences: Sentences of all items.
        vectors: Vectors of the sentences and the warnings.
        warnings: Of the taxonomy, in its order.
        rules: Rules by kind of text.
        left_out: Kinds of text that speak of no single warning.
        search: Which search finds the sentences near to a warning.
        reject: Called for each sentence that rules a warning out.
    """
    lowest = min(rule.min_score for rule in rules.values())
    matches = find_matches(vectors.sentences, vectors.warnings, lowest, search)
    searched = [sentence for sentence in sentences if sentence.kind not in left_out]
    yield from keyword_evidence(searched, warnings)
    yield from similarity_evidence(searched, warnings, matches, rules, reject)
