"""The building oracle's verdicts, and the three-way cut of recommended items.

Whoever has several wishes at once is asked about all of them: an item is safe only if it is safe
for every trait.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from builder.records import Reason, Risk, Verdict
from builder.taxonomy.joint import joint_verdict


@dataclass(frozen=True, slots=True)
class Cut:
    """Recommended items by verdict, each in the order of recommendation."""

    safe: tuple[str, ...]
    unsafe: tuple[str, ...]
    unknown: tuple[str, ...]


class Verdicts:
    """Risks of the items that matter; what is not there is unknown."""

    def __init__(self, risks: Iterable[Risk], item_ids: Collection[str]) -> None:
        """Keep the risks of these items, and of all items which are safe and why."""
        self._risks: dict[tuple[str, str], Risk] = {}
        self._safe = defaultdict[str, set[str]](set)
        self._reasons: dict[tuple[str, str], tuple[Reason, ...]] = {}
        for risk in risks:
            if risk.item_id in item_ids:
                self._risks[risk.item_id, risk.trait] = risk
            if risk.verdict == "safe":
                self._safe[risk.trait].add(risk.item_id)
            if risk.item_id in item_ids or risk.verdict == "safe":
                self._reasons[risk.item_id, risk.trait] = risk.reasons

    def safe_ids(self, traits: Sequence[str]) -> frozenset[str]:
        """Return every item of the catalogue that is safe for all of one trait or more."""
        first, *others = (self._safe.get(trait, set()) for trait in traits)
        return frozenset(first.intersection(*others))

    def reasons(self, item_id: str, trait: str) -> tuple[Reason, ...]:
        """Return why an item of the recommended, or a safe one, has its verdict on a trait."""
        return self._reasons.get((item_id, trait), ())

    def risk(self, item_id: str, trait: str) -> Risk | None:
        """Return the oracle's answer, None where it has none."""
        return self._risks.get((item_id, trait))

    def verdict(self, item_id: str, trait: str) -> Verdict:
        """Return the verdict, "unknown" where the oracle has no answer."""
        risk = self.risk(item_id, trait)
        return risk.verdict if risk else "unknown"

    def having(self, item_id: str, verdict: Verdict, traits: Sequence[str]) -> tuple[str, ...]:
        """Return those of the traits on which an item has that verdict."""
        return tuple(trait for trait in traits if self.verdict(item_id, trait) == verdict)

    def cut(self, item_ids: Sequence[str], traits: Sequence[str]) -> Cut:
        """Return the items parted by their verdict on all the traits; with none all are safe."""
        parts: dict[Verdict, list[str]] = {"safe": [], "unsafe": [], "unknown": []}
        for item_id in item_ids:
            parts[joint_verdict(self.verdict(item_id, t) for t in traits)].append(item_id)
        return Cut(*(tuple(parts[v]) for v in ("safe", "unsafe", "unknown")))
