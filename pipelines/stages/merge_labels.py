"""Stage merge_labels: what people answered becomes one review of every conversation."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

from annotation.annotator_quality import annotation_report as annotation_report_of
from annotation.labels import LabelReader
from annotation.reviews import merge_reviews
from annotation.screen import Screen
from builder.dialogs.privacy.protection import Privacy, pseudonym_key
from builder.records import Conversation, Review
from builder.tables import read_table, write_json, write_table
from pipelines.runtime.stage import Job, StageParams, run_stage

KEY_VARIABLE = "SAFEREC_PSEUDONYM_KEY"


class Params(StageParams):
    """Where the label files lie."""

    root: str


def main(
    job: Job, params: Params, *, conversations: Path, reviews: Path, annotation_report: Path
) -> None:
    """Read the labels, merge them by majority, write reviews and annotators' numbers."""
    rows = read_table(conversations, Conversation)
    by_id = {row.conversation_id: row for row in rows}
    key, pseudonyms = pseudonym_key(os.environ.get(KEY_VARIABLE), job.seed, is_needed=False)
    pseudonym = partial(Privacy(key).pseudonym, "label-studio")
    labels = LabelReader(by_id, Screen.load(), pseudonym, job.reject).read(Path(params.root))
    merged = merge_reviews(job.track(rows), labels)
    note = "" if labels else f"no usable label in {params.root}: every row is unreviewed"
    if note:
        print(f"{job.stage}: {note}", file=sys.stderr)
    n_rejected = len(job.rejections)
    report = annotation_report_of(labels, merged, n_rejected=n_rejected, note=note)
    write_json(annotation_report, report)
    job.rows_in |= {"conversations": len(rows), "labels": len(labels) + n_rejected}
    job.rows_out["reviews"] = write_table(reviews, Review, merged)
    job.figures |= {"reviews": report["reviews"], "pseudonyms": pseudonyms}


if __name__ == "__main__":
    run_stage(main)
