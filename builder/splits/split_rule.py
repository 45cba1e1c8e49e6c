"""The split a thread belongs to: a function of that thread alone, so adding rows moves no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import get_args

from builder.records import Split
from builder.seeding import keyed_digest

SPLITS: tuple[Split, ...] = get_args(Split)
"""The splits from earliest to latest."""

UNDATED = 0
"""`Dialog.created_utc` where the source gives no date."""


@dataclass(frozen=True, slots=True)
class SplitRule:
    """Where the splits begin.

    Attributes:
        validation_from: First day (UTC) of validation.
        test_from: First day (UTC) of test.
        undated_shares: Share of the threads without a date that each split gets; they sum to 1.
        seed: Keys the draw of the split of a thread without a date.
    """

    validation_from: date
    test_from: date
    undated_shares: Mapping[Split, float]
    seed: int

    def split_of(self, dialog_id: str, created_utc: int) -> Split:
        """Return the split of a thread: by the day of its first post, by its id if undated."""
        if created_utc == UNDATED:
            return self._by_id(dialog_id)
        day = datetime.fromtimestamp(created_utc, tz=UTC).date()
        if day < self.validation_from:
            return "train"
        return "validation" if day < self.test_from else "test"

    def _by_id(self, dialog_id: str) -> Split:
        point = keyed_digest(self.seed, "split", dialog_id) / 2**64
        if point < self.undated_shares["train"]:
            return "train"
        is_test = point >= 1 - self.undated_shares["test"]
        return "test" if is_test else "validation"
