"""Stage merge_labels: what people answered becomes one review of every conversation."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path

from annotation.annotator_quality import agreement_of_votes, annotator_quality
from annotation.labels import LabelReader
from annotation.reviews import STATUSES, merge_reviews
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
    key, note = pseudonym_key(os.environ.get(KEY_VARIABLE), job.seed, is_needed=False)
    pseudonym = partial(Privacy(key).pseudonym, "label-studio")
    labels = LabelReader(by_id, Screen.load(), pseudonym, job.reject).read(Path(params.root))
    merged = merge_reviews(job.track(rows), labels)
    status = {name: sum(review.status == name for review in merged) for name in STATUSES}
    remark = "" if labels else f"no usable label in {params.root}: every row is unreviewed"
    if remark:
        print(f"{job.stage}: {remark}", file=sys.stderr)
    write_json(
        annotation_report,
        {
            "note": remark,
            "labels": len(labels),
            "labels_rejected": len(job.rejections),
            "reviews": status,
            "krippendorff_alpha": agreement_of_votes(labels),
            "annotators": [asdict(quality) for quality in annotator_quality(labels)],
        },
    )
    job.rows_in |= {"conversations": len(rows), "labels": len(labels) + len(job.rejections)}
    job.rows_out["reviews"] = write_table(reviews, Review, merged)
    job.figures["reviews"] = status
    job.figures["pseudonyms"] = note


if __name__ == "__main__":
    run_stage(main)
