"""The reference's public rows beside its formula, on the votes at hand.

    python benchmarks/public_rows.py FOLDER DATASET.json

FOLDER is a run's over the Parents Guide votes (`make real`), DATASET.json a SafeRec data set: each
of its samples has `assigned_trait` and `removed_groundtruth`, titles with the `pg_risk` for which
they were removed. A pair of title and trait is compared where the title is one of the catalogue
and has votes. Prints one JSON line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from builder.oracle.evidence.feeds import parse_feeds, select
from builder.oracle.evidence.gather import gather
from builder.oracle.reference.reference import apply_formula
from builder.records import Evidence, Item
from builder.tables import read_table
from builder.taxonomy import Taxonomy
from builder.titles import Named, TitleIndex
from pipelines.runtime.params import read_params
from pipelines.stages.fuse import Params


def public_pairs(path: Path) -> tuple[int, dict[tuple[str, int, str], float]]:
    """Return the number of rows, and `pg_risk` by title, year and trait."""
    samples: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["samples"]
    rows = [(sample, own) for sample in samples for own in sample.get("removed_groundtruth", ())]
    pairs = {
        (own["title"], int(own["year"]), sample["assigned_trait"]): float(
            own["trait_info"]["pg_risk"]
        )
        for sample, own in rows
    }
    return len(rows), pairs


def main(folder: Path, dataset: Path) -> None:
    """Print one JSON line."""
    params = read_params(folder).section(Params, "fuse")
    tree, made = Taxonomy.load(folder / "data/taxonomy"), folder / "data/interim"
    traits = list(tree.traits.values())
    items = read_table(made / "items.parquet", Item)
    ids = [item.item_id for item in items]
    votes = select(
        read_table(made / "evidence.parquet", Evidence),
        parse_feeds(params.build, params.grade)["grade"],
    )
    found = gather(ids, list(tree.warnings), list(tree.traits), votes, (), {}, ())
    formula = apply_formula(found, list(tree.warnings), traits)
    index = TitleIndex(Named(i.item_id, (i.title, *i.aliases), i.year) for i in items)
    row_by_id = {item_id: row for row, item_id in enumerate(ids)}
    column_by_trait = {trait.name: column for column, trait in enumerate(traits)}
    n_rows, pairs = public_pairs(dataset)
    compared, others = 0, []
    for (title, year, trait), theirs in pairs.items():
        row = row_by_id.get(index.resolve(title, year).item_id or "", -1)
        if row >= 0 and found.severity_votes[row].any():
            compared += 1
            ours = float(formula.pg[row, column_by_trait[trait]])
            if ours != theirs:
                others.append({"title": f"{title} ({year})", "ours": ours, "theirs": theirs})
    figures = {"rows": n_rows, "pairs": len(pairs), "compared": compared, "differ": others}
    print(json.dumps(figures))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
