"""Why items were left out, in the words of the reference's <reasoning>: facts of the oracle alone.

No writer has a say here, so that a reasoning never claims what the evidence does not hold.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from functools import cache

from builder.records import Risk
from builder.synthesis.yaml_file import FOLDER, Strict, read_yaml
from builder.taxonomy import ContentWarning, Trait

_MAX_FACTS = 2
_MAX_PARTICLE = 4  # characters; words no longer than that tell little
_TELLING = 0.5  # of the weightiest category's weight, that another one needs to be named beside it
_ALIKE = 3  # words that tell, from which two facts are one
_SEVERITY = re.compile(r": ([a-z ,&]+) (moderate|severe)\b")
_NAMES = ("Jewish", "Black", "Asian", "LGBT")
_EXAMPLES = re.compile(r", such as [^.]*, (?=\w+\.$)")
_ASIDE = re.compile(r", (?:on|for|by|with|usually) [^.]*(?=\.$)")


class _Words(Strict):
    opening: dict[str, list[str]]
    left_out: list[str]
    rated: str
    untold: str
    unknown: list[str]
    unknown_many: list[str]
    closing: list[str]


@cache
def _words() -> _Words:
    return read_yaml(FOLDER / "reasoning.yaml", _Words)


class Reasoner:
    """Writes the reasoning of one trait."""

    def __init__(self, trait: Trait, warnings: Mapping[str, ContentWarning]) -> None:
        self._trait = trait
        self._warnings = [warnings[warning_id] for warning_id in trait.warnings]

    def reasoning(
        self,
        style: str,
        left_out: Sequence[tuple[str, Risk]],
        unknown: Sequence[str],
        rng: random.Random,
    ) -> str:
        """Return the text, "" where nothing violates the trait.

        Args:
            style: Of the constraint, or "cue".
            left_out: Titles ("Saw (2004)") with the oracle's answer, in the order recommended.
            unknown: Titles without a verdict.
            rng: Draws the wording.
        """
        if not left_out:
            return ""
        words = _words()
        opening = rng.choice(words.opening[style]).format(short=self._trait.short)
        forms = rng.sample(words.left_out, k=len(words.left_out))
        reasons = [
            forms[n % len(forms)].format(title=title, why=self._why(risk))
            for n, (title, risk) in enumerate(left_out)
        ]
        parts = [opening, *reasons]
        if unknown:
            frames = words.unknown if len(unknown) == 1 else words.unknown_many
            parts.append(rng.choice(frames).format(titles=_listed(unknown)))
        return " ".join([*parts, rng.choice(words.closing)])

    def _why(self, risk: Risk) -> str:
        facts: list[str] = []
        for warning in self._warnings:
            clause = _clause(warning)
            told = any(warning.question in said for said in risk.because)
            if told and not any(_says_alike(clause, fact) for fact in facts):
                facts.append(clause)
        return " and ".join(facts[:_MAX_FACTS]) or self._rated(risk)

    def _rated(self, risk: Risk) -> str:
        """Return the ratings that tell most of the trait: each is a sign, no fact."""
        found = [match for said in risk.because if (match := _SEVERITY.search(said))]
        most = max((self._weight(match[1]) for match in found), default=0.0)
        telling = [match for match in found if self._weight(match[1]) >= most * _TELLING]
        severe_first = sorted(telling, key=lambda match: match[2] != "severe")
        ratings = " and ".join(f"{match[2]} for {match[1]}" for match in severe_first)
        words = _words()
        return words.rated.format(ratings=ratings) if ratings else words.untold

    def _weight(self, label: str) -> float:
        """Return how much a category ("violence & gore") says of the trait, in [0, 1]."""
        named = re.sub(r"[ ,&]+", "_", label)
        weights = self._trait.parents_guide.weights
        return next((w for category, w in weights.items() if named.startswith(category)), 0.0)


def _clause(warning: ContentWarning) -> str:
    """Return a warning's description without its asides, to stand after "because"."""
    text = _ASIDE.sub("", _EXAMPLES.sub(" ", warning.description)).rstrip(".")
    return text if text.startswith(_NAMES) else text[:1].lower() + text[1:]


def _says_alike(clause: str, other: str) -> bool:
    """Return whether two clauses say much the same: "a horse dies", "an animal dies"."""
    ours, others = clause.split(), other.split()
    return ours[-1] == others[-1] or len(_told_by(ours) & _told_by(others)) >= _ALIKE


def _told_by(words: Sequence[str]) -> set[str]:
    """Return the stems of the words that tell: "bloody" and "bloodshed" are one."""
    return {word.strip(",")[:5] for word in words if len(word) > _MAX_PARTICLE}


def _listed(titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return titles[0]
    return f"{', '.join(titles[:-1])} and {titles[-1]}"
