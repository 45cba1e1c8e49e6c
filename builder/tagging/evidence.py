"""What an item's sentences say of the warnings, as evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from builder.errors import InputError
from builder.records import Evidence, EvidenceKind, Sentence, TextKind
from builder.sources import Reject
from builder.tagging.negation import content_words, is_negated
from builder.tagging.sentences import PHRASE_KINDS
from builder.tagging.similarity import Matches
from builder.taxonomy import ContentWarning

Pairs = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""Parallel arrays: sentence, warning, cosine."""


def similarity_evidence(
    sentences: Sequence[Sentence],
    warnings: Sequence[ContentWarning],
    matches: Matches,
    min_score: Mapping[TextKind, float],
    reject: Reject,
) -> Iterator[Evidence]:
    """Yield the best sentence of each item, warning, source and kind of text.

    A phrase of a list speaks for its nearest warning alone: "death of a parent" is nearer to the
    death of a parent than to that of a child, but near to both. A sentence that denies the
    warning is passed over for the next best, and rejected.

    Args:
        sentences: As embedded.
        warnings: In the order of the matches' warnings.
        matches: Pairs of vectors and warnings.
        min_score: Lowest cosine by kind of text, in [-1, 1].
        reject: Told of every denial.

    Raises:
        InputError: If a kind of text has no lowest cosine.
    """
    for kind in sorted({sentence.kind for sentence in sentences} - set(min_score)):
        raise InputError("params.yaml: tag.min_score", f"has no {kind!r}", "give its lowest cosine")
    words = [content_words(warning) for warning in warnings]
    done: tuple[object, ...] | None = None
    for row, column, cosine in zip(*_ranked(sentences, matches, min_score), strict=True):
        sentence, warning = sentences[row], warnings[column]
        group = (sentence.item_id, column, sentence.source, sentence.kind)
        if group == done:
            continue
        if is_negated(sentence.text, words[column]):
            detail = f"{warning.question}: {sentence.text!r} ({cosine:.2f})"
            reject(sentence.item_id, "sentence denies the warning", detail)
            continue
        done = group
        yield _evidence(sentence, "similarity", warning.id, float(cosine))


def _ranked(
    sentences: Sequence[Sentence], matches: Matches, min_score: Mapping[TextKind, float]
) -> Pairs:
    """Return pairs by item, warning, source and kind, in each the best first."""
    rows, columns, cosines = _spread(sentences, matches)
    is_phrase = np.array([s.kind in PHRASE_KINDS for s in sentences], dtype=bool)
    floor = np.array([min_score[s.kind] for s in sentences], dtype=np.float64)
    nearest = np.full(int(matches.vectors.max(initial=-1)) + 1, -1.0)
    np.maximum.at(nearest, matches.vectors, matches.cosines)
    vectors = np.array([s.vector for s in sentences], dtype=np.int64)
    is_nearest = cosines >= nearest[vectors[rows]]
    kept = (cosines >= floor[rows]) & (is_nearest | ~is_phrase[rows])
    rows, columns, cosines = rows[kept], columns[kept], cosines[kept]
    items = _numbered([s.item_id for s in sentences])
    texts = _numbered([(s.source, s.kind) for s in sentences])
    order = np.lexsort((rows, -cosines, texts[rows], columns, items[rows]))
    return rows[order], columns[order], cosines[order]


def _spread(sentences: Sequence[Sentence], matches: Matches) -> Pairs:
    """Return the matches of vectors as matches of the sentences that share them."""
    vectors = np.array([s.vector for s in sentences], dtype=np.int64)
    by_vector = np.argsort(vectors, kind="stable")
    first = np.searchsorted(vectors[by_vector], matches.vectors, side="left")
    n_each = np.searchsorted(vectors[by_vector], matches.vectors, side="right") - first
    within = np.arange(n_each.sum()) - np.repeat(np.cumsum(n_each) - n_each, n_each)
    rows = by_vector[np.repeat(first, n_each) + within]
    return rows, np.repeat(matches.warnings, n_each), np.repeat(matches.cosines, n_each)


def _numbered(keys: Sequence[object]) -> NDArray[np.int64]:
    number_by_key = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return np.array([number_by_key[key] for key in keys], dtype=np.int64)


def keyword_evidence(
    sentences: Sequence[Sentence], warnings: Sequence[ContentWarning]
) -> Iterator[Evidence]:
    """Yield a statement, yes, for each phrase of a list that is a keyword of a warning."""
    warnings_by_keyword: dict[str, list[str]] = {}
    for warning in warnings:
        for key in dict.fromkeys(_keyword_key(word) for word in warning.keywords):
            warnings_by_keyword.setdefault(key, []).append(warning.id)
    said: set[tuple[str, str, str, str]] = set()
    for sentence in sentences:
        if sentence.kind not in PHRASE_KINDS:
            continue
        for warning_id in warnings_by_keyword.get(_keyword_key(sentence.text), ()):
            claim = (sentence.item_id, warning_id, sentence.source, sentence.kind)
            if claim not in said:
                said.add(claim)
                yield _evidence(sentence, "statement", warning_id, 1.0)


def _keyword_key(phrase: str) -> str:
    return " ".join(phrase.casefold().replace("-", " ").replace("’", "'").split())


def _evidence(sentence: Sentence, kind: EvidenceKind, warning_id: str, value: float) -> Evidence:
    return Evidence(
        item_id=sentence.item_id,
        kind=kind,
        subject=warning_id,
        value=value,
        votes=(),
        span=sentence.text,
        source=sentence.source,
        licence=sentence.licence,
        retrieved="",
        place=sentence.kind,
    )
