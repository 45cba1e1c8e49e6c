"""What an oracle knows, and what it was told by."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from builder.oracle.evidence.feeds import LIKELIHOOD, Feed
from builder.records import Evidence, Risk, TextLikelihood, Verdict
from builder.taxonomy import Trait

KNOWLEDGE_COLUMNS = ("trait", "source", "share")
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


def kinds_of(
    evidence: Iterable[Evidence], likelihoods: Iterable[TextLikelihood]
) -> Counter[tuple[str, str]]:
    """Return rows of evidence by source and kind."""
    rows: Counter[tuple[str, str]] = Counter((e.source, e.kind) for e in evidence)
    rows.update((told.source, LIKELIHOOD) for told in likelihoods)
    return rows


def knowledge(
    evidence: Iterable[Evidence],
    likelihoods: Iterable[TextLikelihood],
    traits: Sequence[Trait],
    n_items: int,
) -> list[dict[str, Any]]:
    """Return {"trait", "source", "share"}: of which share of items a source says something.

    Asides do not count. Shares are in [0, 1]; traits as given, sources by name and kind.
    """
    traits_by_subject: dict[str, list[str]] = defaultdict(list)
    for trait in traits:
        rated = [c for c, weight in trait.parents_guide.weights.items() if weight > 0]
        for subject in (*trait.warnings, *rated):
            traits_by_subject[subject].append(trait.name)
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    for e in evidence:
        for name in traits_by_subject[e.subject] if e.kind != "aside" else ():
            ids[name, f"{e.source}:{e.kind}"].add(e.item_id)
    for told in likelihoods:
        ids[told.trait, f"{told.source}:{LIKELIHOOD}"].add(told.item_id)
    sources = sorted({source for _, source in ids})
    return [
        {
            "trait": trait.name,
            "source": source,
            "share": round(len(ids[trait.name, source]) / n_items, _SHARE_DECIMALS),
        }
        for trait in traits
        for source in sources
    ]


def fed(
    rows: Mapping[tuple[str, str], int], feeds: Mapping[str, Sequence[Feed]]
) -> dict[str, dict[str, int]]:
    """Return rows of evidence by oracle and by source and kind; "neither" holds what fed none."""
    table: dict[str, dict[str, int]] = {name: {} for name in (*feeds, "neither")}
    for (source, kind), n_rows in sorted(rows.items()):
        takers = [n for n, own in feeds.items() if any(f.takes(source, kind) for f in own)]
        for name in takers or ["neither"]:
            table[name][f"{source}:{kind}"] = n_rows
    return table


def idle_feeds(
    present: Iterable[tuple[str, str]], feeds: Mapping[str, Sequence[Feed]]
) -> list[tuple[str, Feed]]:
    """Return (oracle, feed) for every feed that takes no row."""
    known = set(present)
    return [
        (name, feed)
        for name, own in feeds.items()
        for feed in own
        if not any(feed.takes(source, kind) for source, kind in known)
    ]
