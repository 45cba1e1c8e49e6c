"""Threads -> train, validation and test, and a report of what the splits share."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, Strict, model_validator

from builder.near_copies import NearCopyRule
from builder.records import Conversation, Dialog, Split, SplitRow
from builder.splits.divide import divide
from builder.splits.leakage import find_leaks
from builder.splits.rule import SPLITS, SplitRule
from builder.tables import read_table, write_json, write_table
from pipelines.stage import Job, StageParams, run_stage

Day = Annotated[date, Strict(False)]


class Params(StageParams):
    """See params.yaml."""

    validation_from: Day
    test_from: Day
    undated_shares: dict[Split, Annotated[float, Field(ge=0, le=1)]]
    shingle_words: Annotated[int, Field(ge=1)]
    near_copy_jaccard: Annotated[float, Field(gt=0, le=1)]
    near_copy_min_words: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _is_a_division(self) -> Self:
        if self.test_from <= self.validation_from:
            raise ValueError("test_from must be later than validation_from")
        if set(self.undated_shares) != set(SPLITS):
            raise ValueError(f"undated_shares needs {', '.join(SPLITS)}")
        if abs(sum(self.undated_shares.values()) - 1) > 1e-9:
            raise ValueError("undated_shares must sum to 1")
        return self


def main(
    job: Job,
    params: Params,
    *,
    dialogs: Path,
    conversations: Path,
    splits: Path,
    leakage_report: Path,
) -> None:
    """Write the split of each thread and the leakage report."""
    threads, written = read_table(dialogs, Dialog), read_table(conversations, Conversation)
    job.rows_in |= {"dialogs": len(threads), "conversations": len(written)}
    rule = SplitRule(params.validation_from, params.test_from, params.undated_shares, job.seed)
    near = NearCopyRule(params.shingle_words, params.near_copy_jaccard, params.near_copy_min_words)
    division = divide(job.track(threads), rule, near)
    for thread, pair in division.nearest_by_left_out().items():
        near_to = f"of {pair.first}, overlap {pair.jaccard:.2f}"
        job.reject(thread, "near copy of a thread of an earlier split", near_to)
    job.rows_out["splits"] = write_table(splits, SplitRow, division.rows)
    write_json(leakage_report, find_leaks(threads, written, division.rows, near))


if __name__ == "__main__":
    run_stage(main)
