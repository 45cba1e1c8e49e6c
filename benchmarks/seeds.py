"""What training gives over several seeds: the models are trained and graded again for each.

Run from a project's or workspace's folder in which `dvc repro` has run, so that only training,
not the data, varies:

    python benchmarks/seeds.py --seeds 1 2 3
    python benchmarks/seeds.py --seeds 1 2 3 --split validation --set train_gdpo.steps=50

Prints one JSON line: each system's figures, mean over the seeds with the lowest and highest.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

from builder.yaml_files import to_yaml
from pipelines.runtime.layout import read_layout
from pipelines.runtime.params import FILES, read_params
from pipelines.runtime.stage import path_arguments

STAGES = ("train_sft", "train_gdpo", "evaluate")
FIGURES = ("recall@10", "ndcg@10", "svr_lower@10", "svr_upper@10", "build_svr_lower@10", "listed")
PAIRED = ("safe_gdpo_minus_plain_sft", "safe_gdpo_minus_plain_sft_at_equal_length")


def main() -> None:
    """Train and grade once a seed, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--split", choices=("validation", "test"), default="test")
    parser.add_argument("--set", nargs="*", default=[], metavar="SECTION.KEY=VALUE")
    told = parser.parse_args()
    started = time.monotonic()
    reports = [_graded(Path.cwd(), seed, told.split, told.set) for seed in told.seeds]
    systems: dict[str, Any] = {
        system: _spread(report["systems"][system] for report in reports)
        for system in reports[0]["systems"]
    }
    for pair in PAIRED:
        systems[pair] = _spread(report[pair] for report in reports)
    told_of = {"seeds": told.seeds, "split": told.split, "set": told.set}
    size = {name: reports[0][name] for name in ("n_rows", "n_threads")}
    seconds = round(time.monotonic() - started, 1)
    print(json.dumps({**told_of, **size, "systems": systems, "seconds": seconds}))


def _graded(run: Path, seed: int, split: str, changes: Iterable[str]) -> dict[str, Any]:
    settings = read_params(run)
    settings.sections["run"]["seed"] = seed
    settings.sections["evaluate"]["split"] = split
    for change in changes:
        place, _, value = change.partition("=")
        *path, key = place.split(".")
        section: dict[str, Any] = settings.sections
        for part in path:
            section = section[part]
        section[key] = yaml.safe_load(value)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for file in FILES:
            (scratch / file).write_text(to_yaml(settings.of_file(file)))
        for stage in STAGES:
            words = [
                sys.executable,
                "-m",
                f"pipelines.stages.{stage}",
                *_paths(run, scratch, stage),
            ]
            environment = {**os.environ, "PYTHONPATH": str(run)}
            subprocess.run(words, cwd=scratch, env=environment, check=True, capture_output=True)
        return dict(json.loads((scratch / "metrics").read_bytes()))


def _paths(run: Path, scratch: Path, stage: str) -> list[str]:
    """Return a stage's NAME=PATH words: what training makes goes to the scratch folder."""
    layout = read_layout(run)
    made = frozenset().union(*(layout.outputs[stage] for stage in STAGES))
    arguments = path_arguments(importlib.import_module(f"pipelines.stages.{stage}").main)
    own = [f"{name}={scratch / name}" for name in ("counts", "rejections", "log")]
    return own + [f"{n}={scratch / n if n in made else layout[n]}" for n in arguments]


def _spread(reports: Iterable[dict[str, dict[str, float]]]) -> dict[str, list[float]]:
    kept = list(reports)
    found = {name: [told[name]["value"] for told in kept if name in told] for name in FIGURES}
    return {
        name: [round(fmean(values), 4), round(min(values), 4), round(max(values), 4)]
        for name, values in found.items()
        if values
    }


if __name__ == "__main__":
    main()
