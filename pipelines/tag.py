"""Stage tag: sentences and keywords become evidence on the warnings."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.records import Evidence, Sentence, TextKind
from builder.tables import read_table, write_table
from builder.tagging.evidence import TextRules, keyword_evidence, similarity_evidence
from builder.tagging.similarity import find_matches
from builder.tagging.vectors import read_vectors
from builder.taxonomy import Taxonomy
from pipelines.stage import Job, StageParams, run_stage


class TextParams(StageParams):
    """One kind of text."""

    min_score: Annotated[float, Field(ge=-1, le=1)]
    nearest: Annotated[int, Field(ge=1)]


class Params(StageParams):
    """See params.yaml."""

    texts: Annotated[dict[TextKind, TextParams], Field(min_length=1)]


def main(
    job: Job, params: Params, *, taxonomy: Path, sentences: Path, vectors: Path, text_evidence: Path
) -> None:
    """Write the text evidence: keyword statements, then similarities."""
    warnings = list(Taxonomy.load(taxonomy).warnings.values())
    said = read_table(sentences, Sentence)
    encoded = read_vectors(vectors, len(warnings))
    rules = {str(kind): TextRules(p.min_score, p.nearest) for kind, p in params.texts.items()}
    lowest = min(rule.min_score for rule in rules.values())
    matches = find_matches(encoded.sentences, encoded.warnings, lowest)
    rows = chain(
        keyword_evidence(said, warnings),
        similarity_evidence(said, warnings, matches, rules, job.reject),
    )
    job.rows_in |= {"sentences": len(said), "warnings": len(warnings)}
    job.rows_out["text_evidence"] = write_table(text_evidence, Evidence, rows)
    job.figures["encoder"] = encoded.encoder


if __name__ == "__main__":
    run_stage(main)
