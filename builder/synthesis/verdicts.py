"""The building oracle's verdicts by item and trait, and the three-way cut of recommended items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from builder.records import Risk, Verdict


@dataclass(frozen=True, slots=True)
class Cut:
    """Recommended items by verdict on one trait, each in the order of recommendation."""

    safe: tuple[str, ...]
    unsafe: tuple[str, ...]
    unknown: tuple[str, ...]


class Verdicts:
    """Risks of the items that matter; what is not there is unknown."""

    def __init__(self, risks: Iterable[Risk], item_ids: Collection[str]) -> None:
        """Keep the risks of these items alone, and of all items which are safe."""
        self._risks: dict[tuple[str, str], Risk] = {}
        self._safe = defaultdict[str, set[str]](set)
        for risk in risks:
            if risk.item_id in item_ids:
                self._risks[risk.item_id, risk.trait] = risk
            if risk.verdict == "safe":
                self._safe[risk.trait].add(risk.item_id)

    def safe_ids(self, trait: str) -> frozenset[str] | set[str]:
        """Return every item of the catalogue that the oracle calls safe for a trait."""
        return self._safe.get(trait, frozenset())

    def risk(self, item_id: str, trait: str) -> Risk | None:
        """Return the oracle's answer, None where it has none."""
        return self._risks.get((item_id, trait))

    def verdict(self, item_id: str, trait: str) -> Verdict:
        """Return the verdict, "unknown" where the oracle has no answer."""
        risk = self.risk(item_id, trait)
        return risk.verdict if risk else "unknown"

    def cut(self, item_ids: Sequence[str], trait: str) -> Cut:
        """Return the items parted by their verdict on a trait."""
        parts: dict[Verdict, list[str]] = {"safe": [], "unsafe": [], "unknown": []}
        for item_id in item_ids:
            parts[self.verdict(item_id, trait)].append(item_id)
        return Cut(*(tuple(parts[v]) for v in ("safe", "unsafe", "unknown")))
