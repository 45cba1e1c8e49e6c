"""Why items were left out, in the words of the reference's <reasoning>: facts of the oracle alone.

No writer has a say here, so that a reasoning never claims what the evidence does not hold.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from builder.explanations.renderer import Renderer
from builder.records import Reason
from builder.settings import Strict, read_yaml
from builder.synthesis.answers.grounds import grounds
from builder.taxonomy import Taxonomy


class _Words(Strict):
    opening: dict[str, list[str]]
    also: list[str]
    left_out: list[str]
    unknown: list[str]
    unknown_many: list[str]
    unknown_of: list[str]
    unknown_of_many: list[str]
    closing: list[str]
    nothing_left_out: list[str]
    open_points: list[str]
    plain: list[str]


@cache
def _words() -> _Words:
    return read_yaml(Path(__file__).with_name("reasoning.yaml"), _Words)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A title ("Saw (2004)") with the oracle's reasons on the traits that it violates."""

    title: str
    reasons_by_trait: Mapping[str, tuple[Reason, ...]]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A title with the traits on which the oracle has no verdict."""

    title: str
    traits: tuple[str, ...]


class Reasoner:
    """Writes the reasonings of a run."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        """Take the traits and the words of their warnings."""
        self._taxonomy, self._renderer = taxonomy, Renderer(taxonomy)
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
            why = self._renderer.why(grounds(entry.reasons_by_trait, self._taxonomy))
            parts.append(forms[n % len(forms)].format(title=entry.title, why=why))
        parts += self._not_known(unknown, is_only_wish=not others, rng=rng)
        return " ".join([*parts, rng.choice(words.closing)])

    def whether(self, warnings: Sequence[str]) -> str:
        """Return what nobody answered of a title that stays, as clauses, or ""."""
        return self._renderer.whether(warnings)

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


def tell_all(reasoning: str, whether_by_title: Mapping[str, str], rng: random.Random) -> str:
    """Return a reasoning with what nobody answered of the titles that an answer lists.

    Args:
        reasoning: Of `Reasoner`, or "".
        whether_by_title: What is open of the titles listed, see `Reasoner.whether`, in their order.
        rng: Draws the wording.
    """
    opened = tell_open(whether_by_title, rng)
    if opened and not reasoning:
        reasoning = rng.choice(_words().nothing_left_out)
    return f"{reasoning} {opened}".strip()


def tell_open(whether_by_title: Mapping[str, str], rng: random.Random) -> str:
    """Return a sentence for the titles of which the same is open, "" where nothing is."""
    titles_by_whether = defaultdict[str, list[str]](list)
    for title, whether in whether_by_title.items():
        titles_by_whether[whether].append(title)
    forms = _words().open_points
    drawn = rng.sample(forms, k=len(forms))
    return " ".join(
        drawn[n % len(drawn)].format(titles=_listed(titles), whether=whether)
        for n, (whether, titles) in enumerate(titles_by_whether.items())
    )


def plain_answer(
    titles: Sequence[str], whether_by_title: Mapping[str, str], rng: random.Random
) -> str:
    """Return an answer as a person would write it, without tags or reasoning; "" for no titles."""
    if not titles:
        return ""
    listed = rng.choice(_words().plain).format(titles=_listed(titles))
    return f"{listed} {tell_open(whether_by_title, rng)}".strip()


def _listed(titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return titles[0]
    return f"{', '.join(titles[:-1])} and {titles[-1]}"
