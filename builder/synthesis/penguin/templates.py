"""Leaf scenarios of the seven domains, and how one is put into words without a model.

Each file of penguin/ holds one domain; life.yaml explains the keys.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field

from builder.errors import InputError
from builder.seeding import keyed_rng
from builder.settings import read_yaml
from builder.synthesis.penguin.profiles import (
    Entry,
    Needs,
    Option,
    Profile,
    Tags,
    Vocabulary,
    meets,
)

Domain = Literal["life", "education", "career", "health", "social", "relationship", "finance"]
DOMAINS: tuple[Domain, ...] = get_args(Domain)
"""PENGUIN's seven domains."""

FOLDER = Path(__file__).parent

_CHOICE = re.compile(r"\[([^\[\]]+)\]")
_CASUAL_AGES: Needs = {"age": frozenset({"casual"})}


class Saying(Entry):
    """Words that fit only some profiles."""

    say: str
    needs: dict[str, Tags]


class Leaf(Entry):
    """One leaf scenario."""

    name: str
    tags: Tags = frozenset()
    needs: Annotated[dict[str, Tags], Field(default_factory=dict)]
    situations: Annotated[list[str | Saying], Field(min_length=3)]
    wordings: Annotated[list[str | Saying], Field(min_length=8)]


class _DomainFile(Entry):
    domain: Domain
    leaves: Annotated[list[Leaf], Field(min_length=6)]


class _MoodsFile(Entry):
    moods: dict[str, Annotated[list[str], Field(min_length=3)]]


@dataclass(frozen=True)
class Leaves:
    """Everything a scenario is composed from."""

    vocabulary: Vocabulary
    by_domain: Mapping[Domain, Sequence[Leaf]]
    moods: Mapping[str, Sequence[str]]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Leaves:
        """Return the leaves of a folder.

        Raises:
            InputError: For a malformed file, a tag that does not exist, a wording given twice, or
                a state of mind without a mood.
        """
        vocabulary = Vocabulary.load(folder / "attributes.yaml")
        by_domain = {}
        for domain in DOMAINS:
            path = folder / f"{domain}.yaml"
            by_domain[domain] = read_yaml(path, _DomainFile).leaves
            _check_leaves(by_domain[domain], vocabulary, path)
        moods = read_yaml(folder / "moods.yaml", _MoodsFile).moods
        for state in vocabulary.options["mental_health_status"]:
            if not state.tags & moods.keys():
                place = folder / "moods.yaml"
                raise InputError(
                    place, f"no mood for {state.text!r}", "add one for one of its tags"
                )
        return cls(vocabulary, by_domain, moods)

    def find(self, domain: str, name: str) -> Leaf:
        """Return the leaf of that name.

        Raises:
            StopIteration: If the domain has none.
        """
        leaves = next(found for key, found in self.by_domain.items() if key == domain)
        return next(leaf for leaf in leaves if leaf.name == name)


def _check_leaves(leaves: Sequence[Leaf], vocabulary: Vocabulary, path: Path) -> None:
    seen: set[str] = set()
    for leaf in leaves:
        sayings = [*map(_saying, leaf.situations), *map(_saying, leaf.wordings)]
        vocabulary.check(leaf.needs, path)
        for situation in map(_saying, leaf.situations):
            if not situation.say.startswith("The user "):
                raise InputError(
                    path, f"{situation.say!r} is not about the user", "a mood follows it"
                )
        for saying in sayings:
            vocabulary.check(saying.needs, path)
            if saying.say in seen:
                raise InputError(path, f"{saying.say!r} stands there twice", "keep one of the two")
            seen.add(saying.say)


def wordings_of(leaf: Leaf) -> list[str]:
    """Return the ways to ask of a leaf that leave no choice open."""
    sayings = (_saying(entry).say for entry in leaf.wordings)
    return [say for say in sayings if not _CHOICE.search(say)]


def _saying(entry: str | Saying) -> Saying:
    if isinstance(entry, Saying):
        return entry
    return Saying(say=entry, needs={})


class ScenarioGrammar:
    """Writes a scenario's query and emotional state from its leaf; the task "scenario"."""

    def __init__(self, leaves: Leaves, seed: int) -> None:
        self._leaves = leaves
        self._seed = seed

    def __call__(self, inputs: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
        """Return the reply's fields.

        The nth row of a leaf gets the nth wording of a shuffle that all rows of the leaf share;
        a further attempt picks at random.
        """
        leaf = self._leaves.find(inputs["domain"], inputs["scenario"])
        find = self._leaves.vocabulary.find
        profile = {name: find(name, text) for name, text in inputs["profile"].items()}
        nth = inputs["nth"] if inputs["attempt"] == 0 else rng.randrange(1000)
        query = self._pick(leaf, leaf.wordings, profile, nth)
        situation = self._pick(leaf, leaf.situations, profile, nth)
        mood = rng.choice(self._moods_of(profile["mental_health_status"]))
        return {"query": _choose(query, rng), "emotional_state": f"{situation} {mood}"}

    def _pick(self, leaf: Leaf, entries: Sequence[str | Saying], profile: Profile, nth: int) -> str:
        shuffled = keyed_rng(self._seed, leaf.name, len(entries)).sample(entries, len(entries))
        first = nth % len(entries)
        in_turn = map(_saying, [*shuffled[first:], *shuffled[:first]])
        return next(saying.say for saying in in_turn if _fits(saying, profile))

    def _moods_of(self, state: Option) -> list[str]:
        return [
            mood
            for tag in self._leaves.moods
            if tag in state.tags
            for mood in self._leaves.moods[tag]
        ]


def _fits(saying: Saying, profile: Profile) -> bool:
    return meets(profile, saying.needs) and (
        not saying.say[0].islower() or meets(profile, _CASUAL_AGES)
    )


def _choose(text: str, rng: random.Random) -> str:
    return _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), text)
