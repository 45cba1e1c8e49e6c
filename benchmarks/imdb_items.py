"""A 12-million-row title.basics file to items on disk, and the obvious csv loop on a slice of it.

Writes a synthetic title.basics.tsv.gz whose types, years, genres and lengths follow IMDb's, in a
folder of its own; then, each in a process of its own: our reader, merge and Parquet writer (films
of the wanted types), and a loop over gzip and csv.DictReader that keeps the same rows as
dictionaries in a list and never writes. Run with the environment's Python from the project's
folder: `python benchmarks/imdb_items.py [N_ROWS] [N_PEER_ROWS]`.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

N_ROWS, N_PEER_ROWS = 12_000_000, 1_000_000
TITLE_TYPES = ["movie", "tvMovie"]
SHARE_BY_TYPE = {  # of title.basics in 2025, to the nearest half percent
    "tvEpisode": 0.765,
    "short": 0.09,
    "movie": 0.06,
    "video": 0.025,
    "tvSeries": 0.025,
    "tvMovie": 0.0125,
    "tvMiniSeries": 0.005,
    "tvSpecial": 0.005,
    "videoGame": 0.0035,
    "tvShort": 0.009,
}
GENRES = ["Drama", "Comedy", "Documentary", "Action", "Horror", "Crime", "Romance", "Sci-Fi"]
WORDS = (Path(__file__).parent / "../data/taxonomy/warnings.yaml").read_text().split()
COLUMNS = (
    "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\t"
    "runtimeMinutes\tgenres\n"
)


def main() -> None:
    """Write the file, run both, print one JSON line."""
    words = sys.argv[1:]
    if words[:1] == ["--ours"]:
        print(json.dumps(ours(Path(words[1]))))
        return
    if words[:1] == ["--peer"]:
        print(json.dumps(peer(Path(words[1]), int(words[2]))))
        return
    if words[:1] == ["--write"]:
        write_basics(Path(words[1]) / "title.basics.tsv.gz", int(words[2]))
        return
    n_rows = int(words[0]) if words else N_ROWS
    n_peer = int(words[1]) if len(words) > 1 else N_PEER_ROWS
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        subprocess.run([sys.executable, __file__, "--write", scratch, str(n_rows)], check=True)
        found = {
            "n_rows": n_rows,
            "file_mb": round((folder / "title.basics.tsv.gz").stat().st_size / 1e6),
            "format": "gz",
            "title_types": TITLE_TYPES,
            **{f"ours_{k}": v for k, v in run("--ours", folder).items()},
            **{f"peer_{k}": v for k, v in run("--peer", folder, str(n_peer)).items()},
        }
    for kind in ("seconds", "cpu_seconds"):
        found[f"peer_{kind}_scaled"] = round(found[f"peer_{kind}"] * n_rows / n_peer, 1)
    machine = {"cores": os.cpu_count(), "machine": platform.machine()}
    print(json.dumps({**found, **machine, "python": platform.python_version()}))


def run(what: str, folder: Path, *more: str) -> dict[str, Any]:
    """Return what a process of its own measured, with its peak memory."""
    command = [sys.executable, __file__, what, str(folder), *more]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def ours(folder: Path) -> dict[str, Any]:
    """Read, tidy, merge and write the items."""
    from builder.catalog.catalog_source import CatalogSource
    from builder.catalog.merging.merge import merge_drafts
    from builder.catalog.readers.catalog_readers import read_source
    from builder.catalog.tidy import Limits
    from builder.records import Item
    from builder.tables import write_table
    from builder.taxonomy.official import Vocabulary

    spec = CatalogSource(
        name="imdb",
        reader="imdb",
        path=".",
        licence="none",
        retrieved="2026-11-21",
        options={"title_types": TITLE_TYPES, "adult": False},
    )
    n_rejected = 0

    def reject(place: str, reason: str, detail: str) -> None:
        nonlocal n_rejected
        n_rejected += 1

    started = time.monotonic()
    vocabulary = Vocabulary.load(Path("data/taxonomy"))
    drafts = read_source(
        folder, spec, vocabulary, Limits(max_title_chars=500, max_text_chars=100_000), reject
    )
    items, _, _ = merge_drafts(drafts, reject)
    n_items = write_table(folder / "items.parquet", Item, items)
    counts = {"items": n_items, "rejected": n_rejected}
    return {"seconds": since(started), "cpu_seconds": cpu_seconds(), **counts, "gib": peak_gib()}


def peer(folder: Path, n_rows: int) -> dict[str, Any]:
    """Keep the same rows of the first `n_rows` as dictionaries."""
    started, kept = time.monotonic(), []
    with gzip.open(folder / "title.basics.tsv.gz", "rt", encoding="utf-8") as handle:
        rows = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        for number, row in enumerate(rows):
            if number == n_rows:
                break
            if row["titleType"] in TITLE_TYPES and row["isAdult"] != "1":
                year = None if row["startYear"] == r"\N" else int(row["startYear"])
                genres = [] if row["genres"] == r"\N" else row["genres"].split(",")
                kept.append({**row, "startYear": year, "genres": genres})
    counts = {"rows": n_rows, "items": len(kept)}
    return {"seconds": since(started), "cpu_seconds": cpu_seconds(), **counts, "gib": peak_gib()}


def since(started: float) -> float:
    """Return the seconds since."""
    return round(time.monotonic() - started, 1)


def cpu_seconds() -> float:
    """Return the seconds that this process has used on all cores, its imports among them."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return round(used.ru_utime + used.ru_stime, 1)


def peak_gib() -> float:
    """Return the peak memory of this process."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)


def write_basics(path: Path, n_rows: int) -> None:
    """Write the file, the same bytes every time."""
    rng = np.random.default_rng(12)
    words = np.array(sorted({w.strip('":,.[]') for w in WORDS} - {""}))
    types, shares = list(SHARE_BY_TYPE), np.array(list(SHARE_BY_TYPE.values()))
    chunk = 200_000
    with gzip.open(path, "wb", compresslevel=1) as handle:
        handle.write(COLUMNS.encode())
        for start in range(0, n_rows, chunk):
            n = min(chunk, n_rows - start)
            first, second, third = (pl.Series(words[rng.integers(0, len(words), n)]) for _ in "123")
            title = first + " " + second + pl.Series(rng.random(n) < 0.5).replace_strict(
                {True: " of ", False: " "}, return_dtype=pl.String
            ) + third  # fmt: skip
            years = pl.Series(rng.integers(1895, 2027, n)).cast(pl.String)
            blank = rng.random(n)
            rows = pl.DataFrame(
                {
                    "tconst": [f"tt{number:07d}" for number in range(start + 1, start + n + 1)],
                    "titleType": np.array(types)[
                        rng.choice(len(types), n, p=shares / shares.sum())
                    ],
                    "primaryTitle": title,
                    "originalTitle": title,
                    "isAdult": (blank > 0.97).astype(np.int8),
                    "startYear": years.zip_with(
                        pl.Series(blank >= 0.1), pl.repeat("\\N", n, eager=True)
                    ),
                    "endYear": pl.repeat("\\N", n, eager=True),
                    "runtimeMinutes": rng.integers(1, 200, n),
                    "genres": np.array(GENRES)[rng.integers(0, len(GENRES), n)],
                }
            )
            text = rows.write_csv(separator="\t", include_header=False, quote_style="never")
            handle.write(text.encode())


if __name__ == "__main__":
    main()
