"""What the oracle's evidence says of an item, as clauses to stand after "because" or "whether"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from builder.oracle.files.store import UNANSWERED
from builder.records import Risk
from builder.taxonomy import ContentWarning, Trait

_MAX_PARTICLE = 4  # characters; words no longer than that tell little
_TELLING = 0.5  # of the weightiest category's weight, that another one needs to be named beside it
_ALIKE = 3  # words that tell, from which two facts are one
_SEVERITY = re.compile(r": ([a-z ,&]+) (moderate|severe)\b")
_NAMES = ("Jewish", "Black", "Asian", "LGBT")
_EXAMPLES = re.compile(r", such as [^.]*, (?=\w+\.$)")
_ASIDE = re.compile(r", (?:on|for|by|with|usually) [^.]*(?=\.$)")
_OPEN = re.compile(rf"{UNANSWERED}(\d+) of \d+ warnings \((.*?)(?:; \.\.\.)?\)$")


@dataclass(frozen=True, slots=True)
class Open:
    """How many questions of a trait nobody answered, and some of them as clauses."""

    n_questions: int
    clauses: tuple[str, ...]


class TraitClauses:
    """Reads the words of an oracle on one trait."""

    def __init__(self, trait: Trait, warnings: Mapping[str, ContentWarning]) -> None:
        self._trait = trait
        self._warnings = [warnings[warning_id] for warning_id in trait.warnings]

    def facts(self, risk: Risk) -> tuple[str, ...]:
        """Return what breaks the trait, things that say much the same once."""
        told = (w for w in self._warnings if any(w.question in said for said in risk.because))
        return distinct_clauses(clause_of(warning) for warning in told)

    def ratings(self, risk: Risk) -> str:
        """Return the ratings that tell most of the trait ("severe for profanity"), "" for none.

        Each is a sign, no fact.
        """
        found = [match for said in risk.because if (match := _SEVERITY.search(said))]
        most = max((self._weight(match[1]) for match in found), default=0.0)
        telling = [match for match in found if self._weight(match[1]) >= most * _TELLING]
        severe_first = sorted(telling, key=lambda match: match[2] != "severe")
        return " and ".join(f"{match[2]} for {match[1]}" for match in severe_first)

    def unanswered(self, said: str) -> Open | None:
        """Return what a line of `Risk.because` tells of open questions, None for another line."""
        match = _OPEN.match(said)
        if match is None:
            return None
        by_question = {warning.question: warning for warning in self._warnings}
        named = [by_question[q] for q in match[2].split("; ") if q in by_question]
        return Open(int(match[1]), distinct_clauses(clause_of(warning) for warning in named))

    def _weight(self, label: str) -> float:
        """Return how much a category ("violence & gore") says of the trait, in [0, 1]."""
        named = re.sub(r"[ ,&]+", "_", label)
        weights = self._trait.parents_guide.weights
        return next((w for category, w in weights.items() if named.startswith(category)), 0.0)


def clause_of(warning: ContentWarning) -> str:
    """Return a warning's description without its asides: "a dog dies"."""
    text = _ASIDE.sub("", _EXAMPLES.sub(" ", warning.description)).rstrip(".")
    return text if text.startswith(_NAMES) else text[:1].lower() + text[1:]


def distinct_clauses(clauses: Iterable[str]) -> tuple[str, ...]:
    """Return the clauses without those that say much the same as an earlier one."""
    kept: list[str] = []
    for clause in clauses:
        if not any(says_alike(clause, other) for other in kept):
            kept.append(clause)
    return tuple(kept)


def says_alike(clause: str, other: str) -> bool:
    """Return whether two clauses say much the same: "a horse dies", "an animal dies"."""
    ours, others = clause.split(), other.split()
    return ours[-1] == others[-1] or len(_told_by(ours) & _told_by(others)) >= _ALIKE


def _told_by(words: Sequence[str]) -> set[str]:
    """Return the stems of the words that tell: "bloody" and "bloodshed" are one."""
    return {word.strip(",")[:5] for word in words if len(word) > _MAX_PARTICLE}
