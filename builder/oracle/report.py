"""What an oracle knows, where the two agree, and how far text evidence can be trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from builder.oracle.feeds import Feed
from builder.records import Evidence, Risk, Verdict

_SHARE_DECIMALS = 4


def coverage(risks: Sequence[Risk]) -> list[dict[str, Any]]:
    """Return {"trait", "oracle", "verdict", "share"} for every combination, shares in [0, 1].

    In the order of the risks' traits, then of the oracles, then unsafe, safe and unknown.
    """
    counted = Counter((r.trait, r.oracle, r.verdict) for r in risks)
    n_items = Counter((r.trait, r.oracle) for r in risks)
    traits, oracles = dict.fromkeys(r.trait for r in risks), dict.fromkeys(r.oracle for r in risks)
    return [
        {
            "trait": trait,
            "oracle": oracle,
            "verdict": verdict,
            "share": round(
                counted[trait, oracle, verdict] / n_items[trait, oracle], _SHARE_DECIMALS
            ),
        }
        for trait in traits
        for oracle in oracles
        for verdict in sorted(get_args(Verdict), reverse=True)
    ]


def agreement(build: Iterable[Risk], grade: Iterable[Risk]) -> dict[str, dict[str, Any]]:
    """Return by trait, and under "all", how the oracles agree where both have a verdict."""
    grade_by_pair = {(r.item_id, r.trait): r.verdict for r in grade}
    cells: dict[str, Counter[tuple[Verdict, Verdict]]] = {"all": Counter()}
    for risk in build:
        pair = (risk.verdict, grade_by_pair[risk.item_id, risk.trait])
        own = cells.setdefault(risk.trait, Counter())
        if "unknown" not in pair:
            own[pair] += 1
            cells["all"][pair] += 1
    return {name: _table(counted) for name, counted in cells.items()}


def _table(counted: Counter[tuple[Verdict, Verdict]]) -> dict[str, Any]:
    n_both = sum(counted.values())
    n_agree = counted["safe", "safe"] + counted["unsafe", "unsafe"]
    return {
        "both_known": n_both,
        "both_unsafe": counted["unsafe", "unsafe"],
        "both_safe": counted["safe", "safe"],
        "only_build_unsafe": counted["unsafe", "safe"],
        "only_grade_unsafe": counted["safe", "unsafe"],
        "agreement": round(n_agree / n_both, _SHARE_DECIMALS) if n_both else None,
        "kappa": _kappa(counted, n_both),
    }


def _kappa(counted: Counter[tuple[Verdict, Verdict]], n_both: int) -> float | None:
    """Return Cohen's kappa, None where one side always says the same."""
    if not n_both:
        return None
    build = (counted["unsafe", "unsafe"] + counted["unsafe", "safe"]) / n_both
    grade = (counted["unsafe", "unsafe"] + counted["safe", "unsafe"]) / n_both
    by_chance = build * grade + (1 - build) * (1 - grade)
    if build in (0, 1) or grade in (0, 1):
        return None
    observed = (counted["unsafe", "unsafe"] + counted["safe", "safe"]) / n_both
    return round((observed - by_chance) / (1 - by_chance), _SHARE_DECIMALS)


def fed(
    evidence: Iterable[Evidence], feeds: Mapping[str, Sequence[Feed]]
) -> dict[str, dict[str, int]]:
    """Return rows of evidence by oracle and by source and kind; "neither" holds what fed none."""
    rows = Counter((e.source, e.kind) for e in evidence)
    table: dict[str, dict[str, int]] = {name: {} for name in (*feeds, "neither")}
    for (source, kind), n_rows in sorted(rows.items()):
        takers = [n for n, own in feeds.items() if any(f.takes(source, kind) for f in own)]
        for name in takers or ["neither"]:
            table[name][f"{source}:{kind}"] = n_rows
    return table


def idle_feeds(
    evidence: Iterable[Evidence], feeds: Mapping[str, Sequence[Feed]]
) -> list[tuple[str, Feed]]:
    """Return (oracle, feed) for every feed that takes no row."""
    present = {(e.source, e.kind) for e in evidence}
    return [
        (name, feed)
        for name, own in feeds.items()
        for feed in own
        if not any(feed.takes(source, kind) for source, kind in present)
    ]
