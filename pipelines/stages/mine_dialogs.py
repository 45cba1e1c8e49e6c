"""Stage mine_dialogs: the configured threads become dialogs, cleaned and naming nobody."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.dialogs.cleaning.filters import Rules
from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.mining import MiningCounts, clean_dialogs, read_sources
from builder.dialogs.privacy.protection import KEY_VARIABLE, Privacy, pseudonym_key
from builder.dialogs.privacy.tombstones import read_tombstones
from builder.dialogs.reader_context import DumpSettings
from builder.records import Dialog, Item
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
    reject, counts = stones.redacted(job.reject), MiningCounts()
    folder = Path(params.scratch) / job.stage
    threads = read_sources(
        params.sources,
        Path(params.root),
        params.dump.scratch(folder),
        counts,
        privacy,
        track=job.track,
        reject=reject,
    )
    rows = clean_dialogs(threads, params.rules, privacy, stones, folder, counts, reject)
    job.rows_out["dialogs"] = write_table(dialogs, Dialog, rows)
    shutil.rmtree(folder)  # it holds posts as they were: nothing needs them any more
    job.rows_in |= {"tombstones": len(stones.stones), **counts.threads}
    job.figures |= {
        "posts_in": counts.posts_in,
        "turns_out": counts.turns_out,
        "pseudonyms": note,
        "outside_selection": counts.outside_selection,
        "withdrawn_posts": stones.counts(),
        "masked": dict(sorted(privacy.masked.items())),
    }


if __name__ == "__main__":
    run_stage(main)
