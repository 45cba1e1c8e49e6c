"""Time and peak memory of the whole pipeline in a clean clone, and of a repro with nothing to do.

Run with the environment's Python from the project's folder: `python benchmarks/pipeline.py`.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Clone the committed tree, run it twice, print one JSON line."""
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch) / "clone"
        subprocess.run(["git", "clone", "--quiet", ".", str(clone)], check=True)
        first_s = _repro(clone)
        peak_kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        figures = {
            "repro_s": round(first_s, 1),
            "peak_memory_gib": round(peak_kib / 2**20, 2),
            "no_op_s": round(_repro(clone), 1),
            "stages_s": _seconds_by_stage(clone / "data/reports/counts"),
            "cores": os.cpu_count(),
            "machine": platform.machine(),
            "python": platform.python_version(),
        }
    print(json.dumps(figures))


def _repro(clone: Path) -> float:
    tools = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    started = time.monotonic()
    subprocess.run(["dvc", "repro", "--quiet"], cwd=clone, env=environment, check=True)
    return time.monotonic() - started


def _seconds_by_stage(counts: Path) -> dict[str, float]:
    return {file.stem: json.loads(file.read_text())["seconds"] for file in counts.glob("*.json")}


if __name__ == "__main__":
    main()
