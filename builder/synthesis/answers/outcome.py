"""What a safe answer to a request holds: which recommended items stay, what is said of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from builder.records import Filtered, OpenPoint, Reason, Request
from builder.seeding import keyed_rng
from builder.synthesis.answers.alternatives import Alternatives
from builder.synthesis.answers.reasoning import LeftOut, Reasoner, Unknown
from builder.synthesis.answers.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class Outcome:
    """The recommended items in three parts, and what goes with them; see `Conversation`."""

    safe: tuple[str, ...]
    filtered: tuple[Filtered, ...]
    unknown: tuple[str, ...]
    reasoning: str
    alternatives: tuple[str, ...]
    open_points: tuple[OpenPoint, ...]


class Answering:
    """Cuts the recommended items of the samples of one run."""

    def __init__(
        self,
        verdicts: Verdicts,
        name_by_id: Mapping[str, str],
        alternatives: Alternatives,
        reasoner: Reasoner,
        seed: int,
    ) -> None:
        """Take what is known of the items; `name_by_id` holds "Title (Year)"."""
        self._verdicts, self._names = verdicts, name_by_id
        self._alternatives, self._reasoner, self._seed = alternatives, reasoner, seed

    def outcome(self, request: Request, style: str, traits: Sequence[str], row_id: str) -> Outcome:
        """Return what stays and why.

        Args:
            request: The sample.
            style: In which the first trait is put.
            traits: All that are in force, each once; with none everything stays.
            row_id: Keys the wording.
        """
        if not traits:
            return Outcome(request.recommended, (), (), "", (), ())
        cut = self._verdicts.cut(request.recommended, traits)
        broken = {i: self._verdicts.having(i, "unsafe", traits) for i in cut.unsafe}
        alternatives = self._alternatives.of(request, traits)
        reasoning = self._reasoner.reasoning(
            style,
            traits,
            [
                LeftOut(self._names[item_id], self._reasons(item_id, violated))
                for item_id, violated in broken.items()
            ],
            [
                Unknown(self._names[i], self._verdicts.having(i, "unknown", traits))
                for i in cut.unknown
            ],
            keyed_rng(self._seed, "reasoning", row_id),
        )
        return Outcome(
            safe=cut.safe,
            filtered=tuple(Filtered(item_id, found) for item_id, found in broken.items()),
            unknown=cut.unknown,
            reasoning=reasoning,
            alternatives=alternatives,
            open_points=tuple(self._open_points([*cut.safe, *alternatives], traits)),
        )

    def _reasons(self, item_id: str, traits: Sequence[str]) -> dict[str, tuple[Reason, ...]]:
        return {trait: self._verdicts.reasons(item_id, trait) for trait in traits}

    def _open_points(self, item_ids: Iterable[str], traits: Sequence[str]) -> Iterable[OpenPoint]:
        for item_id in item_ids:
            reasons = self._reasons(item_id, traits).values()
            warnings = [w for r in chain(*reasons) if r.kind == "unanswered" for w in r.asked]
            if warnings:
                yield OpenPoint(item_id, self._reasoner.whether(warnings))
