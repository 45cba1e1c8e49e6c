"""A conversation's answer in sentences: why items were left out, and what is open of the others.

The form is the reference's <reasoning>. A text is made where it leaves the pipeline, from what the
row holds: no writer has a say here, so it never claims what the evidence does not hold.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from builder.explanations.renderer import Renderer
from builder.records import Conversation
from builder.seeding import keyed_rng
from builder.settings import Strict, read_yaml
from builder.synthesis.styles import CUE
from builder.taxonomy import Taxonomy

NameOf = Callable[[str], str]
"""Returns "Saw (2004)" for an item's id."""


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


class Reasoner:
    """Writes the reasonings of a run."""

    def __init__(self, taxonomy: Taxonomy, renderer: Renderer, seed: int) -> None:
        """Take the traits, what puts reasons into words, and what keys the choice of sentences."""
        self._renderer, self._seed = renderer, seed
        self._short = {name: trait.short for name, trait in taxonomy.traits.items()}

    def reasoning(self, row: Conversation, name_of: NameOf) -> str:
        """Return why titles of a conversation are left out, "" where every one stays."""
        if not row.filtered and not row.unknown:
            return ""
        rng = keyed_rng(self._seed, "reasoning", row.conversation_id)
        words, (first, *others) = _words(), row.in_force
        opening = words.opening[row.variant if row.trait else CUE]
        parts = [rng.choice(opening).format(short=self._shorts([first]))]
        if others:
            parts.append(rng.choice(words.also).format(short=self._shorts(others)))
        forms = rng.sample(words.left_out, k=len(words.left_out))
        for n, entry in enumerate(row.filtered):
            why = self._renderer.why(entry.reasons)
            parts.append(forms[n % len(forms)].format(title=name_of(entry.item_id), why=why))
        parts += self._undecided(row, name_of, rng)
        return " ".join([*parts, rng.choice(words.closing)])

    def whether_by_title(
        self, row: Conversation, item_ids: Sequence[str], name_of: NameOf
    ) -> dict[str, str]:
        """Return what is open of some items, as clauses, by title; those of which nothing is out.

        Args:
            row: Whose safe items and alternatives they are.
            item_ids: In the order in which they are listed.
            name_of: Names them.
        """
        warnings_by_id = defaultdict[str, list[str]](list)
        for point in row.open_points:
            warnings_by_id[point.item_id] += point.warnings
        return {
            name_of(item_id): self._renderer.whether(warnings_by_id[item_id])
            for item_id in item_ids
            if warnings_by_id[item_id]
        }

    def _undecided(self, row: Conversation, name_of: NameOf, rng: random.Random) -> list[str]:
        """Return a sentence for the titles that are unknown for the same traits."""
        words = _words()
        traits_by_id = defaultdict[str, list[str]](list)
        for point in row.open_points:
            traits_by_id[point.item_id].append(point.trait)
        titles_by_traits = defaultdict[tuple[str, ...], list[str]](list)
        for item_id in row.unknown:
            titles_by_traits[tuple(traits_by_id[item_id]) or row.in_force].append(name_of(item_id))
        sentences = []
        for traits, titles in titles_by_traits.items():
            if len(row.in_force) == 1:
                forms = words.unknown if len(titles) == 1 else words.unknown_many
            else:
                forms = words.unknown_of if len(titles) == 1 else words.unknown_of_many
            shorts = self._shorts(traits)
            sentences.append(rng.choice(forms).format(titles=_listed(titles), short=shorts))
        return sentences

    def _shorts(self, traits: Sequence[str]) -> str:
        return _listed([self._short.get(trait, trait) for trait in traits])


def with_open_points(
    reasoning: str, whether_by_title: Mapping[str, str], rng: random.Random
) -> str:
    """Return a reasoning followed by what nobody answered of the titles that an answer lists.

    Args:
        reasoning: Of `Reasoner`, or "".
        whether_by_title: See `Reasoner.whether_by_title`.
        rng: Draws the wording.
    """
    sentences = open_sentences(whether_by_title, rng)
    if sentences and not reasoning:
        reasoning = rng.choice(_words().nothing_left_out)
    return f"{reasoning} {sentences}".strip()


def open_sentences(whether_by_title: Mapping[str, str], rng: random.Random) -> str:
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
    return f"{listed} {open_sentences(whether_by_title, rng)}".strip()


def _listed(titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return titles[0]
    return f"{', '.join(titles[:-1])} and {titles[-1]}"
