"""Stage tag: sentences become evidence on the warnings, and a calibrated word on each trait."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.records import Evidence, Sentence, TextKind, TextLikelihood
from builder.tables import read_table, write_table
from builder.tagging.encode.vectors import read_vectors
from builder.tagging.heads.features import FeatureReader, background_of
from builder.tagging.heads.head_file import write_heads
from builder.tagging.heads.heads import HeadRules, fit_heads
from builder.tagging.heads.likelihoods import likelihoods
from builder.tagging.labels.evidence_labels import (
    LabelRules,
    LabelSettings,
    parse_label_feeds,
    read_shares,
)
from builder.tagging.similarity.cosines import find_matches
from builder.tagging.similarity.search import SearchName
from builder.tagging.similarity.text_evidence import (
    TextRules,
    keyword_evidence,
    similarity_evidence,
)
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
    tree, label_rules = Taxonomy.load(taxonomy), params.label_rules()
    warnings = list(tree.warnings.values())
    said = read_table(sentences, Sentence)
    encoded = read_vectors(vectors, len(warnings))
    rules = {str(kind): rule for kind, rule in params.texts.items()}
    lowest = min(rule.min_score for rule in rules.values())
    matches = find_matches(encoded.sentences, encoded.warnings, lowest, params.search)
    searched = [s for s in said if s.kind not in params.heads_only]
    rows = chain(
        keyword_evidence(searched, warnings),
        similarity_evidence(searched, warnings, matches, rules, job.reject),
    )
    job.rows_out["text_evidence"] = write_table(text_evidence, Evidence, rows)

    stated = read_table(evidence, Evidence)
    labels = read_shares(stated, list(tree.traits.values()), label_rules, params.steepness)
    background = background_of(encoded.warnings, encoded.sentences)
    reader = FeatureReader(tree, encoded.warnings, background)
    labelled = {item_id for by_item in labels.values() for item_id in by_item}
    own = [s for s in said if s.item_id in labelled]
    taught = reader.read(own, encoded.sentences)
    fitted = fit_heads(taught, reader, labels, params.heads)
    write_heads(text_heads, fitted)
    told = likelihoods(
        reader.read(said, encoded.sentences), encoded.sentences, reader, fitted, params.label_feeds
    )
    job.rows_out["text_likelihoods"] = write_table(text_likelihoods, TextLikelihood, told)
    job.rows_in |= {"sentences": len(said), "warnings": len(warnings), "evidence": len(stated)}
    job.figures["encoder"] = encoded.encoder
    job.figures["labels"] = {
        trait: dict(Counter("unsafe" if far >= 0.5 else "safe" for far in by_item.values()))
        for trait, by_item in labels.items()
    }
    job.figures["heads"] = {
        trait: "none" if trait not in fitted.heads else _kind(fitted.heads[trait].is_pooled)
        for trait in tree.traits
    }


def _kind(is_pooled: bool) -> str:
    return "pooled slope" if is_pooled else "own head"


if __name__ == "__main__":
    run_stage(main)
