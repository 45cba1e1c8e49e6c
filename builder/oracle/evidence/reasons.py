"""The evidence behind a verdict, as reasons."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from builder.oracle.evidence.gather import Spoken, Texts, answer
from builder.records import Evidence, Reason, ReasonKind, Verdict
from builder.taxonomy import CATEGORIES, Trait

_HARDLY = math.log(1.1)
"""Odds times or over 1.1: a text that says less says nothing to a reader."""


class Explainer:
    """Reasons for the verdicts of one oracle on one trait."""

    def __init__(self, trait: Trait, spoken: Spoken, texts: Texts) -> None:
        self._trait, self._spoken, self._texts = trait, spoken, texts
        self._categories = [c for c in CATEGORIES if trait.parents_guide.weights.get(c, 0.0) > 0]

    def reasons(self, row: int, verdict: Verdict) -> tuple[Reason, ...]:
        """Return why the item of a row has its verdict, the strongest reasons first.

        A verdict names what speaks for it before what speaks against it. A safe item gets the
        questions that nobody answered too, one of which too little is known all that is missing.
        """
        severities = [*self._severities(row), *self._ceilings(row)]
        yeses, noes, texts = [*self._yeses(row)], [*self._noes(row)], [*self._likelihoods(row)]
        by_base_rate = Reason("base_rate", ())
        if verdict == "unsafe":
            return (*yeses, *severities, *texts, *noes) or (by_base_rate,)
        texts.reverse()
        if verdict == "safe":
            answered = (*noes, *severities, *texts, *yeses) or (by_base_rate,)
            return (*answered, *self._unanswered(row))
        missing = [*self._unanswered(row), *self._unrated(row)]
        return (*yeses, *noes, *severities, *texts, *missing)

    def _yeses(self, row: int) -> Iterator[Reason]:
        for warning in self._trait.warnings:
            for e in self._spoken.get((row, warning), ()):
                if e.kind == "similarity":
                    yield _reason("similarity", e, e.value)
                elif answer([e]):
                    yield _reason("yes", e)

    def _noes(self, row: int) -> Iterator[Reason]:
        """Yield one reason for each source that says no, whatever number of warnings it denies."""
        noes_by_source: dict[str, list[Evidence]] = {}
        for warning in self._trait.warnings:
            evidence = self._spoken.get((row, warning), ())
            if answer(evidence) is False:
                for e in evidence:
                    if answer([e]) is False:
                        noes_by_source.setdefault(e.source, []).append(e)
        for source, noes in sorted(noes_by_source.items()):
            asked = tuple(dict.fromkeys(e.subject for e in noes))
            yield Reason("no", asked, source, votes=_added([e.votes for e in noes if e.votes]))

    def _severities(self, row: int) -> Iterator[Reason]:
        for category in self._categories:
            for e in self._spoken.get((row, category), ()):
                if e.kind == "severity":
                    yield _reason("severity", e, e.value)

    def _ceilings(self, row: int) -> Iterator[Reason]:
        """Yield one reason for each statement that bounds categories which nobody rated."""
        ceilings: dict[tuple[str, str, float], list[Evidence]] = {}
        for category in self._categories:
            evidence = self._spoken.get((row, category), ())
            if not any(e.kind == "severity" for e in evidence):
                for e in evidence:
                    ceilings.setdefault((e.source, e.span, e.value), []).append(e)
        for (source, span, level), bounded in ceilings.items():
            places = {e.place for e in bounded}
            place = places.pop() if len(places) == 1 else ""
            asked = tuple(e.subject for e in bounded)
            yield Reason("ceiling", asked, source, level, quote=span, place=place)

    def _likelihoods(self, row: int) -> Iterator[Reason]:
        """Yield what texts say as a whole, with the sentence that spoke loudest.

        Those that raise the odds most come first; those that hardly move them are left out.
        """
        texts = self._texts.get((row, self._trait.name), ())
        for text in sorted(texts, key=lambda text: -text.log_ratio):
            if abs(text.log_ratio) >= _HARDLY:
                yield Reason(
                    "likelihood",
                    (),
                    text.source,
                    text.log_ratio,
                    quote=text.sentence,
                    place=text.kind,
                )

    def _unanswered(self, row: int) -> Iterator[Reason]:
        is_open = (
            warning
            for warning in self._trait.warnings
            if answer(self._spoken.get((row, warning), ())) is None
        )
        if warnings := tuple(is_open):
            yield Reason("unanswered", warnings)

    def _unrated(self, row: int) -> Iterator[Reason]:
        if categories := tuple(c for c in self._categories if (row, c) not in self._spoken):
            yield Reason("unrated", categories)


def _reason(kind: ReasonKind, e: Evidence, value: float | None = None) -> Reason:
    return Reason(kind, (e.subject,), e.source, value, e.votes, e.span, e.place)


def _added(votes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*votes, strict=True)))
