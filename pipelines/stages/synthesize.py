"""Write the conversations: each sample without a constraint, with some, and as its cues have it."""

from __future__ import annotations

from pathlib import Path

from builder.llm.client_settings import Writer
from builder.oracle.files.oracle import Oracle
from builder.records import Assignment, Conversation, Item, Request
from builder.synthesis.answers.alternatives import AlternativeRule, Alternatives
from builder.synthesis.answers.outcome import Answering
from builder.synthesis.constraints.copies import CopyIndex, CopyRule
from builder.synthesis.constraints.synthesizer import conversation_figures, synthesize
from builder.synthesis.constraints.variants import ConversationWriter, VariantRule
from builder.synthesis.offline.constraint_grammar import traits_with_stories, write_constraint
from builder.synthesis.offline.own_traits import made_for
from builder.tables import read_table, write_table
from builder.taxonomy import Taxonomy
from pipelines.runtime.chat import open_writer
from pipelines.runtime.stage import Job, StageParams, run_stage

GRAMMARS = {"constraint": write_constraint}


class Params(StageParams, VariantRule):
    """What is written for a request, by whom, and what makes it a copy of another thread's."""

    reads_also = ("prompts",)
    writer: Writer
    alternatives: AlternativeRule
    copies: CopyRule


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
    oracle = Oracle.open(oracle_build, "build")
    alternatives = Alternatives(catalogue, samples, oracle, params.alternatives, job.seed)
    traits = Taxonomy.load(taxonomy)
    answering = Answering(oracle, alternatives, traits)
    is_offline = params.writer.kind == "offline"
    story_traits = traits_with_stories() if is_offline else None
    writer = ConversationWriter(traits, answering, params, job.seed, story_traits)
    copies = CopyIndex(params.copies)
    with open_writer(job, params.writer, GRAMMARS) as client:
        written = synthesize(samples, assigned, writer, client, copies, job.workers, job.reject)
        rows = sorted(job.track(written), key=lambda row: row.conversation_id)
    job.rows_in = {"requests": len(samples), "assignments": len(assigned)}
    job.rows_out = {"conversations": write_table(conversations, Conversation, rows)}
    job.figures |= conversation_figures(rows, params.set_styles, copies)
    if is_offline:
        job.figures["phrases_made_from_the_taxonomy"] = made_for(traits.traits.values())


if __name__ == "__main__":
    run_stage(main)
