"""Stage link: titles in the dialogs become mentions, and recommending replies become samples."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field

from builder.linking.lexicon.lexicon import Lexicon, duplicates
from builder.linking.lexicon.plots import Encode, PlotVectors
from builder.linking.mentions.linker import LinkRules, link_dialog
from builder.linking.requests.requests import reason_to_skip, requests_of
from builder.linking.review.decisions import read_decisions
from builder.linking.review.link_counts import linking_figures
from builder.records import Dialog, Item, Mention, Request
from builder.tables import read_table, write_table
from builder.tagging.encode.encoder import EncoderSettings
from pipelines.runtime.stage import Job, StageParams, run_stage

T = TypeVar("T")


class Params(StageParams, LinkRules):
    """How sure a link must be, and what compares what is said with plots: None for nothing.

    `request_min_words` of the seeker must stand before a reply.
    """

    request_min_words: Annotated[int, Field(ge=1)]
    encoder: EncoderSettings | None

    def lexicon(self, items: Collection[Item]) -> Lexicon:
        """Return the titles of a catalogue; the encoder is loaded when it is first needed."""
        return Lexicon(items, PlotVectors(items, self._load) if self.encoder else None)

    def _load(self) -> Encode:
        # Imports torch: seconds, and most runs compare no plots.
        from builder.tagging.encode.sentence_encoder import load_encoder

        assert self.encoder is not None
        encoder = load_encoder(self.encoder, workers=1, precision="float32")
        return lambda texts: encoder.encode(texts, _unseen)


def _unseen(rows: Iterable[T], *, total: int | None = None) -> Iterator[T]:
    """Show no progress: single texts are encoded."""
    return iter(rows)


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
    known = {item.item_id for item in catalogue}
    decided = read_decisions(link_decisions, known, job.reject)
    job.rows_in["decisions"] = len(decided)
    for place, detail in duplicates(catalogue):
        job.reject(f"{items}: {place}", "duplicate in the catalogue", detail)
    lexicon = params.lexicon(catalogue)
    found: list[Mention] = []
    samples: list[Request] = []
    for thread in job.track(threads):
        linked = link_dialog(thread, lexicon, params, decided)
        asked = list(requests_of(thread, linked, lexicon.domain_by_id))
        if not asked:
            detail = f"{len(linked)} mentions, {sum(m.item_id is not None for m in linked)} linked"
            job.reject(
                f"{dialogs}: {thread.dialog_id}", "no recommendation of a known item", detail
            )
        found += linked
        for request in asked:
            reason = reason_to_skip(request, params.request_min_words)
            if reason is None:
                samples.append(request)
            else:
                said = " / ".join(m.content for m in request.messages if m.role == "user")
                job.reject(f"{dialogs}: {request.sample_id}", reason, said)
    job.rows_out["mentions"] = write_table(mentions, Mention, found)
    job.rows_out["requests"] = write_table(requests, Request, samples)
    job.figures |= linking_figures(found)


if __name__ == "__main__":
    run_stage(main)
