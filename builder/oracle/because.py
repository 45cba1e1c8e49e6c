"""The evidence behind a verdict, in words that people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from builder.oracle.answers import Spoken, answer
from builder.oracle.verdict import TraitVerdicts
from builder.records import Evidence
from builder.taxonomy import CATEGORIES, Category, ContentWarning, Trait

_CATEGORY_NAMES: Mapping[Category, str] = {
    "sex_nudity": "sex & nudity",
    "violence_gore": "violence & gore",
    "profanity": "profanity",
    "alcohol_drugs_smoking": "alcohol, drugs & smoking",
    "frightening_intense": "frightening & intense scenes",
}
_SEVERITY_NAMES = ("none", "mild", "moderate", "severe")
_SPAN_CHARS = 160


class Explainer:
    """Words for the verdicts of one oracle on one trait."""

    def __init__(
        self, trait: Trait, warnings: Mapping[str, ContentWarning], spoken: Spoken
    ) -> None:
        self._spoken = spoken
        self._question_by_id = {name: warnings[name].question for name in trait.warnings}
        self._categories = [c for c in CATEGORIES if trait.parents_guide.weights.get(c, 0.0) > 0]

    def because(self, row: int, verdicts: TraitVerdicts) -> tuple[str, ...]:
        """Return why the item of a row has its verdict, the strongest reason first.

        An unsafe item gets its yeses, then its severities; any other the noes, what is known of
        the severities, and, where that is not enough, what is missing.
        """
        severities = [*self._stated(row), *self._ceilings(row)]
        if verdicts.unsafe[row]:
            return (*self._yeses(row), *severities)
        noes = self._noes(row)
        missing = () if verdicts.safe[row] else self._missing(row, int(verdicts.n_no[row]))
        return (*noes, *severities, *missing)

    def _yeses(self, row: int) -> Iterator[str]:
        for warning, question in self._question_by_id.items():
            for e in self._spoken.get((row, warning), ()):
                if e.kind == "similarity":
                    likeness = f"cosine {e.value:.2f} with {question!r}"
                    yield f'{e.source} {e.place}: "{_short(e.span)}" ({likeness})'
                elif answer([e]):
                    yield f"{e.source} says yes{_votes(e)}: {question}{_quoted(e)}"

    def _noes(self, row: int) -> Iterator[str]:
        n_by_source: dict[str, int] = {}
        for warning in self._question_by_id:
            said = self._spoken.get((row, warning), ())
            if answer(said) is False:
                for source in {e.source for e in said if answer([e]) is False}:
                    n_by_source[source] = n_by_source.get(source, 0) + 1
        for source, n_noes in sorted(n_by_source.items()):
            yield f"{source} says no to {n_noes} of {len(self._question_by_id)} warnings"

    def _stated(self, row: int) -> Iterator[str]:
        for category in self._categories:
            for e in self._spoken.get((row, category), ()):
                if e.kind == "severity":
                    level = _SEVERITY_NAMES[int(e.value)]
                    votes = f", {e.votes[int(e.value)]} of {sum(e.votes)} votes" if e.votes else ""
                    yield f"{e.source}: {_CATEGORY_NAMES[category]} {level}{votes}{_quoted(e)}"

    def _ceilings(self, row: int) -> Iterator[str]:
        names_by_bound: dict[tuple[str, int], list[str]] = {}
        for category in self._categories:
            said = self._spoken.get((row, category), ())
            if any(e.kind == "severity" for e in said):
                continue
            for e in said:
                names_by_bound.setdefault((e.span, int(e.value)), []).append(
                    _CATEGORY_NAMES[category]
                )
        for (span, value), names in names_by_bound.items():
            yield f"{span}: at most {_SEVERITY_NAMES[value]} {', '.join(names)}"

    def _missing(self, row: int, n_noes: int) -> Iterator[str]:
        n_open = len(self._question_by_id) - n_noes
        if n_open:
            yield f"not answered: {n_open} of {len(self._question_by_id)} warnings"
        unknown = [c for c in self._categories if (row, c) not in self._spoken]
        if unknown:
            yield f"not known: {', '.join(_CATEGORY_NAMES[c] for c in unknown)}"


def _votes(evidence: Evidence) -> str:
    return f", {evidence.votes[0]} to {evidence.votes[1]}" if evidence.votes else ""


def _quoted(evidence: Evidence) -> str:
    return f' ("{_short(evidence.span)}")' if evidence.span else ""


def _short(span: str) -> str:
    return span if len(span) <= _SPAN_CHARS else f"{span[: _SPAN_CHARS - 1].rstrip()}…"
