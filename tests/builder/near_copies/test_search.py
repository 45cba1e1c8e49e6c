from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.near_copies.search import (
    MISSED_AT_THRESHOLD,
    NearCopy,
    NearCopyRule,
    bands,
    copies_of_earlier,
    near_copies,
    shingles_of,
)
from builder.seeding import keyed_rng
from builder.titles import title_key

RULE = NearCopyRule(shingle_words=2, jaccard=0.5, min_words=4)


def test_case_accents_and_punctuation_make_no_other_text() -> None:
    one = shingles_of("Films like Amélie, please!", RULE)
    assert one == shingles_of("films  like AMELIE please", RULE)
    assert len(one) == 3


def test_a_text_too_short_to_judge_has_no_shingles() -> None:
    assert shingles_of("any good horror", RULE) == frozenset()
    assert len(shingles_of("any good old horror", NearCopyRule(9, 0.5, 4))) == 1


def test_pairs_are_found_across_groups_only_and_scored() -> None:
    texts = {
        "a": "one two three four five",
        "b": "one two three four six",
        "c": "one two three four five",
        "d": "seven eight nine ten eleven",
        "e": "hi there",
        "f": "hi there",
    }
    groups = {"a": "train", "b": "test", "c": "train", "d": "test", "e": "train", "f": "test"}
    assert near_copies(texts, groups, RULE) == [NearCopy("a", "b", 0.6), NearCopy("b", "c", 0.6)]


texts_by_id = st.dictionaries(
    st.sampled_from("abcdefghij"),
    st.lists(st.sampled_from("uvwxyz"), min_size=1, max_size=12).map(" ".join),
)


@pytest.mark.parametrize("jaccard", [0.3, 0.5, 0.7, 1.0])
@given(texts=texts_by_id)
def test_what_is_found_is_exact_and_what_is_well_above_is_not_missed(
    jaccard: float, texts: dict[str, str]
) -> None:
    rule = NearCopyRule(shingle_words=2, jaccard=jaccard, min_words=3)
    groups = {i: "train" if i < "f" else "test" for i in texts}
    overlaps = {}
    for one, other in combinations(sorted(texts), 2):
        a, b = shingles_of(texts[one], rule), shingles_of(texts[other], rule)
        if a and b and groups[one] != groups[other]:
            overlaps[one, other] = len(a & b) / len(a | b)
    found = {(p.first, p.second): p.jaccard for p in near_copies(texts, groups, rule)}
    assert all(overlaps[pair] == overlap >= jaccard for pair, overlap in found.items())
    clear = min(1.5 * jaccard, 1.0)
    assert found.keys() >= {pair for pair, overlap in overlaps.items() if overlap >= clear}


@pytest.mark.parametrize("jaccard", [0.1, 0.2, 0.25, 0.5, 0.6, 0.8, 1.0])
def test_bands_miss_no_more_than_they_may(jaccard: float) -> None:
    n_rows, n_bands = bands(jaccard)
    assert (1 - jaccard**n_rows) ** n_bands <= MISSED_AT_THRESHOLD
    assert n_rows * n_bands < 600


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=40))
def test_plain_text_is_cut_into_words_as_titles_are(text: str) -> None:
    rule = NearCopyRule(shingle_words=1, jaccard=0.5, min_words=1)
    assert shingles_of(text, rule) == frozenset(title_key(text).split())


def test_planted_copies_are_found_among_many() -> None:
    rng = keyed_rng("planted")
    words = [f"w{n}" for n in range(3_000)]
    texts = [" ".join(rng.choices(words, k=40)) for _ in range(500)]
    copies = [t.replace(t.split()[7], "changed", 1) for t in texts[:60]]
    rule = NearCopyRule(shingle_words=3, jaccard=0.5, min_words=8)
    found = list(copies_of_earlier([*texts, *copies], rule))
    assert [(copy, original) for copy, original, _ in found] == [(500 + n, n) for n in range(60)]


def test_of_many_alike_the_first_is_the_original() -> None:
    text = "one two three four five six"
    assert list(copies_of_earlier([text] * 4, RULE)) == [(n, 0, 1.0) for n in (1, 2, 3)]


def test_a_copy_is_no_original() -> None:
    chain = ["a b c d e f", "b c d e f g", "c d e f g h"]  # each overlaps the next, no further
    rule = NearCopyRule(shingle_words=2, jaccard=0.6, min_words=4)
    assert [(copy, first) for copy, first, _ in copies_of_earlier(chain, rule)] == [(1, 0)]
