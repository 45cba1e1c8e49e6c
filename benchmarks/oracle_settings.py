"""What the stated settings of stage fuse rest on, measured on a run's evidence.

    python benchmarks/oracle_settings.py [FOLDER]

FOLDER is a run's, with params.yaml and data/interim as `dvc repro tag` leaves them; this one, if
none is named.
`grid`: the building oracle with other `min_settled` and `clears_below`: share of pairs called safe,
share of those with a yes that would be called safe had nobody said it, and the worst trait.
`low_rated`: share of items that violate a trait, mean over traits by how well the Parents Guide
stands in for them: of those rated G or E, of those whose every severity is mild at most, and of all
that statements name.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.oracle.evidence.feeds import parse_feeds
from builder.oracle.files.compiled import VERDICTS
from builder.oracle.make import Evidences, make_oracle
from builder.records import Evidence, Item, TextLikelihood
from builder.tables import read_table
from builder.taxonomy import CATEGORIES, Taxonomy
from pipelines.runtime.params import read_params
from pipelines.stages.fuse import Params

GRID = [(0.0, 0.4), (0.4, 0.25), (0.65, 0.25), (0.65, 0.4), (0.8, 0.25), (0.8, 0.4), (0.9, 0.25)]
SEED = 2026


def grid(known: Evidences, tree: Taxonomy, params: Params) -> list[dict[str, Any]]:
    """Return a row for every pair of settings."""
    rules = replace(params.rules(), n_resamples=1)
    feeds = parse_feeds(params.build, params.grade)["build"]
    labels = parse_feeds(params.labels.build, params.labels.grade, may_meet=True)["build"]
    rows = []
    for min_settled, clears_below in GRID:
        update = {"min_settled": min_settled, "clears_below": clears_below}
        changed = replace(rules, thresholds=rules.thresholds.model_copy(update=update))
        made = make_oracle("build", known, feeds, labels, tree, changed, SEED)
        unsaid = {
            name: told for name, told in made.calibration["if_unsaid"].items() if told["said"]
        }
        rows.append(
            {
                "min_settled": min_settled,
                "clears_below": clears_below,
                "safe": round(float((made.fused.codes == VERDICTS.index("safe")).mean()), 4),
                "missed_if_unsaid": unsaid["all"]["missed"]["share"],
                "worst_trait": max(told["missed"]["share"] or 0.0 for told in unsaid.values()),
            }
        )
    return rows


def low_rated(
    items: Sequence[Item], evidence: Sequence[Evidence], tree: Taxonomy
) -> dict[str, dict[str, float]]:
    """Return the mean share of violators by applicability, in three groups of items."""
    yes = {(e.item_id, e.subject) for e in evidence if e.kind == "statement" and e.value == 1}
    named = {e.item_id for e in evidence if e.kind == "statement"}
    mild: dict[str, set[str]] = defaultdict(set)
    for e in evidence:
        if e.kind == "ceiling" and e.value <= 1:
            mild[e.item_id].add(e.subject)
    groups = {
        "rated_g_or_e": {item.item_id for item in items if item.rating in ("G", "E")} & named,
        "mild_at_most": {i for i, subjects in mild.items() if subjects >= set(CATEGORIES)} & named,
        "all": named,
    }
    table: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for trait in tree.traits.values():
        violators = {i for i in named if any((i, warning) in yes for warning in trait.warnings)}
        for group, ids in groups.items():
            share = len(violators & ids) / max(1, len(ids))
            table[trait.parents_guide.applicability][group].append(share)
    return {
        applicability: {name: round(sum(own) / len(own), 4) for name, own in shares.items()}
        for applicability, shares in table.items()
    }


def main(folder: Path) -> None:
    """Print one JSON line."""
    params = read_params(folder).section(Params, "fuse")
    tree, made = Taxonomy.load(folder / "data/taxonomy"), folder / "data/interim"
    items = read_table(made / "items.parquet", Item)
    stated = read_table(made / "evidence.parquet", Evidence)
    known = Evidences(
        [item.item_id for item in items],
        [*stated, *read_table(made / "text_evidence.parquet", Evidence)],
        read_table(made / "text_likelihoods.parquet", TextLikelihood),
    )
    print(
        json.dumps({"grid": grid(known, tree, params), "low_rated": low_rated(items, stated, tree)})
    )


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))
