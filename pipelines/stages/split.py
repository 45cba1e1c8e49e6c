"""Threads -> train, validation and test, and a report of what the splits share."""

from __future__ import annotations

from pathlib import Path

from builder.near_copies.search import NearCopyRule
from builder.records import Conversation, Dialog, SplitRow
from builder.splits.divide import divide
from builder.splits.leakage import find_leaks
from builder.splits.split_settings import SplitSettings
from builder.tables import read_table, write_json, write_table
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams, SplitSettings):
    """How threads are divided."""


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
    near = NearCopyRule(params.shingle_words, params.near_copy_jaccard, params.near_copy_min_words)
    division = divide(job.track(threads), params.rule(job.seed), near)
    for thread, pair in division.nearest_by_left_out().items():
        near_to = f"of {pair.first}, overlap {pair.jaccard:.2f}"
        job.reject(thread, "near copy of a thread in an earlier split", near_to)
    job.rows_out["splits"] = write_table(splits, SplitRow, division.rows)
    write_json(leakage_report, find_leaks(threads, written, division.rows, near))


if __name__ == "__main__":
    run_stage(main)
