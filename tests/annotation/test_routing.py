from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.routing import (
    REASONS,
    Reason,
    Route,
    mean_scores,
    route_conversations,
    split_quota,
)
from builder.records import Conversation
from tests.factories import make_conversation, make_judgement

ONLY: dict[Reason, dict[Reason, float]] = {
    reason: {other: float(other == reason) for other in REASONS} for reason in REASONS
}
EQUAL: dict[Reason, float] = dict.fromkeys(REASONS, 0.25)


def rows(n_rows: int) -> list[Conversation]:
    return [make_conversation(f"t{n}/1#explicit") for n in range(n_rows)]


def ids(routes: list[Route]) -> set[str]:
    return {route.conversation.request_id for route in routes}


def test_the_lowest_scores_go_to_people_and_unjudged_rows_before_them() -> None:
    scores = {"t0/1#explicit": 4.5, "t1/1#explicit": 1.5, "t3/1#explicit": 2.0}
    routes = route_conversations(rows(4), scores, n_tasks=2, shares=ONLY["low_score"], seed=1)
    assert {r.conversation.request_id: r.detail for r in routes} == {
        "t2/1": "not judged",
        "t1/1": "mean judge score 1.50 of 5",
    }


def test_one_of_each_trait_from_the_rarest_on() -> None:
    traits = ["a"] * 5 + ["b"] * 2 + ["c"]
    pool = [make_conversation(f"t{n}/1#x", trait=trait) for n, trait in enumerate(traits)]
    routes = route_conversations(pool, {}, n_tasks=5, shares=ONLY["rare_trait"], seed=1)
    assert Counter(r.conversation.trait for r in routes) == {"a": 2, "b": 2, "c": 1}
    assert {r.detail for r in routes if r.conversation.trait == "c"} == {
        "the trait has 1 of 8 rows"
    }


def test_rows_with_the_most_unknown_items_go_to_people() -> None:
    half = make_conversation("t1/1#x", recommended=("a", "b"), unknown=("a",))
    none = make_conversation("t2/1#x", recommended=("a", "b"), unknown=())
    most = make_conversation("t3/1#x", recommended=("a", "b", "c"), unknown=("a", "b"))
    routes = route_conversations(
        [half, none, most], {}, n_tasks=2, shares=ONLY["unknown_items"], seed=1
    )
    assert {r.conversation.request_id: r.detail for r in routes} == {
        "t3/1": "2 of 3 items unknown",
        "t1/1": "1 of 2 items unknown",
    }


def test_what_a_reason_cannot_fill_goes_to_spare_rows() -> None:
    pool = [make_conversation(f"t{n}/1#x", unknown=()) for n in range(6)]
    routes = route_conversations(pool, {}, n_tasks=4, shares=ONLY["unknown_items"], seed=1)
    assert [(r.reason, r.detail) for r in routes] == [
        ("spare", "the other reasons had no more rows")
    ] * 4


def test_rows_without_a_wish_and_a_threads_second_row_are_passed_over() -> None:
    pool = [
        make_conversation("t1/1#without", constraint=None, variant="without"),
        make_conversation("t1/1#explicit"),
        make_conversation("t1/1#implicit", variant="implicit"),
        make_conversation("t1/2#explicit"),
        make_conversation("t2/1#explicit"),
    ]
    routes = route_conversations(pool, {}, n_tasks=9, shares=EQUAL, seed=1)
    assert sorted(route.conversation.dialog_id for route in routes) == ["t1", "t2"]
    assert all(route.conversation.constraint for route in routes)


def test_neither_order_nor_other_rows_move_the_random_draw() -> None:
    pool = rows(40)

    def draw(rows: list[Conversation]) -> set[str]:
        return ids(route_conversations(rows, {}, n_tasks=10, shares=ONLY["random"], seed=3))

    chosen = draw(pool)
    assert draw(pool[::-1]) == chosen
    kept = [row for row in pool if row.request_id in chosen or row.request_id.startswith("t1")]
    assert draw(kept) == chosen


def test_the_order_mixes_the_reasons_and_hangs_on_the_seed() -> None:
    pool = rows(40)
    one, same, other = (
        route_conversations(pool, {}, n_tasks=20, shares=EQUAL, seed=seed) for seed in (1, 1, 2)
    )
    assert one == same
    assert ids(one) != ids(other)
    reasons = [route.reason for route in one]
    assert Counter(reasons) == dict.fromkeys(REASONS, 5)
    assert reasons != sorted(reasons, key=REASONS.index)


@pytest.mark.parametrize(
    ("n_tasks", "quota"),
    [(0, (0, 0, 0, 0)), (1, (0, 1, 0, 0)), (7, (2, 3, 1, 1)), (60, (15, 21, 12, 12))],
)
def test_quota_by_largest_remainder(n_tasks: int, quota: tuple[int, ...]) -> None:
    shares = dict(zip(REASONS, (0.25, 0.35, 0.2, 0.2), strict=True))
    assert tuple(split_quota(n_tasks, shares).values()) == quota


@given(st.integers(0, 500), st.lists(st.integers(0, 100), min_size=4, max_size=4).filter(any))
def test_quotas_sum_to_the_tasks(n_tasks: int, weights: list[int]) -> None:
    shares = {r: w / sum(weights) for r, w in zip(REASONS, weights, strict=True)}
    quota = split_quota(n_tasks, shares)
    assert sum(quota.values()) == n_tasks
    assert all(abs(quota[r] - n_tasks * shares[r]) < 1 + 1e-6 for r in REASONS)


def test_the_score_of_a_row_is_the_mean_over_rubrics() -> None:
    judgements = [
        make_judgement(row, rubric, score)
        for row, rubric, score in [("a", "clear", 5), ("b", "clear", 3), ("a", "natural", 2)]
    ]
    assert mean_scores(judgements) == {"a": 3.5, "b": 3.0}
