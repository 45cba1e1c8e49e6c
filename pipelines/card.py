"""Stage card: the release is counted, described for people and for machines, and checksummed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from builder.export.card import CardFacts, Release, hub_licences, render_card
from builder.export.checksums import checksums_of, release_files, sha256_of, to_lines
from builder.export.croissant import describe
from builder.export.facts import (
    count_rows,
    dialog_sources,
    evidence_sources,
    item_sources,
    used_rows,
    verdict_lines,
    writers,
)
from builder.export.release import read_release
from builder.records import Conversation, ExportRow, Item, Review
from builder.tables import iter_table, read_table, to_json, write_bytes
from builder.taxonomy import Taxonomy
from pipelines.stage import Job, StageParams, run_stage
