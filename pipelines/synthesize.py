"""Write the conversations: each sample without a constraint, with some, and as its cues have it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.llm.settings import Writer
from builder.oracle.store import iter_oracle
from builder.records import Assignment, Conversation, Item, Request
from builder.synthesis.alternatives import AlternativeRule, Alternatives
from builder.synthesis.constraint_grammar import write_constraint
from builder.synthesis.conversations import ConversationWriter, VariantRule
from builder.synthesis.copies import drop_copies
from builder.synthesis.ladder import Style
from builder.synthesis.synthesizer import synthesize
from builder.synthesis.verdicts import Verdicts
from builder.tables import read_table, write_table
from builder.taxonomy import Taxonomy
from builder.titles import TitleYear
from pipelines.chat import open_writer
from pipelines.stage import Job, StageParams, run_stage

GRAMMARS = {"constraint": write_constraint}


class AlternativeParams(StageParams):
    """Which safe titles stand beside the filtered ones."""

    most: Annotated[int, Field(ge=0)]
    min_likeness: Annotated[float, Field(gt=0, le=1)]


class CopyParams(StageParams):
    """When a constraint copies another thread's."""

    gram_words: Annotated[int, Field(ge=1)]
    min_jaccard: Annotated[float, Field(gt=0, le=1)]


class Params(StageParams):
    """See params.yaml."""

    writer: Writer
    styles: list[Style]
    per_sample: Annotated[int, Field(ge=0)]
    set_styles: list[Style]
    set_share: Annotated[float, Field(ge=0, le=1)]
    alternatives: AlternativeParams
    copies: CopyParams
    max_chars: int
    max_prompt_chars: int

    def rule(self) -> VariantRule:
        """Return the choices as the library takes them."""
        return VariantRule(
            self.styles,
            self.per_sample,
            self.set_styles,
            self.set_share,
            self.max_chars,
            self.max_prompt_chars,
        )


def main(
    job: Job,
    params: Params,
    *,
    taxonomy: Path,
    requests: Path,
    items: Path,
    oracle_build: Path,
    assignments: Path,
    conversations: Path,
) -> None:
    """Write the conversations of every assigned sample."""
    samples = read_table(requests, Request)
    assigned = read_table(assignments, Assignment)
    catalogue = read_table(items, Item)
    name_by_id = {i.item_id: str(TitleYear(i.title, i.year)) for i in catalogue}
    named = {item_id for request in samples for item_id in request.recommended}
    verdicts = Verdicts(iter_oracle(oracle_build, "build"), named)
    near = AlternativeRule(params.alternatives.most, params.alternatives.min_likeness)
    alternatives = Alternatives(catalogue, samples, verdicts, near, job.seed)
    writer = ConversationWriter(
        Taxonomy.load(taxonomy), verdicts, name_by_id, alternatives, params.rule(), job.seed
    )
    with open_writer(job, params.writer, GRAMMARS) as client:
        written = synthesize(samples, assigned, writer, client, job.workers, job.reject)
        written_rows = sorted(job.track(written), key=lambda row: row.conversation_id)
    limits = params.copies
    rows = list(
        drop_copies(
            written_rows,
            gram_words=limits.gram_words,
            min_jaccard=limits.min_jaccard,
            reject=job.reject,
        )
    )
    job.rows_in = {"requests": len(samples), "assignments": len(assigned)}
    job.rows_out = {"conversations": write_table(conversations, Conversation, rows)}
    job.figures["variants"] = dict(sorted(Counter(f"{r.mode}:{r.variant}" for r in rows).items()))
    job.figures["alternatives"] = sum(len(r.alternatives) for r in rows)
    texts = [r.constraint.text for r in rows if r.constraint and r.mode == "violations"]
    job.figures["constraint_texts"] = {"written": len(texts), "distinct": len(set(texts))}


if __name__ == "__main__":
    run_stage(main)
