"""An item's texts as features: one row per source and kind of text, of four parts.

    mean      the mean vector of its sentences                       (dim,)
    cosines   each warning's highest cosine with a sentence          (n_warnings,)
    nearest   each trait's highest cosine, less the warning's        (n_traits,)
              background: its mean cosine with all sentences
    words     1 for each word of a rating's reason, hashed           (N_BUCKETS,)

Reasons are set phrases, in which "some", "strong" and "graphic" make a difference that vectors
blur. The words of other kinds of text are left out: on the public votes they added nothing.

A sentence that denies a warning does not count towards its cosines. Rows of different sources are
kept apart: what a head makes of one source does not depend on another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from builder.records import Sentence, TextKind
from builder.seeding import keyed_digest
from builder.tagging.similarity.about import content_words
from builder.tagging.similarity.negation import is_ruled_out, may_deny
from builder.taxonomy import Taxonomy

Block = tuple[str, TextKind]
"""Source and kind of a text."""

N_BUCKETS = 256
"""For hashed words (Weinberger et al. 2009, arXiv 0902.2206); 1,024 were no better."""

WORD_KINDS: frozenset[TextKind] = frozenset({"reason"})
"""Kinds of text whose words are features."""

_LOWEST = -1.0
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class TextRow:
    """One item's text of one source and kind.

    Attributes:
        item_id: The item.
        block: Source and kind.
        values: (width,), see the module.
        sentences: Sentences of the text.
    """

    item_id: str
    block: Block
    values: NDArray[np.float64]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class FeatureReader:
    """Turns sentences into rows of features.

    Attributes:
        taxonomy: Of the warnings and traits.
        prototypes: (n_warnings, dim), rows L2-normalised, in the order of the taxonomy.
        background: (n_warnings,), see `background_of`.
    """

    taxonomy: Taxonomy
    prototypes: NDArray[np.float32]
    background: NDArray[np.float64]

    @property
    def width(self) -> int:
        """Length of a row."""
        return sum(self.parts)

    @property
    def parts(self) -> tuple[int, int, int, int]:
        """Lengths of the parts of a row, in order."""
        n_warnings, n_dim = self.prototypes.shape
        return n_dim, n_warnings, len(self.taxonomy.traits), N_BUCKETS

    def nearest_column(self, trait: str) -> int:
        """Return the column of the trait's nearest warning."""
        return sum(self.parts[:2]) + list(self.taxonomy.traits).index(trait)

    def nearest(self, vectors: NDArray[np.float64], trait: str) -> NDArray[np.float64]:
        """Return each vector's highest cosine with the trait's warnings, less their background."""
        columns = self._columns[trait]
        above = vectors @ self._wide[columns].T - self.background[columns]
        nearest: NDArray[np.float64] = above.max(axis=1)
        return nearest

    def read(
        self, sentences: Sequence[Sentence], vectors: NDArray[np.float32]
    ) -> Iterator[TextRow]:
        """Yield the rows of items, sorted by item, then source and kind.

        Args:
            sentences: All sentences of each item.
            vectors: (n_vectors, dim), rows L2-normalised; `Sentence.vector` is a row of it.
        """
        ordered = sorted(sentences, key=lambda s: (s.item_id, s.source, s.kind))
        for (item_id, source, kind), group in groupby(
            ordered, key=lambda s: (s.item_id, s.source, s.kind)
        ):
            sentences_of_row = tuple(group)
            row_vectors = vectors[[s.vector for s in sentences_of_row]].astype(np.float64)
            yield TextRow(
                item_id,
                (source, kind),
                self._values(sentences_of_row, row_vectors),
                sentences_of_row,
            )

    def _values(
        self, sentences: Sequence[Sentence], vectors: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        cosines = vectors @ self._wide.T
        for row, sentence in enumerate(sentences):
            if may_deny(sentence.text):
                denied = [is_ruled_out(sentence.text, words) for words in self._about]
                cosines[row, denied] = _LOWEST
        best = np.maximum(cosines.max(axis=0), self.background)
        parts = (vectors.mean(axis=0), best, self._nearest(best), _words(sentences))
        return np.concatenate(parts)

    def _nearest(self, best: NDArray[np.float64]) -> NDArray[np.float64]:
        columns, starts = self._grouped
        nearest: NDArray[np.float64] = np.maximum.reduceat(
            (best - self.background)[columns], starts
        )
        return nearest

    @cached_property
    def _about(self) -> list[frozenset[str]]:
        return [content_words(warning) for warning in self.taxonomy.warnings.values()]

    @cached_property
    def _wide(self) -> NDArray[np.float64]:
        return self.prototypes.astype(np.float64)

    @cached_property
    def _grouped(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The columns of all traits' warnings in one array, and where each trait's begin."""
        groups = list(self._columns.values())
        starts = np.cumsum([0, *map(len, groups)])[:-1]
        return np.concatenate([np.array(g, dtype=np.int64) for g in groups]), starts

    @cached_property
    def _columns(self) -> dict[str, list[int]]:
        number_by_id = {warning: number for number, warning in enumerate(self.taxonomy.warnings)}
        return {
            name: [number_by_id[warning] for warning in trait.warnings]
            for name, trait in self.taxonomy.traits.items()
        }


def _words(sentences: Sequence[Sentence]) -> NDArray[np.float64]:
    words: NDArray[np.float64] = np.zeros(N_BUCKETS)
    if sentences[0].kind in WORD_KINDS:
        present = {word for sentence in sentences for word in _WORD.findall(sentence.text.lower())}
        words[[_bucket(word) for word in sorted(present)]] = 1.0
    return words


@lru_cache(maxsize=65_536)
def _bucket(word: str) -> int:
    return keyed_digest("word of a reason", word) % N_BUCKETS


def background_of(
    prototypes: NDArray[np.float32], vectors: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return each warning's mean cosine with all vectors, (n_warnings,); 0 without vectors."""
    if not len(vectors):
        return np.zeros(len(prototypes))
    mean: NDArray[np.float64] = vectors.mean(axis=0, dtype=np.float64)
    return prototypes.astype(np.float64) @ mean
