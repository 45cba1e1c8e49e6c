"""Stage mine_dialogs: the configured threads become dialogs, cleaned and naming nobody."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.dialogs.cleaning.clean import clean_threads
from builder.dialogs.cleaning.filters import Rules
from builder.dialogs.cleaning.spool import Spool
from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.privacy.protection import KEY_VARIABLE, Privacy, pseudonym_key
from builder.dialogs.privacy.tombstones import read_tombstones
from builder.dialogs.reader_context import DumpSettings, ReaderContext, Scratch
from builder.dialogs.readers.dialog_readers import read_source
from builder.dialogs.thread import Thread
from builder.records import Dialog, Item
from builder.sources import Reject
from builder.tables import iter_table, write_table
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams):
    """Where the dialog sources lie and what is left out of them."""

    root: str
    sources: Annotated[list[DialogSource], Field(min_length=1)]
    scratch: str
    dump: DumpSettings
    rules: Rules


def main(job: Job, params: Params, *, items: Path, tombstones: Path, dialogs: Path) -> None:
    """Read every source, clean its threads, protect the people, write dialogs."""
    is_needed = any(spec.names_people for spec in params.sources)
    key, note = pseudonym_key(os.environ.get(KEY_VARIABLE), job.seed, is_needed=is_needed)
    titles = (name for item in iter_table(items, Item) for name in (item.title, *item.aliases))
    privacy, stones = Privacy(key, titles), read_tombstones(tombstones)
    reject = stones.redacted(job.reject)
    folder = Path(params.scratch) / job.stage
    scratch = params.dump.scratch(folder)
    job.rows_in["tombstones"] = len(stones.stones)
    job.figures |= {"posts_in": 0, "turns_out": 0, "pseudonyms": note, "outside_selection": {}}

    def withdrawn(thread: Thread) -> frozenset[str]:
        return stones.withdrawn_ids(thread, privacy.pseudonyms(thread) if stones.stones else {})

    with Spool(folder) as spool:
        threads = _threads(job, params, scratch, reject)
        for thread in clean_threads(threads, params.rules, reject, withdrawn):
            spool.put(privacy.protect(thread), thread.place, is_chat=thread.is_chat)
        spool.drop_copies(params.rules, reject)
        job.rows_out["dialogs"] = write_table(dialogs, Dialog, _counted(job, spool))
    job.figures["masked"] = dict(sorted(privacy.masked.items()))
    shutil.rmtree(folder)  # it holds posts as they were: nothing needs them any more


def _threads(job: Job, params: Params, scratch: Scratch, reject: Reject) -> Iterator[Thread]:
    for spec in params.sources:
        context, n_threads = ReaderContext(reject, scratch, Counter()), 0
        for thread in job.track(read_source(Path(params.root), spec, context)):
            job.figures["posts_in"] += len(thread.posts)
            n_threads += 1
            yield thread
        job.rows_in[f"{spec.name}/{spec.path}"] = n_threads
        if counted := +context.left_out:
            job.figures["outside_selection"][spec.name] = dict(sorted(counted.items()))


def _counted(job: Job, spool: Spool) -> Iterator[Dialog]:
    for dialog in spool.dialogs():
        job.figures["turns_out"] += len(dialog.turns)
        yield dialog


if __name__ == "__main__":
    run_stage(main)
