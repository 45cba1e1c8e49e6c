"""A large CSV of films through the door to CSV, in time and memory, beside its peers.

Writes a synthetic table of ids, titles and overviews in a folder of its own: quoted cells, many
with ends of lines and doubled quotes, every thousandth row cut short. Then, each in a process of
its own: our reader with places and rejections; csv.DictReader, which counts the same rows and tells
no line in which one begins; Polars' read_csv, which loads the file and fills up short rows. Nothing
is kept of a row. Prints one JSON line: `python benchmarks/catalog_csv.py [MEGABYTES]`.
"""

from __future__ import annotations

import csv
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

MEGABYTES = 1_000
SHORT_EVERY = 1_000  # rows
SENTENCES = (  # made up; as in plots, some hold quotes, commas and ends of lines
    "A clerk finds a letter in a drawer, and reads it.",
    'She says "not today" and shuts the door.',
    "They drive north.\n\nSnow begins to fall.",
    "The harbour is empty; a dog barks somewhere.",
    "Nobody believes the boy until the lights go out.",
)


def main() -> None:
    """Write the file, run all three, print one JSON line."""
    words = sys.argv[1:]
    if words[:1] == ["--run"]:
        print(json.dumps(measured(words[1], Path(words[2]))))
        return
    megabytes = int(words[0]) if words else MEGABYTES
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, "films.csv")
        n_rows = write_films(path, megabytes * 10**6)
        found = {"mb": megabytes, "rows": n_rows}
        for name in READERS:
            command = [sys.executable, __file__, "--run", name, str(path)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found |= {f"{name}_{key}": value for key, value in json.loads(done.stdout).items()}
    machine = {"cores": os.cpu_count(), "machine": platform.machine()}
    print(json.dumps({**found, **machine, "python": platform.python_version()}))


def write_films(path: Path, n_bytes: int) -> int:
    """Write rows until the file has so many bytes, the same every time; return their number."""
    rng = np.random.default_rng(2026)
    n_rows = 0
    with path.open("w", encoding="utf-8", newline="") as handle:
        table = csv.writer(handle, lineterminator="\n")
        table.writerow(["id", "title", "release_date", "overview"])
        while handle.tell() < n_bytes:
            for chosen in rng.integers(0, len(SENTENCES), (10_000, 6)):
                n_rows += 1
                row = [
                    n_rows,
                    f"Film {n_rows}",
                    "1999-01-01",
                    " ".join(SENTENCES[n] for n in chosen),
                ]
                table.writerow(row[:2] if n_rows % SHORT_EVERY == 0 else row)
    return n_rows


def measured(name: str, path: Path) -> dict[str, Any]:
    """Return how one reader does, in a process of its own."""
    started = time.monotonic()
    counts = READERS[name](path)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": round(time.monotonic() - started, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mib": round(used.ru_maxrss / 1024),
        **counts,
    }


def ours(path: Path) -> dict[str, int]:
    """Read with places; rejections are counted."""
    from builder.text_files.csv_rows import read_csv

    rejected = []
    read = sum(1 for _ in read_csv(path, ("id", "title"), lambda *told: rejected.append(told)))
    return {"read": read, "rejected": len(rejected)}


def dict_reader(path: Path) -> dict[str, int]:
    """Read with the csv module; a row cut short has None in it."""
    read = rejected = 0
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle, strict=True):
            if row["overview"] is None:
                rejected += 1
            else:
                read += 1
    return {"read": read, "rejected": rejected}


def polars(path: Path) -> dict[str, int]:
    """Load the file; rows cut short are filled up."""
    import polars as pl

    return {"read": pl.read_csv(path, infer_schema=False).height}


READERS = {"ours": ours, "dict_reader": dict_reader, "polars": polars}


if __name__ == "__main__":
    main()
