"""Stage link: titles in the dialogs become mentions, and recommending replies become samples."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.linking.lexicon.lexicon import duplicates, open_lexicon
from builder.linking.link_dialogs import link_dialogs
from builder.linking.mentions.linker import LinkRules
from builder.linking.review.decisions import read_decisions
from builder.linking.review.link_counts import linking_figures
from builder.records import Dialog, Item, Mention, Request
from builder.tables import read_table, write_table
from builder.tagging.encode.encoder import EncoderSettings
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams, LinkRules):
    """How sure a link must be, and what compares what is said with plots: None for nothing.

    `request_min_words` of the seeker must stand before a reply.
    """

    request_min_words: Annotated[int, Field(ge=1)]
    encoder: EncoderSettings | None


def main(
    job: Job,
    params: Params,
    *,
    items: Path,
    dialogs: Path,
    link_decisions: Path,
    mentions: Path,
    requests: Path,
) -> None:
    """Link every dialog, write its mentions and its samples."""
    catalogue, threads = read_table(items, Item), read_table(dialogs, Dialog)
    job.rows_in |= {"items": len(catalogue), "dialogs": len(threads)}
    decided = read_decisions(link_decisions, {i.item_id for i in catalogue}, job.reject)
    job.rows_in["decisions"] = len(decided)
    for item_id, detail in duplicates(catalogue):
        job.reject(item_id, "duplicate in the catalogue", detail)
    found, samples = link_dialogs(
        job.track(threads),
        open_lexicon(catalogue, params.encoder),
        params,
        decided,
        request_min_words=params.request_min_words,
        reject=job.reject,
    )
    job.rows_out["mentions"] = write_table(mentions, Mention, found)
    job.rows_out["requests"] = write_table(requests, Request, samples)
    job.figures |= linking_figures(found)


if __name__ == "__main__":
    run_stage(main)
