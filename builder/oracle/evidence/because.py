"""The evidence behind a verdict, in words that people read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from builder.oracle.evidence.gather import Spoken, Texts, answer
from builder.oracle.files.store import UNANSWERED
from builder.records import Evidence, Verdict
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
_MAX_NAMED = 2
_ROUND_FROM = 10
_HARDLY = math.log(1.1)
"""Odds times or over 1.1: a text that says less says nothing to a reader."""
_BY_BASE_RATE = "no single fact: by how often items of this kind violate the trait"


class Explainer:
    """Words for the verdicts of one oracle on one trait."""

    def __init__(
        self,
        trait: Trait,
        warnings: Mapping[str, ContentWarning],
        spoken: Spoken,
        texts: Texts,
    ) -> None:
        self._trait, self._spoken, self._texts = trait, spoken, texts
        self._question_by_id = {name: warnings[name].question for name in trait.warnings}
        self._categories = [c for c in CATEGORIES if trait.parents_guide.weights.get(c, 0.0) > 0]

    def because(self, row: int, verdict: Verdict) -> tuple[str, ...]:
        """Return why the item of a row has its verdict, the strongest reasons first.

        A verdict names what speaks for it before what speaks against it. A safe item gets the
        questions that nobody answered too, one of which too little is known all that is missing.
        """
        severities = [*self._stated(row), *self._ceilings(row)]
        yeses, noes, texts = [*self._yeses(row)], [*self._noes(row)], [*self._told(row)]
        if verdict == "unsafe":
            return (*yeses, *severities, *texts, *noes) or (_BY_BASE_RATE,)
        texts.reverse()
        if verdict == "safe":
            known = (*noes, *severities, *texts, *yeses) or (_BY_BASE_RATE,)
            return (*known, *self._unanswered(row))
        return (*yeses, *noes, *severities, *texts, *self._missing(row))

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

    def _told(self, row: int) -> Iterator[str]:
        """Yield what texts say as a whole, with the sentence that spoke loudest.

        Those that raise the odds most come first; those that hardly move them are left out.
        """
        texts = self._texts.get((row, self._trait.name), ())
        moving = [told for told in texts if abs(told.log_ratio) >= _HARDLY]
        for told in sorted(moving, key=lambda told: -told.log_ratio):
            odds = f"texts put the odds of a violation at {_times(told.log_ratio)}"
            yield f'{told.source} {told.kind}: "{_short(told.sentence)}" ({odds})'

    def _missing(self, row: int) -> Iterator[str]:
        yield from self._unanswered(row)
        unknown = [c for c in self._categories if (row, c) not in self._spoken]
        if unknown:
            yield f"not known: {', '.join(_CATEGORY_NAMES[c] for c in unknown)}"

    def _unanswered(self, row: int) -> Iterator[str]:
        open_questions = [
            question
            for warning, question in self._question_by_id.items()
            if answer(self._spoken.get((row, warning), ())) is None
        ]
        if open_questions:
            named = "; ".join(open_questions[:_MAX_NAMED])
            counted = f"{len(open_questions)} of {len(self._question_by_id)} warnings"
            yield f"{UNANSWERED}{counted} ({named}{_more(open_questions)})"


def _times(log_ratio: float) -> str:
    """Return a factor in words: "2.5 times", "1/4 of"."""
    factor = math.exp(abs(log_ratio))
    shown = f"{factor:.1f}" if factor < _ROUND_FROM else f"{factor:.0f}"
    return f"{shown} times the usual" if log_ratio >= 0 else f"1/{shown} of the usual"


def _more(questions: Sequence[str]) -> str:
    return "; ..." if len(questions) > _MAX_NAMED else ""


def _votes(evidence: Evidence) -> str:
    return f", {evidence.votes[0]} to {evidence.votes[1]}" if evidence.votes else ""


def _quoted(evidence: Evidence) -> str:
    return f' ("{_short(evidence.span)}")' if evidence.span else ""


def _short(span: str) -> str:
    return span if len(span) <= _SPAN_CHARS else f"{span[: _SPAN_CHARS - 1].rstrip()}…"
