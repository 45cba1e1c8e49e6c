"""What an MPAA reason's silence on a category means, by the Parents Guide votes of the same films.

`python benchmarks/reason_silence.py FOLDER` after `dvc repro mine_catalog` there, over sources with
both, such as those of profiles/real.yaml. Prints one JSON line: by rating and category, of how many
films whose reason does not name the category it was voted moderate or worse. Ratings that need no
reason (G, PG) count all films with votes; PG since 1985, when PG-13 had taken the stronger ones.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl

MODERATE, FIRST_YEAR_OF_PG = 2, 1985


def main(folder: Path) -> None:
    """Print the shares."""
    items = pl.read_parquet(folder / "data/interim/items.parquet")
    told = pl.read_parquet(folder / "data/interim/evidence.parquet")
    voted = told.filter((pl.col("kind") == "severity") & (pl.col("votes").list.len() > 0))
    named = told.filter((pl.col("kind") == "severity") & (pl.col("source") == "mpaa"))
    rows = voted.join(items.select("item_id", "rating", "year"), on="item_id")
    has_reason = rows.join(named.select("item_id").unique(), on="item_id", how="semi")
    silent = has_reason.join(named, on=["item_id", "subject"], how="anti")
    figures = {
        rating: shares(silent.filter(pl.col("rating") == rating)) for rating in ("PG-13", "R")
    }
    is_mild = pl.col("rating").is_in(["G", "PG"]) & (
        (pl.col("rating") == "G") | (pl.col("year") >= FIRST_YEAR_OF_PG)
    )
    print(json.dumps({**figures, "G, PG": shares(rows.filter(is_mild))}))


def shares(rows: pl.DataFrame) -> dict[str, list[float]]:
    """Return by category the share voted moderate or worse and the number of films."""
    by = rows.group_by("subject").agg((pl.col("value") >= MODERATE).mean().alias("share"), pl.len())
    return {name: [round(share, 3), n] for name, share, n in sorted(by.iter_rows())}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
