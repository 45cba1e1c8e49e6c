from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.near_copies import NearCopy, NearCopyRule, near_copies, shingles

RULE = NearCopyRule(shingle_words=2, jaccard=0.5, min_words=4)


def test_case_accents_and_punctuation_make_no_other_text() -> None:
    one = shingles("Films like Amélie, please!", RULE)
    assert one == shingles("films  like AMELIE please", RULE)
    assert len(one) == 3


def test_a_text_too_short_to_judge_has_no_shingles() -> None:
    assert shingles("any good horror", RULE) == frozenset()
    assert len(shingles("any good old horror", NearCopyRule(9, 0.5, 4))) == 1


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
def test_the_quick_search_finds_what_comparing_all_finds(
    jaccard: float, texts: dict[str, str]
) -> None:
    rule = NearCopyRule(shingle_words=2, jaccard=jaccard, min_words=3)
    groups = {i: "train" if i < "f" else "test" for i in texts}
    expected = set()
    for one, other in combinations(sorted(texts), 2):
        a, b = shingles(texts[one], rule), shingles(texts[other], rule)
        if a and b and groups[one] != groups[other] and len(a & b) / len(a | b) >= jaccard:
            expected.add((one, other))
    assert {(p.first, p.second) for p in near_copies(texts, groups, rule)} == expected
