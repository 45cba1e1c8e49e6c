"""Official wordings (MPAA ratings and reasons, ESRB descriptors) as evidence.

A reason such as "Rated R for strong bloody violence and some drug content" states a severity for
each Parents Guide category it names, and a few warnings outright ("torture", "suicide").
data/taxonomy/mpaa.yaml and esrb.yaml give the meaning of the words. A rating bounds what it does
not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from builder.catalog.draft import Finding
from builder.sources import Reject
from builder.taxonomy import CATEGORIES, Category
from builder.taxonomy.official import Vocabulary

_TELLING_SILENCE: dict[str, tuple[Category, ...]] = {
    "PG-13": ("sex_nudity", "profanity", "alcohol_drugs_smoking"),
    "R": ("sex_nudity",),
}

_PHRASES = re.compile(r",|;|\band\b|\bincluding\b|\bwith\b")


class OfficialWords:
    """Reads reasons and descriptors with a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        phrases = vocabulary.phrases
        self._categories = [(p.category, re.compile(p.pattern())) for p in phrases if p.category]
        self._stated = [(p.warnings, re.compile(p.pattern())) for p in phrases if p.warnings]
        self._strong = _any(p.pattern() for p in phrases if p.strength == "strong")
        self._mild = _any(p.pattern() for p in phrases if p.strength == "mild")
        self._descriptors = {d.name.casefold(): d for d in vocabulary.descriptors.values()}

    def reason_findings(self, reason: str) -> Iterator[Finding]:
        """Yield the highest severity stated for each category, and the warnings stated outright.

        The severity is 3 for "strong", "graphic" and the like, 1 for "mild", "brief" and the like,
        otherwise 2.
        """
        body = reason.lower()
        highest = _Highest()
        for phrase in filter(None, (part.strip(" .") for part in _PHRASES.split(body))):
            severity = self._severity(phrase)
            for category, pattern in self._categories:
                if pattern.search(phrase):
                    highest.note(category, severity, phrase)
        yield from highest.findings()
        for warnings, pattern in self._stated:
            if match := pattern.search(body):
                for warning in warnings:
                    yield Finding("statement", warning, 1.0, span=match[0])

    def _severity(self, phrase: str) -> int:
        if self._strong.search(phrase):
            return 3
        return 1 if self._mild.search(phrase) else 2

    def descriptor_findings(
        self, names: Iterable[str], place: str, reject: Reject
    ) -> Iterator[Finding]:
        """Yield what ESRB descriptors state: the highest severity by category, and warnings.

        A descriptor that is not in esrb.yaml is rejected.
        """
        highest, stated = _Highest(), dict[str, str]()
        for name in names:
            descriptor = self._descriptors.get(name.casefold())
            if descriptor is None:
                reject(place, "unknown descriptor", f"{name!r} is not in esrb.yaml")
                continue
            for category, severity in descriptor.severities.items():
                highest.note(category, severity, descriptor.name)
            for warning in descriptor.warnings:
                stated.setdefault(warning, descriptor.name)
        yield from highest.findings()
        for warning, name in stated.items():
            yield Finding("statement", warning, 1.0, span=name)

    def silence_ceilings(self, rating: str | None, reason: str) -> Iterator[Finding]:
        """Yield "at most mild" for categories that a reason would name if there were more of them.

        A reason lists what led to the rating. Of categories that a PG-13 reason leaves out, the
        Parents Guide votes of the same films say moderate or worse for 0% (sex), 6% (drugs) and 7%
        (profanity) of films, for an R reason 3% (sex). For violence and fright it is 18% to 66%, so
        silence on them bounds nothing. See benchmarks/NOTEBOOK.md.
        """
        if not reason or rating not in _TELLING_SILENCE:
            return
        named = {f.subject for f in self.reason_findings(reason) if f.kind == "severity"}
        for category in _TELLING_SILENCE[rating]:
            if category not in named:
                span = f"not among the reasons for {rating}"
                yield Finding("ceiling", category, 1.0, span=span)


class _Highest:
    """The highest severity by category, with the words that stated it first."""

    def __init__(self) -> None:
        self._by_category: dict[Category, tuple[int, str]] = {}

    def note(self, category: Category, severity: int, span: str) -> None:
        if severity > self._by_category.get(category, (-1, ""))[0]:
            self._by_category[category] = severity, span

    def findings(self) -> Iterator[Finding]:
        for category, (severity, span) in self._by_category.items():
            yield Finding("severity", category, float(severity), span=span)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns) or r"(?!)")


def rating_ceilings(rating: str | None, year: int | None) -> Iterator[Finding]:
    """Yield the highest severity that a rating allows in every category.

    G and ESRB E allow mild content at most. So do E10+, and PG since PG-13 was introduced in July
    1984: before that, PG covered what is PG-13 today. Higher ratings bound nothing.
    """
    mild = rating in {"G", "E", "E10+"} or (rating == "PG" and year is not None and year >= 1985)
    if mild:
        for category in CATEGORIES:
            yield Finding("ceiling", category, 1.0, span=f"rated {rating}")
