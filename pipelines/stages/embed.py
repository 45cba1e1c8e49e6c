"""Stage embed: the items' texts and the taxonomy's warnings become vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.records import Item, Sentence, TextKind
from builder.tables import read_table, write_table
from builder.tagging.encode.encoder import EmbedSettings
from builder.tagging.encode.prototypes import warning_prototypes
from builder.tagging.encode.sentences import split_items, unique_texts
from builder.tagging.encode.vectors import Vectors, write_vectors
from builder.taxonomy import Taxonomy
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams, EmbedSettings):
    """Which texts are encoded, how many sentences of one, and by what."""

    kinds: Annotated[list[TextKind], Field(min_length=1)]
    max_sentences: Annotated[int, Field(ge=1)]


def main(
    job: Job, params: Params, *, taxonomy: Path, items: Path, sentences: Path, vectors: Path
) -> None:
    """Write the sentences of the items, and a vector for each different one and each warning."""
    # Imports torch: seconds that a wrong parameter need not wait for.
    from builder.tagging.encode.sentence_encoder import cached_encoder

    warnings = list(Taxonomy.load(taxonomy).warnings.values())
    catalog = read_table(items, Item)
    found = split_items(catalog, params.kinds, params.max_sentences, job.reject)
    texts = unique_texts(found)
    encoder = cached_encoder(params, workers=job.workers)
    encoded = Vectors(
        sentences=encoder.encode(texts, job.track),
        warnings=warning_prototypes(warnings, encoder, job.track),
        encoder=encoder.name,
    )
    write_vectors(vectors, encoded)
    job.rows_in |= {"items": len(catalog), "warnings": len(warnings)}
    job.rows_out |= {"sentences": write_table(sentences, Sentence, found), "vectors": len(texts)}
    job.figures["encoder"] = encoder.name


if __name__ == "__main__":
    run_stage(main)
