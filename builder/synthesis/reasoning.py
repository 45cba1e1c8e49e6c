"""Why items were left out, in the words of the reference's <reasoning>: facts of the oracle alone.

No writer has a say here, so that a reasoning never claims what the evidence does not hold.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from builder.records import Risk
from builder.synthesis.clauses import TraitClauses
from builder.synthesis.yaml_file import FOLDER, Strict, read_yaml
from builder.taxonomy import Taxonomy

_MAX_FACTS = 2


class _Words(Strict):
    opening: dict[str, list[str]]
    also: list[str]
    left_out: list[str]
    rated: str
    untold: str
    unknown: list[str]
    unknown_many: list[str]
    unknown_of: list[str]
    unknown_of_many: list[str]
    closing: list[str]
    open_point: list[str]
    open_points: list[str]


@cache
def _words() -> _Words:
    return read_yaml(FOLDER / "reasoning.yaml", _Words)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A title ("Saw (2004)") with the oracle's answers on the traits that it violates."""

    title: str
    risks: tuple[Risk, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A title with the traits on which the oracle has no verdict."""

    title: str
    traits: tuple[str, ...]


class Reasoner:
    """Writes the reasonings of a run."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        """Take the traits and the words of their warnings."""
        self._traits: Mapping[str, TraitClauses] = {
            name: TraitClauses(trait, taxonomy.warnings) for name, trait in taxonomy.traits.items()
        }
        self._short = {name: trait.short for name, trait in taxonomy.traits.items()}

    def reasoning(
        self,
        style: str,
        traits: Sequence[str],
        left_out: Sequence[LeftOut],
        unknown: Sequence[Unknown],
        rng: random.Random,
    ) -> str:
        """Return the text, "" where every title stays.

        Args:
            style: Of the constraint, or "cue".
            traits: All in force, the one of the constraint first; at least one.
            left_out: In the order recommended.
            unknown: Likewise.
            rng: Draws the wording.
        """
        if not left_out and not unknown:
            return ""
        words, (first, *others) = _words(), traits
        parts = [rng.choice(words.opening[style]).format(short=self._short[first])]
        if others:
            shorts = _listed([self._short[trait] for trait in others])
            parts.append(rng.choice(words.also).format(short=shorts))
        forms = rng.sample(words.left_out, k=len(words.left_out))
        for n, entry in enumerate(left_out):
            why = self._why(entry.risks)
            parts.append(forms[n % len(forms)].format(title=entry.title, why=why))
        parts += self._not_known(unknown, is_only_wish=not others, rng=rng)
        return " ".join([*parts, rng.choice(words.closing)])

    def open_point(self, title: str, said_by_trait: Mapping[str, str], rng: random.Random) -> str:
        """Return what nobody answered of a title that stays, as one sentence, or "".

        Args:
            title: "Babe (1995)".
            said_by_trait: The oracle's line on unanswered questions for each trait in force.
            rng: Draws the wording.
        """
        found = [self._traits[trait].unanswered(said) for trait, said in said_by_trait.items()]
        told = [entry for entry in found if entry is not None]
        clauses = [clause for entry in told for clause in entry.clauses][:_MAX_FACTS]
        n_questions = sum(entry.n_questions for entry in told)
        if not clauses:
            return ""
        whether = " and ".join(f"whether {clause}" for clause in clauses)
        forms = _words().open_points if n_questions > len(clauses) else _words().open_point
        return rng.choice(forms).format(title=title, whether=whether, n=n_questions)

    def _why(self, risks: Sequence[Risk]) -> str:
        """Return the facts of one title, else its ratings, else that it goes against the wish."""
        facts = [fact for risk in risks for fact in self._traits[risk.trait].facts(risk)]
        if facts:
            return " and ".join(dict.fromkeys(facts[:_MAX_FACTS]))
        ratings = next((r for risk in risks if (r := self._traits[risk.trait].ratings(risk))), "")
        words = _words()
        return words.rated.format(ratings=ratings) if ratings else words.untold

    def _not_known(
        self, unknown: Sequence[Unknown], *, is_only_wish: bool, rng: random.Random
    ) -> list[str]:
        """Return a sentence for the titles that are unknown in the same respect."""
        words = _words()
        titles_by_traits = defaultdict[tuple[str, ...], list[str]](list)
        for entry in unknown:
            titles_by_traits[entry.traits].append(entry.title)
        told = []
        for traits, titles in titles_by_traits.items():
            if is_only_wish:
                forms = words.unknown if len(titles) == 1 else words.unknown_many
            else:
                forms = words.unknown_of if len(titles) == 1 else words.unknown_of_many
            shorts = _listed([self._short[trait] for trait in traits])
            told.append(rng.choice(forms).format(titles=_listed(titles), short=shorts))
        return told


def _listed(titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return titles[0]
    return f"{', '.join(titles[:-1])} and {titles[-1]}"
