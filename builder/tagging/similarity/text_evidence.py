"""What an item's sentences say about the warnings, as evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from builder.errors import InputError
from builder.records import Evidence, EvidenceKind, Sentence
from builder.settings import Strict
from builder.sources import Reject
from builder.tagging.encode.sentences import PHRASE_KINDS
from builder.tagging.similarity.about import content_words
from builder.tagging.similarity.cosines import Matches
from builder.tagging.similarity.negation import is_ruled_out
from builder.taxonomy import ContentWarning


class TextRules(Strict):
    """How a kind of text is evidence for warnings.

    Attributes:
        min_score: Lowest cosine to write, in [-1, 1].
        nearest: How many warnings a sentence or phrase is evidence for; for all others it is an
            aside. "Grandpa dies of an overdose at a motel" is near every kind of death, and about
            two of them.
    """

    min_score: Annotated[float, Field(ge=-1, le=1)]
    nearest: Annotated[int, Field(ge=1)]


def similarity_evidence(
    sentences: Sequence[Sentence],
    warnings: Sequence[ContentWarning],
    matches: Matches,
    rules: Mapping[str, TextRules],
    reject: Reject,
) -> Iterator[Evidence]:
    """Yield the best sentence for each item, warning, source and kind of text.

    Sentences that are evidence for the warning are preferred to asides. A sentence that denies the
    warning, or says that it is not real, is rejected, and the next best is taken.

    Args:
        sentences: With the vectors that `matches` is about.
        warnings: In the order of the prototypes that `matches` is about.
        matches: Pairs of vectors and warnings.
        rules: Rules by kind of text.
        reject: Called for every denial.

    Raises:
        InputError: If a kind of text has no rules.
    """
    for kind in sorted({sentence.kind for sentence in sentences} - set(rules)):
        raise InputError(
            "calibration.yaml: tag.texts", f"has no {kind!r}", "give its min_score and nearest"
        )
    words = [content_words(warning) for warning in warnings]
    done: tuple[object, ...] | None = None
    for row, column, cosine, is_near in _ranked(sentences, matches, rules):
        sentence, warning = sentences[row], warnings[column]
        group = (sentence.item_id, column, sentence.source, sentence.kind)
        if group == done:
            continue
        if is_ruled_out(sentence.text, words[column]):
            detail = f"{warning.question}: {sentence.text!r} ({cosine:.2f})"
            reject(sentence.item_id, "sentence rules the warning out", detail)
            continue
        done = group
        yield _evidence(sentence, "similarity" if is_near else "aside", warning.id, cosine)


def _ranked(
    sentences: Sequence[Sentence], matches: Matches, rules: Mapping[str, TextRules]
) -> Iterator[tuple[int, int, float, bool]]:
    """Yield (sentence, warning, cosine, is near), grouped by item and warning, the best first."""
    rows, pairs = _spread(sentences, matches)
    warnings, cosines = matches.warnings[pairs], matches.cosines[pairs]
    floor = np.array([rules[s.kind].min_score for s in sentences], dtype=np.float64)
    nearest = np.array([rules[s.kind].nearest for s in sentences], dtype=np.int64)
    is_near = _ranks(matches)[pairs] < nearest[rows]
    items = _numbered([s.item_id for s in sentences])
    texts = _numbered([(s.source, s.kind) for s in sentences])
    order = np.lexsort((rows, -cosines, ~is_near, texts[rows], warnings, items[rows]))
    order = order[cosines[order] >= floor[rows[order]]]
    columns = (rows, warnings, cosines, is_near)
    yield from zip(*(column[order].tolist() for column in columns), strict=True)


def _ranks(matches: Matches) -> NDArray[np.int64]:
    """Return the rank of each match among those of its vector, from 0 for the nearest warning."""
    order = np.lexsort((matches.warnings, -matches.cosines, matches.vectors))
    vectors = matches.vectors[order]
    starts = np.flatnonzero(np.append(True, vectors[1:] != vectors[:-1]))
    sizes = np.diff(np.append(starts, len(vectors)))
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order)) - np.repeat(starts, sizes)
    return ranks


def _spread(
    sentences: Sequence[Sentence], matches: Matches
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return parallel indices of sentences and matches: a match once per sentence of its vector."""
    vectors = np.array([s.vector for s in sentences], dtype=np.int64)
    by_vector = np.argsort(vectors, kind="stable")
    first = np.searchsorted(vectors[by_vector], matches.vectors, side="left")
    n_each = np.searchsorted(vectors[by_vector], matches.vectors, side="right") - first
    within = np.arange(n_each.sum()) - np.repeat(np.cumsum(n_each) - n_each, n_each)
    rows = by_vector[np.repeat(first, n_each) + within]
    return rows, np.repeat(np.arange(len(matches.vectors)), n_each)


def _numbered(keys: Sequence[object]) -> NDArray[np.int64]:
    number_by_key = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return np.array([number_by_key[key] for key in keys], dtype=np.int64)


def keyword_evidence(
    sentences: Sequence[Sentence], warnings: Sequence[ContentWarning]
) -> Iterator[Evidence]:
    """Yield a statement of yes for each phrase of a list that is a keyword of a warning."""
    warnings_by_keyword: dict[str, list[str]] = {}
    for warning in warnings:
        for key in dict.fromkeys(keyword_key(word) for word in warning.keywords):
            warnings_by_keyword.setdefault(key, []).append(warning.id)
    seen: set[tuple[str, str, str, str]] = set()
    for sentence in sentences:
        if sentence.kind not in PHRASE_KINDS:
            continue
        for warning_id in warnings_by_keyword.get(keyword_key(sentence.text), ()):
            claim = (sentence.item_id, warning_id, sentence.source, sentence.kind)
            if claim not in seen:
                seen.add(claim)
                yield _evidence(sentence, "statement", warning_id, 1.0)


def keyword_key(phrase: str) -> str:
    """Return the form in which phrases are compared: lower case, spaces instead of hyphens."""
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
        retrieved=sentence.retrieved,
        place=sentence.kind,
    )
