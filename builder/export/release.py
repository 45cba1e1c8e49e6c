"""Write the SafeRec and PENGUIN folders of a release, see `builder.export.release_layout`.

Each folder is replaced as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.export.choose import ChosenRow, Config, ExportRule
from builder.export.disk import as_dataset, features_of, save_splits
from builder.export.formats.penguin import chat_variants, penguin_row
from builder.export.formats.saferec import constraint_keys, index_of, intermediate_of, row_of
from builder.export.naming import Names
from builder.export.release_layout import (
    FOLDER_OF,
    INDEX_FILE,
    PENGUIN_FILE,
    RULE_FILE,
    SPLITS_OF,
    VARIANTS_FILE,
)
from builder.records import ExportRow, Scenario, Split
from builder.synthesis.answers.reasoning import Reasoner
from builder.tables import replacing, write_json, write_jsonl, write_table

Places = Mapping[tuple[Config, Split], Sequence[ChosenRow]]


def by_place(chosen: Iterable[ChosenRow]) -> Places:
    """Return the rows of every configuration and split, in the order of their conversations."""
    places: dict[tuple[Config, Split], list[ChosenRow]] = {
        (config, split): [] for config, splits in SPLITS_OF.items() for split in splits
    }
    for row in sorted(chosen, key=lambda row: row.conversation.conversation_id):
        places[row.config, row.split].append(row)
    return places


def write_saferec(
    folder: Path,
    places: Places,
    names: Names,
    traits: Sequence[str],
    reasoner: Reasoner,
    rule: ExportRule,
    seed: int,
) -> None:
    """Write the SafeRec folder.

    Args:
        folder: The folder to write.
        places: The rows, see `by_place`.
        names: Names of the items.
        traits: All trait names, in the taxonomy's order.
        reasoner: Writes the reasoning of the completions.
        rule: The rule that the rows were chosen by; saved beside them.
        seed: Keys the wording of the answers.
    """
    with replacing(folder) as new:
        for config, splits in SPLITS_OF.items():
            datasets: dict[str, Any] = {}
            for split in splits:
                rows = places[config, split]
                keys = constraint_keys(rows, traits)
                features = features_of(keys, has_completion=config == "sft")
                made = [
                    row_of(row, names, keys, reasoner, wanted=rule.wanted, seed=seed)
                    for row in rows
                ]
                datasets[split] = as_dataset(made, features, split)
            save_splits(new / FOLDER_OF[config], datasets)
        for split in SPLITS_OF["sft"]:
            beside = (intermediate_of(row, names, reasoner, seed) for row in places["sft", split])
            write_jsonl(new / "intermediate" / f"{split}.jsonl", beside)
        least = {"wanted": rule.wanted, "min_groundtruth_train": rule.min_groundtruth_train}
        write_json(new / RULE_FILE, least | rule.model_dump())  # in this order
        write_table(new / INDEX_FILE, ExportRow, index_of(places))


def write_penguin(folder: Path, scenarios: Iterable[Scenario]) -> int:
    """Write the PENGUIN folder and return the number of rows."""
    rows = sorted(scenarios, key=lambda scenario: scenario.scenario_id)
    with replacing(folder) as new:
        write_json(new / PENGUIN_FILE, [penguin_row(row) for row in rows])
        variants = (variant for row in rows for variant in chat_variants(row))
        write_jsonl(new / VARIANTS_FILE, variants)
    return len(rows)
