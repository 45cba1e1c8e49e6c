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
            if told and not any(_ends_alike(clause, fact) for fact in facts):
                facts.append(clause)
        return " and ".join(facts[:_MAX_FACTS]) or _rated(risk)


def _clause(warning: ContentWarning) -> str:
    """Return a warning's description without its asides, to stand after "because"."""
    text = _ASIDE.sub("", _EXAMPLES.sub(" ", warning.description)).rstrip(".")
    return text if text.startswith(_NAMES) else text[:1].lower() + text[1:]


def _ends_alike(clause: str, other: str) -> bool:
    """Return whether two clauses say much the same: "a horse dies", "an animal dies"."""
    return clause.split()[-1] == other.split()[-1]


def _rated(risk: Risk) -> str:
    found = [match for said in risk.because if (match := _SEVERITY.search(said))]
    severe_first = sorted(found, key=lambda match: match[2] != "severe")
    ratings = [f"{match[2]} for {match[1]}" for match in severe_first]
    words = _words()
    return words.rated.format(ratings=" and ".join(ratings)) if ratings else words.untold


def _listed(titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return titles[0]
    return f"{', '.join(titles[:-1])} and {titles[-1]}"
