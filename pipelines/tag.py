"""Stage tag: sentences and keywords become evidence on the warnings."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.records import Evidence, Sentence, TextKind
from builder.tables import read_table, write_table
from builder.tagging.evidence import keyword_evidence, similarity_evidence
from builder.tagging.similarity import find_matches
from builder.tagging.vectors import read_vectors
from builder.taxonomy import Taxonomy
from pipelines.stage import Job, StageParams, run_stage


class Params(StageParams):
    """See params.yaml."""

    min_score: Annotated[dict[TextKind, Annotated[float, Field(ge=-1, le=1)]], Field(min_length=1)]


def main(
    job: Job, params: Params, *, taxonomy: Path, sentences: Path, vectors: Path, text_evidence: Path
) -> None:
    """Write the text evidence: keyword statements, then similarities."""
    warnings = list(Taxonomy.load(taxonomy).warnings.values())
    said, encoded = read_table(sentences, Sentence), read_vectors(vectors)
    matches = find_matches(encoded.sentences, encoded.warnings, min(params.min_score.values()))
    rows = chain(
        keyword_evidence(said, warnings),
        similarity_evidence(said, warnings, matches, params.min_score, job.reject),
    )
    job.rows_in |= {"sentences": len(said), "warnings": len(warnings)}
    job.rows_out["text_evidence"] = write_table(text_evidence, Evidence, rows)
    job.figures["encoder"] = encoded.encoder


if __name__ == "__main__":
    run_stage(main)
