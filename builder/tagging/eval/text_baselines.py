"""Baselines for the heads: the bare cosine, and a list of keywords.

Neither is fitted. Both read every text of an item, as the heads do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from builder.records import Sentence
from builder.tagging.similarity.about import content_words
from builder.tagging.similarity.text_evidence import keyword_key
from builder.taxonomy import ContentWarning

_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")


def bare_cosine(vectors: NDArray[np.float32], prototypes: NDArray[np.float32]) -> float:
    """Return the highest cosine of a sentence with a warning; -1 without sentences.

    Args:
        vectors: (n_sentences, dim), rows L2-normalised, of one item.
        prototypes: (n_warnings, dim), rows L2-normalised, of one trait's warnings.
    """
    return float((vectors @ prototypes.T).max(initial=-1.0))


def count_keywords(sentences: Sequence[Sentence], warnings: Sequence[ContentWarning]) -> float:
    """Return how many of the warnings' words and keywords an item's texts contain.

    The content words of a warning's question ("gore", "blood") count as well as its keywords, which
    alone find less, as they are phrases from catalogues.
    """
    text = " ".join(f" {keyword_key(sentence.text)} " for sentence in sentences)
    words = set(_WORD.findall(text))
    phrases = {keyword_key(keyword) for warning in warnings for keyword in warning.keywords}
    about = frozenset[str]().union(*map(content_words, warnings))
    return float(len(about & words) + sum(f" {phrase} " in text for phrase in phrases))


def trait_columns(warning_ids: Sequence[str], warnings: Mapping[str, ContentWarning]) -> list[int]:
    """Return the rows of the prototypes that belong to a trait's warnings."""
    number_by_id = {warning: number for number, warning in enumerate(warnings)}
    return [number_by_id[warning] for warning in warning_ids]
