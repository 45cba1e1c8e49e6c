"""Stage mine_catalog: the configured catalogue sources become items and evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.catalog.catalog_source import CatalogSource
from builder.catalog.merging.merge import merge_drafts
from builder.catalog.readers.catalog_readers import read_source
from builder.catalog.tidy import Limits
from builder.records import Evidence, Item
from builder.tables import write_table
from builder.taxonomy.official import Vocabulary
from pipelines.runtime.stage import Job, StageParams, run_stage


class Params(StageParams, Limits):
    """Where the catalogue sources lie, and how long a title and a text may be."""

    root: str
    sources: Annotated[list[CatalogSource], Field(min_length=1)]


def main(job: Job, params: Params, *, taxonomy: Path, items: Path, evidence: Path) -> None:
    """Read every source, merge them, write items and evidence."""
    vocabulary = Vocabulary.load(taxonomy)
    drafts = []
    for spec in params.sources:
        source = read_source(Path(params.root), spec, vocabulary, params, job.reject)
        found = list(job.track(source))
        name = f"{spec.name}/{spec.path}"
        job.rows_in[name] = len(found)
        drafts.extend(found)
    merged, stated, conflicts = merge_drafts(drafts, job.reject)
    job.figures["conflicts"] = conflicts
    job.rows_out["items"] = write_table(items, Item, merged)
    job.rows_out["evidence"] = write_table(evidence, Evidence, stated)


if __name__ == "__main__":
    run_stage(main)
