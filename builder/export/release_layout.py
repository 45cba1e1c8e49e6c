"""Where the parts of a release are stored, and what is read back from them.

saferec/saferec_sft_dataset/{train,validation,test}   as saved by `datasets`
saferec/saferec_grpo_dataset/train
saferec/intermediate/{train,validation,test}.jsonl    row n explains SFT row n of that split
saferec/index.parquet                                 the conversation of every row
saferec/rule.json                                     the rule that rows were chosen by
penguin/penguin.json, penguin/penguin_variants.jsonl
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.errors import refuse
from builder.export.choose import Config, ExportRule
from builder.records import Split
from builder.text_files.json_text import read_json, read_json_lines

SPLITS_OF: Mapping[Config, tuple[Split, ...]] = {
    "sft": ("train", "validation", "test"),
    "grpo": ("train",),
}
"""The splits of each configuration; each is written even if it has no rows."""

FOLDER_OF: Mapping[Config, str] = {"sft": "saferec_sft_dataset", "grpo": "saferec_grpo_dataset"}
"""The reference's folder names."""

INDEX_FILE, RULE_FILE = "index.parquet", "rule.json"
PENGUIN_FILE, VARIANTS_FILE = "penguin.json", "penguin_variants.jsonl"


def read_rule(folder: Path) -> ExportRule:
    """Return the rule that the rows of a SafeRec folder were chosen by."""
    return ExportRule(**read_json(folder / RULE_FILE))


def scenario_writers(folder: Path) -> list[str]:
    """Return the writer of each scenario of a PENGUIN folder, in file order."""
    return [row["made_by"] for row in _plain_variants(folder)]


def scenario_ids(folder: Path) -> list[str]:
    """Return the id of each scenario of a PENGUIN folder, in file order."""
    return [row["scenario_id"] for row in _plain_variants(folder)]


def _plain_variants(folder: Path) -> list[dict[str, Any]]:
    """Return the variant without a profile of each row."""
    variants = (row for _, row in read_json_lines(folder / VARIANTS_FILE, refuse))
    return [row for row in variants if row["variant"] == "context_free"]
