"""Stage mine_dialogs: the configured threads become dialogs, cleaned and naming nobody."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.dialogs.clean import clean_threads
from builder.dialogs.filters import Rules
from builder.dialogs.privacy import Privacy, pseudonym_key
from builder.dialogs.readers import read_source
from builder.records import Dialog
from builder.sources import SourceSpec
from builder.tables import write_table
from pipelines.stage import Job, StageParams, run_stage

KEY_VARIABLE = "SAFEREC_PSEUDONYM_KEY"


class Params(StageParams):
    """Where the dialog sources lie and what is left out of them."""

    root: str
    sources: Annotated[list[SourceSpec], Field(min_length=1)]
    rules: Rules


def main(job: Job, params: Params, *, dialogs: Path) -> None:
    """Read every source, clean its threads, protect the people, write dialogs."""
    threads = []
    for spec in params.sources:
        found = list(job.track(read_source(Path(params.root), spec, job.reject)))
        job.rows_in[f"{spec.name}/{spec.path}"] = len(found)
        threads.extend(found)
    cleaned = clean_threads(threads, params.rules, job.reject)
    key, note = pseudonym_key(os.environ.get(KEY_VARIABLE), job.seed)
    privacy = Privacy(key)
    written = [privacy.protect(thread) for thread in cleaned]
    job.rows_out["dialogs"] = write_table(dialogs, Dialog, written)
    job.figures["posts_in"] = sum(len(thread.posts) for thread in threads)
    job.figures["turns_out"] = sum(len(dialog.turns) for dialog in written)
    job.figures["pseudonyms"] = note
    job.figures["masked"] = dict(sorted(privacy.masked.items()))


if __name__ == "__main__":
    run_stage(main)
