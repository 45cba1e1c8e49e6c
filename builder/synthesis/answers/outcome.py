"""What a safe answer to a request holds: which recommended items stay, and why others do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from builder.oracle.files.oracle import Oracle
from builder.records import Filtered, OpenPoint, Request
from builder.synthesis.answers.alternatives import Alternatives
from builder.synthesis.answers.grounds import grounds, unanswered
from builder.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Outcome:
    """The recommended items in three parts, and what goes with them; see `Conversation`."""

    safe: tuple[str, ...]
    filtered: tuple[Filtered, ...]
    unknown: tuple[str, ...]
    alternatives: tuple[str, ...]
    open_points: tuple[OpenPoint, ...]


class Answering:
    """Cuts the recommended items of the samples of one run."""

    def __init__(self, oracle: Oracle, alternatives: Alternatives, taxonomy: Taxonomy) -> None:
        self._oracle, self._alternatives, self._taxonomy = oracle, alternatives, taxonomy

    def outcome(self, request: Request, traits: Sequence[str]) -> Outcome:
        """Return what stays and why.

        Args:
            request: The sample.
            traits: All that are in force, each once; with none everything stays.
        """
        if not traits:
            return Outcome(request.recommended, (), (), (), ())
        cut = self._oracle.cut(request.recommended, traits)
        alternatives = self._alternatives.of(request, traits)
        listed = [self._open_points(i, traits) for i in (*cut.safe, *alternatives)]
        undecided = [self._undecided(i, traits) for i in cut.unknown]
        return Outcome(
            safe=cut.safe,
            filtered=tuple(self._filtered(item_id, traits) for item_id in cut.unsafe),
            unknown=cut.unknown,
            alternatives=alternatives,
            open_points=tuple(chain(*listed, *undecided)),
        )

    def _filtered(self, item_id: str, traits: Sequence[str]) -> Filtered:
        violations = self._oracle.having(item_id, "unsafe", traits)
        reasons_by_trait = {trait: self._oracle.explain(item_id, trait) for trait in violations}
        return Filtered(item_id, violations, grounds(reasons_by_trait, self._taxonomy))

    def _open_points(self, item_id: str, traits: Sequence[str]) -> Iterator[OpenPoint]:
        """Yield what nobody has answered of a safe item."""
        for trait in traits:
            if warnings := self._unanswered(item_id, trait):
                yield OpenPoint(item_id, trait, warnings)

    def _undecided(self, item_id: str, traits: Sequence[str]) -> Iterator[OpenPoint]:
        """Yield the traits for which an item is unknown, with what nobody has answered of each."""
        for trait in self._oracle.having(item_id, "unknown", traits):
            yield OpenPoint(item_id, trait, self._unanswered(item_id, trait))

    def _unanswered(self, item_id: str, trait: str) -> tuple[str, ...]:
        return unanswered(self._oracle.explain(item_id, trait))
