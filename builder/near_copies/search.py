"""Near copies among texts, at the scale of a million posts: MinHash proposes, counting decides.

Texts whose sets of word runs overlap by Jaccard J agree in one MinHash with probability J, so in
all `r` of a band with J^r, and in some of `b` bands with 1 - (1 - J^r)^b (Leskovec et al., Mining
of Massive Datasets, section 3.4). `b` is chosen so that of pairs right at the wanted overlap one in
a thousand is missed, above it fewer. Every pair that is proposed is compared run by run: what is
returned is exact. Nothing depends on the order of the texts.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, islice

import numpy as np
import rensa
from numpy.typing import NDArray

from builder.near_copies.shingles import jaccard, shingle_set
from builder.titles import title_key

MISSED_AT_THRESHOLD = 0.001
"""Share of the pairs at exactly the wanted overlap that the search may not propose."""

_SEED = 1  # of the hashes; the same texts are compared whatever it is
_CHUNK_TEXTS = 20_000
_CACHED_SETS = 20_000  # texts whose runs are kept while pairs are compared, some 5 kB each
_PLAIN: dict[int, str | None] = {
    code: None if chr(code) == "'" else " " for code in range(128) if not chr(code).isalnum()
}


@dataclass(frozen=True, slots=True)
class NearCopyRule:
    """What counts as a near copy.

    Attributes:
        shingle_words: Length in words of the shingles that are compared.
        jaccard: Overlap in (0, 1] from which two texts are near copies.
        min_words: Texts with fewer words are never near copies.
    """

    shingle_words: int
    jaccard: float
    min_words: int


@dataclass(frozen=True, slots=True)
class NearCopy:
    """Two texts, by id, and the Jaccard overlap of their word runs."""

    first: str
    second: str
    jaccard: float


def shingles_of(text: str, rule: NearCopyRule) -> frozenset[str]:
    """Return the word runs of a text, none where it is too short to be judged."""
    words = _words(text)
    if len(words) < rule.min_words:
        return frozenset()
    return shingle_set(words, rule.shingle_words)


def _words(text: str) -> list[str]:
    if text.isascii():  # what title_key does, ten times as fast
        return text.lower().replace("&", " and ").translate(_PLAIN).split()
    return title_key(text).split()


def near_copies(
    text_by_id: Mapping[str, str], group_by_id: Mapping[str, str], rule: NearCopyRule
) -> list[NearCopy]:
    """Return the pairs of near copies of two different groups, by id.

    Args:
        text_by_id: The texts.
        group_by_id: The group of each id, such as its split; pairs within one are not sought.
        rule: What counts as a near copy.
    """
    ids = sorted(text_by_id)
    runs = _Runs([text_by_id[i] for i in ids], rule)
    pairs = {
        pair
        for met in meetings(runs.texts, rule)
        for pair in combinations(met.tolist(), 2)
        if group_by_id[ids[pair[0]]] != group_by_id[ids[pair[1]]]
    }
    scored = (NearCopy(ids[a], ids[b], runs.jaccard(a, b)) for a, b in sorted(pairs))
    return [pair for pair in scored if pair.jaccard >= rule.jaccard]


def copies_of_earlier(texts: Sequence[str], rule: NearCopyRule) -> Iterator[tuple[int, int, float]]:
    """Yield (copy, original, overlap) for each text that is a near copy of an earlier one.

    Texts are named by their place in the sequence, which may read them from a disk. Copies are no
    originals: of many alike the first is named for all.
    """
    groups_by_text: dict[int, list[int]] = defaultdict(list)
    for number, met in enumerate(meetings(texts, rule)):
        for text in met.tolist():
            groups_by_text[text].append(number)
    kept_by_group: dict[int, list[int]] = defaultdict(list)
    runs = _Runs(texts, rule)
    for text in sorted(groups_by_text):
        groups = groups_by_text.pop(text)
        earlier = sorted({kept for group in groups for kept in kept_by_group[group]})
        scored = ((other, runs.jaccard(other, text)) for other in earlier)
        original = next((pair for pair in scored if pair[1] >= rule.jaccard), None)
        if original is None:
            for group in groups:
                kept_by_group[group].append(text)
        else:
            yield text, *original


class _Runs:
    """The overlap of texts by their place; the runs of those met last are kept."""

    def __init__(self, texts: Sequence[str], rule: NearCopyRule) -> None:
        self.texts = texts
        self._of = lru_cache(_CACHED_SETS)(lambda number: shingles_of(texts[number], rule))

    def jaccard(self, one: int, other: int) -> float:
        return jaccard(self._of(one), self._of(other))


def meetings(texts: Iterable[str], rule: NearCopyRule) -> Iterator[NDArray[np.int64]]:
    """Yield the texts that meet in a band, two or more, by their place in order."""
    n_rows, n_bands = bands(rule.jaccard)
    keys, places = _band_keys(texts, rule, n_rows, n_bands)
    for band in range(n_bands):
        in_band = keys[:, band]
        order = np.argsort(in_band, kind="stable")
        ends = np.flatnonzero(np.diff(in_band[order])) + 1
        bounds = np.concatenate(([0], ends, [len(order)]))
        for at in np.flatnonzero(np.diff(bounds) > 1):
            yield places[order[bounds[at] : bounds[at + 1]]]


def bands(jaccard: float) -> tuple[int, int]:
    """Return rows a band and bands for an overlap: few rows where little overlap is wanted."""
    n_rows = 1 if jaccard < 0.15 else 2 if jaccard < 0.35 else 3 if jaccard < 0.6 else 5
    missed = 1 - jaccard**n_rows
    return n_rows, 1 if missed == 0 else math.ceil(math.log(MISSED_AT_THRESHOLD) / math.log(missed))


def _band_keys(
    texts: Iterable[str], rule: NearCopyRule, n_rows: int, n_bands: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    keys: list[NDArray[np.uint64]] = [np.empty((0, n_bands), np.uint64)]
    places: list[int] = []
    numbered = enumerate(texts)
    while chunk := [(n, shingles_of(text, rule)) for n, text in islice(numbered, _CHUNK_TEXTS)]:
        found = [(number, runs) for number, runs in chunk if runs]
        places += [number for number, _ in found]
        if found:
            digests = rensa.RMinHash.digest_matrix_from_token_sets(
                [list(runs) for _, runs in found], n_rows * n_bands, _SEED
            )
            keys.append(_folded(np.array(digests.to_rows(), np.uint64), n_rows))
    return np.concatenate(keys), np.array(places, np.int64)


def _folded(digests: NDArray[np.uint64], n_rows: int) -> NDArray[np.uint64]:
    """Return one key a band: 64 bits that its rows' 32 bits are mixed into."""
    bands_of = digests.reshape(len(digests), -1, n_rows)
    key = bands_of[:, :, 0].copy()
    for row in range(1, n_rows):
        key = (key * np.uint64(0x9E3779B97F4A7C15)) ^ (key >> np.uint64(29)) ^ bands_of[:, :, row]
    return key
