from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from builder.splits.split_rule import SplitRule

RULE = SplitRule(
    date(2022, 11, 1), date(2022, 12, 1), {"train": 0.8, "validation": 0.1, "test": 0.1}, seed=7
)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2022, 10, 31, 23, 59, 59, tzinfo=UTC), "train"),
        (datetime(2022, 11, 1, tzinfo=UTC), "validation"),
        (datetime(2022, 11, 30, 23, 59, 59, tzinfo=UTC), "validation"),
        (datetime(2022, 12, 1, tzinfo=UTC), "test"),
    ],
    ids=["last second of train", "first of validation", "last of validation", "first of test"],
)
def test_a_dated_thread_goes_by_its_day_in_utc(moment: datetime, expected: str) -> None:
    assert RULE.split_of("t1", int(moment.timestamp())) == expected


def test_undated_threads_come_in_the_shares_asked_for() -> None:
    counts = Counter(RULE.split_of(f"redial:{n}", 0) for n in range(4000))
    assert counts["train"] == pytest.approx(3200, abs=100)
    assert counts["validation"] == pytest.approx(400, abs=60)
    assert counts["test"] == pytest.approx(400, abs=60)


def test_the_seed_decides_where_an_undated_thread_goes() -> None:
    other = SplitRule(RULE.validation_from, RULE.test_from, RULE.undated_shares, seed=8)
    threads = [f"redial:{n}" for n in range(200)]
    assert [RULE.split_of(t, 0) for t in threads] == [RULE.split_of(t, 0) for t in threads]
    assert [RULE.split_of(t, 0) for t in threads] != [other.split_of(t, 0) for t in threads]
