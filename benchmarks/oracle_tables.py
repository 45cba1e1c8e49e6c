"""The oracles' figures of a run as the tables of benchmarks/NOTEBOOK.md.

    python benchmarks/oracle_tables.py [FOLDER]

FOLDER is a run's, whose data/reports/oracle.json stage fuse wrote; this one, if none is named.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_FEWEST = 30
"""Labels or common verdicts from which a trait has a line."""


def percent(share: Mapping[str, Any]) -> str:
    """Return "4.2% [3.0, 5.4]"."""
    if share["share"] is None:
        return "–"
    part, low, high = (100 * share[name] for name in ("share", "low", "high"))
    return f"{part:.1f}% [{low:.1f}, {high:.1f}]"


def number(value: float | None, interval: tuple[float, float] | None) -> str:
    """Return "0.93 [0.91, 0.95]"."""
    if value is None or interval is None:
        return "–"
    return f"{value:.2f} [{interval[0]:.2f}, {interval[1]:.2f}]"


def calibration(oracle: str, report: Mapping[str, Any]) -> Iterator[str]:
    """Yield misses, false alarms and errors of calibration, of all and by trait."""
    yield f"{oracle}: called safe of violators, n; called unsafe of others, n"
    for name, row in report["observed"].items():
        if row["violators"] >= _FEWEST:
            missed, alarms = percent(row["missed"]), percent(row["false_alarms"])
            yield f"| {name} | {missed} | {row['violators']} | {alarms} | {row['respecters']} |"
    errors = report["calibration_error"], report["calibration_error_unscaled"]
    yield f"calibration error {errors[0]}, before the odds are bent {errors[1]}"
    unsaid = report["if_unsaid"]["all"]
    yield f"missed if unsaid {percent(unsaid['missed'])} of {unsaid['said']}"


def agreement(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield where both have a verdict, how often the same, and kappa."""
    yield "both have a verdict, the same, kappa"
    for name, row in report.items():
        if row["both_known"] >= _FEWEST:
            same = number(row["agreement"], row["agreement_interval"])
            kappa = number(row["kappa"], row["kappa_interval"])
            yield f"| {name} | {row['both_known']:,} | {same} | {kappa} |"


def main(folder: Path) -> None:
    """Print the tables."""
    report = json.loads((folder / "data/reports/oracle.json").read_text(encoding="utf-8"))
    for oracle, own in report["calibration"].items():
        print("\n".join(calibration(oracle, own)), end="\n\n")
    print("\n".join(agreement(report["agreement"])))


if __name__ == "__main__":
    main(Path(*sys.argv[1:2]))
