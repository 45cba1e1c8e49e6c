from __future__ import annotations

from dataclasses import replace

from builder.near_copies.search import NearCopyRule
from builder.records import Constraint, Conversation, Dialog, SplitRow
from builder.splits.leakage import find_leaks
from tests.factories import make_conversation, make_dialog, make_turn

NEAR = NearCopyRule(shingle_words=1, jaccard=0.6, min_words=2)


def thread(dialog_id: str, author: str, text: str) -> Dialog:
    asked = make_turn(text, turn_id="q", author=author)
    return make_dialog(asked, dialog_id=dialog_id)


def conversation(dialog_id: str, recommended: tuple[str, ...], constraint: str) -> Conversation:
    return make_conversation(
        f"{dialog_id}/c",
        constraint=Constraint("Anti-gore", "explicit", constraint, 0),
        recommended=recommended,
    )


THREADS = [
    thread("a", "ann", "slow westerns with snow"),
    thread("b", "bob", "cheerful musicals about bakers"),
    thread("c", "ann", "war films told by nurses"),
    thread("d", "dee", "courtroom drama in summer heat"),
    thread("gone", "bob", "slow westerns with snow"),
]
ROWS = [
    SplitRow("a", "train"),
    SplitRow("b", "train"),
    SplitRow("c", "validation"),
    SplitRow("d", "test"),
]
WRITTEN = [
    conversation("a", ("imdb:tt1", "imdb:tt2"), "no gore please"),
    conversation("c", ("imdb:tt2", "imdb:tt3"), "no gore please"),
    conversation("d", ("imdb:tt4",), "nothing bloody"),
    conversation("gone", ("imdb:tt4",), "nothing bloody"),
]


def test_what_the_splits_share_is_counted_on_the_threads_that_were_kept() -> None:
    assert find_leaks(THREADS, WRITTEN, ROWS, NEAR) == {
        "threads": {"train": 2, "validation": 1, "test": 1},
        "conversations": {"train": 1, "validation": 1, "test": 1},
        "threads_in_two_splits": 0,
        "near_copies_across_splits": 0,
        "askers": {
            "validation": {"distinct": 1, "also_in_train": 1, "share": 1.0},
            "test": {"distinct": 1, "also_in_train": 0, "share": 0.0},
        },
        "groundtruth_items": {
            "validation": {"distinct": 2, "also_in_train": 1, "share": 0.5},
            "test": {"distinct": 1, "also_in_train": 0, "share": 0.0},
        },
        "constraint_texts": {
            "validation": {"distinct": 1, "also_in_train": 1, "share": 1.0},
            "test": {"distinct": 1, "also_in_train": 0, "share": 0.0},
        },
    }


def test_a_thread_in_two_splits_and_a_copy_left_behind_are_found() -> None:
    rows = [*ROWS, SplitRow("a", "test"), SplitRow("gone", "validation")]
    found = find_leaks(THREADS, WRITTEN, rows, NEAR)
    assert found["threads_in_two_splits"] == 1
    assert found["near_copies_across_splits"] == 1


def test_an_author_without_a_name_is_no_shared_asker() -> None:
    nameless = [replace(t, turns=(replace(t.turns[0], author=""),)) for t in THREADS]
    found = find_leaks(nameless, [], ROWS, NEAR)
    assert found["askers"]["validation"] == {"distinct": 0, "also_in_train": 0, "share": 0.0}
