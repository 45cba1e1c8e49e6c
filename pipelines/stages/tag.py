"""Stage tag: sentences become evidence on the warnings, and a calibrated word on each trait."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.records import Evidence, Sentence, TextKind, TextLikelihood
from builder.tables import read_table, write_table
from builder.tagging.encode.vectors import read_vectors
from builder.tagging.heads.head_file import write_heads
from builder.tagging.heads.heads import HeadRules
from builder.tagging.heads.teach import teach_heads
from builder.tagging.labels.evidence_labels import (
    LabelRules,
    LabelSettings,
    parse_label_feeds,
    read_shares,
)
from builder.tagging.similarity.find_evidence import find_evidence
from builder.tagging.similarity.search import SearchName
from builder.tagging.similarity.text_evidence import TextRules
from builder.taxonomy import Taxonomy
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams):
    """What of the texts is taken for evidence, what teaches the heads, and how these are fitted.

    `texts`: by kind, those that speak of single warnings; `heads_only`: the kinds that only the
    heads read. `label_feeds`: evidence, "source:kind", whose labels teach. `min_answered`: share
    of a trait's warnings answered no that makes an item safe. `steepness`: logits for one step of
    a severity, None for labels of yes and no alone.
    """

    reads_also = ("labels",)
    labels: LabelSettings
    search: SearchName
    label_feeds: Annotated[list[str], Field(min_length=1)]
    texts: Annotated[dict[TextKind, TextRules], Field(min_length=1)]
    heads_only: list[TextKind]
    min_answered: Annotated[float, Field(gt=0, le=1)]
    steepness: Annotated[float, Field(gt=0)] | None
    heads: HeadRules
    bootstrap_resamples: Annotated[int, Field(ge=1)]

    def label_rules(self) -> LabelRules:
        """Return how the labels are read."""
        return self.labels.rules(parse_label_feeds(self.label_feeds), self.min_answered)


def main(
    job: Job,
    params: Params,
    *,
    taxonomy: Path,
    evidence: Path,
    sentences: Path,
    vectors: Path,
    text_evidence: Path,
    text_likelihoods: Path,
    text_heads: Path,
) -> None:
    """Write the text evidence, the heads, and what they say of each item and trait."""
    tree = Taxonomy.load(taxonomy)
    warnings, traits = list(tree.warnings.values()), list(tree.traits.values())
    texts, stated = read_table(sentences, Sentence), read_table(evidence, Evidence)
    encoded = read_vectors(vectors, len(warnings))
    found = find_evidence(
        texts,
        encoded,
        warnings,
        {str(kind): rule for kind, rule in params.texts.items()},
        left_out=params.heads_only,
        search=params.search,
        reject=job.reject,
    )
    job.rows_out["text_evidence"] = write_table(text_evidence, Evidence, found)
    labels = read_shares(stated, traits, params.label_rules(), params.steepness)
    taught = teach_heads(texts, encoded, tree, labels, params.heads)
    write_heads(text_heads, taught.heads)
    rows = taught.likelihoods(texts, encoded, params.label_feeds)
    job.rows_out["text_likelihoods"] = write_table(text_likelihoods, TextLikelihood, rows)
    job.rows_in |= {"sentences": len(texts), "warnings": len(warnings), "evidence": len(stated)}
    job.figures |= {"encoder": encoded.encoder, **taught.figures(tree)}


if __name__ == "__main__":
    run_stage(main)
