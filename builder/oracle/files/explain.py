"""What both oracles say of one item, as plain data for `saferec show`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from builder.errors import InputError
from builder.records import Risk
from builder.rows import from_row


@dataclass(frozen=True, slots=True)
class TraitExplanation:
    """The verdicts of both oracles on one item and trait, each with its reasons."""

    trait: str
    build: Risk
    grade: Risk


def explain_item(item_id: str, oracle_build: Path, oracle_grade: Path) -> list[TraitExplanation]:
    """Return both oracles' answers on an item, trait by trait in the taxonomy's order.

    Empty for an item that the oracles do not know.

    Raises:
        InputError: If an oracle is missing or damaged.
    """
    build, grade = _risks_of(item_id, oracle_build), _risks_of(item_id, oracle_grade)
    return [
        TraitExplanation(trait, build[trait], grade[trait]) for trait in build if trait in grade
    ]


def _risks_of(item_id: str, oracle: Path) -> dict[str, Risk]:
    try:
        rows = pq.read_table(oracle, filters=[("item_id", "=", item_id)]).to_pylist()
    except FileNotFoundError as exc:
        raise InputError(oracle, "no such file", "run `dvc repro fuse` to make it") from exc
    except (pa.ArrowInvalid, OSError) as exc:
        raise InputError(
            oracle, "not a readable Parquet file", "delete it and run `dvc repro fuse`"
        ) from exc
    return {risk.trait: risk for risk in (from_row(Risk, row) for row in rows)}
