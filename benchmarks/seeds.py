"""What training gives over several seeds: the models are trained and graded again for each.

Run from a project's or workspace's folder in which `dvc repro` has run, so that only training,
not the data, varies:

    python benchmarks/seeds.py --seeds 1 2 3
    python benchmarks/seeds.py --seeds 1 2 3 --split validation --set train_gdpo.steps=50

Prints one JSON line: each system's figures, mean over the seeds with the lowest and highest.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml

from builder.yaml_files import read_yaml_document

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
    params = read_yaml_document(run / "params.yaml")
    params["run"]["seed"] = seed
    params["evaluate"]["split"] = split
    for change in changes:
        place, _, value = change.partition("=")
        *path, key = place.split(".")
        section = params
        for part in path:
            section = section[part]
        section[key] = yaml.safe_load(value)
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False))
        for stage in STAGES:
            words = [
                sys.executable,
                "-m",
                f"pipelines.stages.{stage}",
                *_paths(run, Path(scratch), stage),
            ]
            environment = {**os.environ, "PYTHONPATH": str(run)}
            subprocess.run(words, cwd=scratch, env=environment, check=True, capture_output=True)
        return dict(json.loads((Path(scratch) / "metrics").read_bytes()))


def _paths(run: Path, scratch: Path, stage: str) -> list[str]:
    """Return a stage's NAME=PATH words: what training makes goes to the scratch folder."""
    document = read_yaml_document(run / "dvc.yaml")
    names = next(part["paths"] for part in document["vars"] if "paths" in part)
    made = {"counts", "rejections", "sft_log", "gdpo_log", "answers", "metrics", "metrics_plot"}
    words = []
    for name, place in re.findall(r"(\w+)=(\S+)", document["stages"][stage]["cmd"]):
        known = re.sub(r"\$\{paths\.(\w+)\}", lambda found: names[found[1]], place)
        own = name in made or name.startswith("model_")
        words.append(f"{name}={scratch / name if own else run / known}")
    return words


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
