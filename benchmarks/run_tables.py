"""A finished run as the Markdown tables of docs/numbers.md and NOTEBOOK.md.

`python benchmarks/run_tables.py FOLDER`, where FOLDER is the project's or a workspace's.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pipelines.runtime.layout import read_layout

HEADING_BY_FIGURE = {
    "recall@10": "recall",
    "ndcg@10": "NDCG",
    "svr_lower@10": "known violations",
    "svr_upper@10": "violations if unknown counts",
    "build_svr_lower@10": "known violations, building oracle",
    "listed": "titles listed",
}
NAME_BY_SYSTEM = {
    "plain_sft": "plain SFT",
    "safe_sft": "Safe-SFT",
    "safe_gdpo": "Safe-GDPO",
}


def main() -> None:
    """Print the sections, one below the other."""
    folder = Path(sys.argv[1])
    layout = read_layout(folder)
    counts = {
        stage: json.loads(layout.counts(stage).read_bytes()) for stage in layout.counted_stages
    }
    print("### Rows in and out by stage, rejections by reason\n")
    print(_table(("stage", "in", "out", "rejected, by reason"), map(_stage, counts.values())))
    print("### Seconds of each stage's own work\n")
    logs = {stage: json.loads(layout.log(stage).read_bytes()) for stage in layout.stages}
    print(", ".join(f"{stage} {log['seconds']}" for stage, log in logs.items()) + ".\n")
    print("### Mentions linked\n")
    print(_linked(counts["link"]) + "\n")
    print("### Share of items with a verdict by trait\n")
    print(_coverage(layout["coverage_plot"]))
    print("### Splits and leakage\n")
    print(f"```json\n{json.dumps(json.loads(layout['leakage_report'].read_bytes()))}\n```\n")
    print("### Systems\n")
    print(_systems(json.loads(layout["metrics"].read_bytes())))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _stage(told: Mapping[str, Any]) -> list[str]:
    def listed(numbers: Mapping[str, int]) -> str:
        return ", ".join(f"{name} {number:,}" for name, number in numbers.items()) or "–"

    return [told["stage"], listed(told["in"]), listed(told["out"]), listed(told["rejected"])]


def _linked(told: Mapping[str, Any]) -> str:
    left = ", ".join(f"{reason} {number}" for reason, number in told["abstained"].items())
    return (
        f"{told['linked']:,} of {told['out']['mentions']:,} mentions linked "
        f"({100 * told['linked_share']:.1f}%), {told['linked_items']:,} items named; "
        f"abstained: {left}."
    )


def _coverage(plot: Path) -> str:
    shares: dict[str, list[str]] = defaultdict(list)
    with plot.open(newline="") as handle:
        rows = {(r["trait"], r["oracle"], r["verdict"]): r for r in csv.DictReader(handle)}
    for trait in dict.fromkeys(key[0] for key in rows):
        for oracle in ("build", "grade"):
            for verdict in ("unsafe", "safe", "unknown"):
                shares[trait].append(f"{100 * float(rows[trait, oracle, verdict]['share']):.1f}%")
    head = ("trait", "build: unsafe", "safe", "unknown", "grade: unsafe", "safe", "unknown")
    return _table(head, ([trait, *cells] for trait, cells in shares.items()))


def _systems(metrics: Mapping[str, Any]) -> str:
    def cell(name: str, figure: Mapping[str, float] | None) -> str:
        if figure is None:
            return "–"
        digits = 1 if name == "listed" else 3
        value, low, high = (f"{figure[end]:.{digits}f}" for end in ("value", "low", "high"))
        return f"{value} [{low}, {high}]"

    rows = {
        **metrics["systems"],
        "Safe-GDPO − plain SFT, paired": metrics["safe_gdpo_minus_plain_sft"],
        "the same, lists cut to equal length": metrics["safe_gdpo_minus_plain_sft_at_equal_length"],
    }
    table = _table(
        ("system", *HEADING_BY_FIGURE.values()),
        (
            [NAME_BY_SYSTEM.get(system, system)]
            + [cell(name, figures.get(name)) for name in HEADING_BY_FIGURE]
            for system, figures in rows.items()
        ),
    )
    n_rows, split, n_threads = (metrics[key] for key in ("n_rows", "split", "n_threads"))
    return f"{n_rows} {split} rows from {n_threads} threads.\n\n{table}"


if __name__ == "__main__":
    main()
