from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.near_copies.shingles import ShingleIndex, jaccard, shingle_set, shingles

SETS = st.lists(st.frozensets(st.sampled_from("abcde")), max_size=6)


def test_runs_come_in_order_and_short_texts_are_one_run() -> None:
    assert shingles(["a", "b", "a", "b"], 2) == ["a b", "b a", "a b"]
    assert shingles(["a", "b"], 3) == []
    assert shingle_set(["a", "b", "a", "b"], 2) == {"a b", "b a"}
    assert shingle_set(["a", "b"], 3) == {"a b"}
    assert shingle_set([], 1) == {""}


def test_jaccard_is_shared_over_all() -> None:
    assert jaccard({"a", "b"}, {"b", "c", "d"}) == 0.25
    assert jaccard({"a"}, {"a"}) == 1.0
    assert jaccard(set(), set()) == 0.0


@given(SETS, st.frozensets(st.sampled_from("abcde")))
def test_an_index_finds_what_comparing_all_finds(
    sets: list[frozenset[str]], runs: frozenset[str]
) -> None:
    index = ShingleIndex()
    for one in sets:
        index.add(one)
    expected = {n: jaccard(runs, one) for n, one in enumerate(sets) if runs & one}
    assert dict(index.overlaps(runs)) == pytest.approx(expected)
