from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.errors import InputError
from builder.near_copies.search import NearCopy, NearCopyRule
from builder.records import Dialog, SplitRow
from builder.splits.divide import Division, divide
from builder.splits.split_rule import SplitRule
from tests.factories import make_dialog, make_turn

RULE = SplitRule(
    date(2022, 11, 1), date(2022, 12, 1), {"train": 0.6, "validation": 0.2, "test": 0.2}, seed=1
)
NEAR = NearCopyRule(shingle_words=1, jaccard=0.5, min_words=2)


def thread(dialog_id: str, month: int, text: str) -> Dialog:
    """Return a thread of that month of 2022, undated where it is 0."""
    at = int(datetime(2022, month, 5, tzinfo=UTC).timestamp()) if month else 0
    asked = make_turn(text, turn_id="q", author="asker", created_utc=at)
    answered = make_turn(
        "Heat (1995), of course",
        turn_id="a",
        author="other",
        role="recommender",
        created_utc=at,
        reply_to="q",
    )
    return make_dialog(asked, answered, dialog_id=dialog_id, created_utc=at)


def test_a_copy_in_a_later_split_is_left_out_with_its_original() -> None:
    threads = [
        thread("z", 3, "slow westerns with snow"),
        thread("y", 11, "slow westerns with rain"),
        thread("x", 12, "slow westerns with snow"),
        thread("w", 12, "cheerful musicals about bakers"),
    ]
    division = divide(threads, RULE, NEAR)
    assert division.rows == (SplitRow("w", "test"), SplitRow("z", "train"))
    assert division.nearest_by_left_out() == {
        "x": NearCopy("z", "x", 1.0),
        "y": NearCopy("z", "y", 0.6),
    }
    assert len(division.copies) == 3


def test_replies_do_not_make_two_requests_copies() -> None:
    threads = [thread("a", 1, "slow westerns"), thread("b", 12, "cheerful musicals")]
    assert [row.dialog_id for row in divide(threads, RULE, NEAR).rows] == ["a", "b"]


def test_copies_within_one_split_stay() -> None:
    threads = [thread("a", 1, "slow westerns"), thread("b", 2, "slow westerns")]
    assert divide(threads, RULE, NEAR).rows == (SplitRow("a", "train"), SplitRow("b", "train"))


def test_an_id_given_twice_ends_the_run() -> None:
    with pytest.raises(InputError, match="thread a: appears twice"):
        divide([thread("a", 1, "x"), thread("a", 2, "y")], RULE, NEAR)


threads = st.lists(
    st.builds(
        thread,
        st.integers(0, 999).map(str),
        st.sampled_from([0, 9, 10, 11, 12]),
        st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5).map(" ".join),
    ),
    unique_by=lambda t: t.dialog_id,
    max_size=14,
)


def splits(division: Division) -> dict[str, str]:
    return {row.dialog_id: row.split for row in division.rows}


@given(all_threads=threads, data=st.data())
def test_adding_rows_moves_nobody_between_splits(
    all_threads: list[Dialog], data: st.DataObject
) -> None:
    fewer = data.draw(st.lists(st.sampled_from(all_threads), unique=True)) if all_threads else []
    before, after = splits(divide(fewer, RULE, NEAR)), splits(divide(all_threads, RULE, NEAR))
    for old in fewer:
        if old.dialog_id in after:
            assert after[old.dialog_id] == before[old.dialog_id]


@given(all_threads=threads, data=st.data())
def test_the_order_of_the_threads_changes_nothing(
    all_threads: list[Dialog], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(all_threads))
    assert divide(shuffled, RULE, NEAR) == divide(all_threads, RULE, NEAR)
