"""How well linking finds the titles that people annotated: `saferec link eval`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from builder.errors import InputError
from builder.linking.lexicon.lexicon import open_lexicon
from builder.linking.mentions.linker import link_dialog
from builder.linking.review.accuracy import Scorer, accuracy_figures
from builder.linking.review.annotated import AnnotatedTurn, read_entities, read_turns
from builder.records import Item
from builder.tables import read_table
from builder.text_files.json_text import read_json
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import read_params
from pipelines.runtime.stage import RunParams
from pipelines.stages.link import Params as LinkParams

ENTITIES_FILE = "entity2id.json"
"""Names the numbers of `rec`, where it lies beside the turns."""


def evaluate_linking(folder: Path, turns: Path, catalogue: Path | None) -> dict[str, Any]:
    """Return accuracy on annotated turns, with what was counted and what was left aside.

    Args:
        folder: The project, whose parameters hold.
        turns: Annotated turns, see `builder.linking.review.annotated`.
        catalogue: A table of items, None for that of the run.

    Raises:
        InputError: If a file is missing or none of the turns can be scored.
    """
    place = catalogue or read_layout(folder)["items"]
    if not place.exists():
        raise InputError(place, "no such catalogue", "run `make repro`, or give --catalog")
    items = read_table(place, Item)
    beside = turns.parent / ENTITIES_FILE
    rejected: Counter[str] = Counter()
    annotated = list(
        read_turns(
            turns,
            read_entities(read_json(beside)) if beside.exists() else None,
            lambda _place, reason, _detail: rejected.update([reason]),
        )
    )
    if not annotated:
        found = ", ".join(f"{reason} {n}" for reason, n in sorted(rejected.items())) or "no rows"
        raise InputError(turns, f"no turn can be scored ({found})", "see docs/linking.md")
    return {
        "annotation": f"rec, named by {beside}" if beside.exists() else "entity_name",
        "left_aside": dict(sorted(rejected.items())),
        "catalogue_items": len(items),
        **_figures(folder, items, annotated),
    }


def _figures(folder: Path, items: list[Item], annotated: list[AnnotatedTurn]) -> dict[str, Any]:
    from pipelines.stages.evaluate import (
        Params as EvaluateParams,  # slow to import, and needed here alone
    )

    settings = read_params(folder)
    linking = settings.section(LinkParams, "link")
    grading = settings.section(EvaluateParams, "evaluate")
    lexicon, scorer = open_lexicon(items, linking.encoder), Scorer(items)
    return accuracy_figures(
        [scorer.score(turn, link_dialog(turn.dialog, lexicon, linking)) for turn in annotated],
        n_resamples=grading.bootstrap_resamples,
        level=grading.level,
        seed=settings.section(RunParams, "run").seed,
    )
