"""Official wordings (MPAA ratings and reasons, ESRB descriptors) as evidence.

A reason such as "Rated R for strong bloody violence and some drug content" states a severity for
each Parents Guide category it names, and a few warnings outright ("torture", "suicide").
A rating bounds what it does not name: see `rating_ceilings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.catalog.draft import Finding
from builder.taxonomy import CATEGORIES, Category

_CATEGORY_PATTERNS: tuple[tuple[Category, str], ...] = (
    ("sex_nudity", r"sex|nud|sensual|erotic|suggestive|innuendo|risque|rape"),
    (
        "violence_gore",
        r"violen|gore|gory|blood|brutal|carnage|torture|combat|gunplay|shooting|fight",
    ),
    ("profanity", r"language|profan|slur|epithet|expletive|lyrics"),
    ("alcohol_drugs_smoking", r"drug|alcohol|drink|smok|substance|tobacco|addict"),
    (
        "frightening_intense",
        r"scary|fright|terror|horror|disturb|peril|intense|menac|gruesome|grisly",
    ),
)

_STATED_WARNINGS: tuple[tuple[str, str], ...] = (
    ("is-someone-sexually-assaulted", r"\brape|sexual (?:assault|violence|abuse)"),
    ("is-someone-tortured", r"\btorture"),
    ("is-there-blood-gore", r"\bgor(?:e|y)\b|\bblood\b|\bbloody\b|grisly|gruesome"),
    (
        "does-someone-use-drugs",
        r"drug ?(?:use|content|material)|substance (?:use|abuse)|use of drugs",
    ),
    ("is-there-addiction", r"addiction"),
    ("does-someone-die-by-suicide", r"\bsuicide\b"),
    ("are-there-abortions", r"\babortion"),
    ("is-there-childbirth", r"\bchildbirth"),
    ("is-there-domestic-violence", r"domestic (?:violence|abuse)"),
    ("is-a-child-abused", r"child abuse"),
    ("is-there-gun-violence", r"gun ?play|gun violence|shooting"),
    ("is-there-hate-speech", r"racial (?:slurs|epithets)|racist|hate speech"),
)

_TELLING_SILENCE: dict[str, tuple[Category, ...]] = {
    "PG-13": ("sex_nudity", "profanity", "alcohol_drugs_smoking"),
    "R": ("sex_nudity",),
}

_STRONG = re.compile(
    r"strong|graphic|brutal|extreme|pervasive|intense|sadistic|grisly|gruesome|explicit|aberrant|"
    r"gore|gory|torture|rape|throughout|nonstop"
)
_MILD = re.compile(
    r"\bmild|\bsome\b|brief|moment|partial|incidental|reference|suggestive|comic|crude"
)
_PHRASES = re.compile(r",|;|\band\b|\bincluding\b|\bwith\b")


def reason_findings(reason: str) -> Iterator[Finding]:
    """Yield the highest severity stated for each category, and the warnings stated outright.

    Severity: 3 for "strong", "graphic" and the like, 1 for "mild", "brief" and the like, else 2.
    """
    body = reason.lower()
    severity_by_category: dict[Category, tuple[int, str]] = {}
    for phrase in filter(None, (part.strip(" .") for part in _PHRASES.split(body))):
        severity = _severity(phrase)
        for category, pattern in _CATEGORY_PATTERNS:
            if re.search(pattern, phrase):
                known = severity_by_category.get(category, (0, ""))
                severity_by_category[category] = max(known, (severity, phrase))
    for category, (severity, phrase) in severity_by_category.items():
        yield Finding("severity", category, float(severity), span=phrase)
    for warning, pattern in _STATED_WARNINGS:
        match = re.search(pattern, body)
        if match:
            yield Finding("statement", warning, 1.0, span=match[0])


def _severity(phrase: str) -> int:
    if _STRONG.search(phrase):
        return 3
    return 1 if _MILD.search(phrase) else 2


def silence_ceilings(rating: str | None, reason: str) -> Iterator[Finding]:
    """Yield "at most mild" for categories that a reason would name if there were more.

    A reason lists what drove the rating. Against the Parents Guide votes of the same films,
    categories a PG-13 reason leaves out were voted moderate or worse in 1% (sex), 6% (drugs) and
    8% (profanity) of films, in an R reason 3% (sex); violence and fright were so in 20% to 66%,
    and silence on them bounds nothing. See docs/numbers.md.
    """
    if not reason or rating not in _TELLING_SILENCE:
        return
    named = {found.subject for found in reason_findings(reason) if found.kind == "severity"}
    for category in _TELLING_SILENCE[rating]:
        if category not in named:
            yield Finding("ceiling", category, 1.0, span=f"not among the reasons for {rating}")


def rating_ceilings(rating: str | None, year: int | None) -> Iterator[Finding]:
    """Yield the highest severity that a rating leaves possible in every category.

    G and ESRB E admit at most mild content. PG and E10+ do too, but for films only since PG-13
    was introduced in July 1984: before that, PG covered what is PG-13 today. Higher ratings
    bound nothing.
    """
    mild = rating in {"G", "E", "E10+"} or (rating == "PG" and year is not None and year >= 1985)
    if mild:
        for category in CATEGORIES:
            yield Finding("ceiling", category, 1.0, span=f"rated {rating}")
