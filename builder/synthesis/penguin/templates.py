"""Templates of the seven domains' leaf scenarios, and a writer that fills them without a model.

Each YAML file of penguin/ is one domain; life.yaml explains the keys.
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
    AttributeVocabulary,
    Entry,
    Needs,
    Option,
    Profile,
    Tags,
    meets,
)

PenguinDomain = Literal[
    "life", "education", "career", "health", "social", "relationship", "finance"
]
DOMAINS: tuple[PenguinDomain, ...] = get_args(PenguinDomain)
"""PENGUIN's seven domains."""

FOLDER = Path(__file__).parent

_CHOICE = re.compile(r"\[([^\[\]]+)\]")
_CASUAL_AGES: Needs = {"age": frozenset({"casual"})}


class Wording(Entry):
    """A wording that fits only some profiles."""

    say: str
    needs: dict[str, Tags]


class Leaf(Entry):
    """The templates of one leaf scenario; life.yaml describes the fields."""

    name: str
    tags: Tags = frozenset()
    needs: Annotated[dict[str, Tags], Field(default_factory=dict)]
    situations: Annotated[list[str | Wording], Field(min_length=3)]
    wordings: Annotated[list[str | Wording], Field(min_length=8)]


class _DomainFile(Entry):
    domain: PenguinDomain
    leaves: Annotated[list[Leaf], Field(min_length=6)]


class _MoodsFile(Entry):
    moods: dict[str, Annotated[list[str], Field(min_length=3)]]


@dataclass(frozen=True)
class ScenarioTemplates:
    """Everything that scenarios are composed from.

    Attributes:
        vocabulary: Of the profiles.
        by_domain: The leaf scenarios.
        moods: By tag of the mental health status.
    """

    vocabulary: AttributeVocabulary
    by_domain: Mapping[PenguinDomain, Sequence[Leaf]]
    moods: Mapping[str, Sequence[str]]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> ScenarioTemplates:
        """Return the templates in a folder.

        Raises:
            InputError: For a malformed file, a tag that does not exist, a repeated wording, or a
                mental health status without a mood.
        """
        vocabulary = AttributeVocabulary.load(folder / "attributes.yaml")
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
        """Return the leaf scenario with a name.

        Raises:
            StopIteration: If the domain has no such leaf.
        """
        leaves = next(
            domain_leaves for key, domain_leaves in self.by_domain.items() if key == domain
        )
        return next(leaf for leaf in leaves if leaf.name == name)


def _check_leaves(leaves: Sequence[Leaf], vocabulary: AttributeVocabulary, path: Path) -> None:
    seen: set[str] = set()
    for leaf in leaves:
        wordings = [*map(_as_wording, leaf.situations), *map(_as_wording, leaf.wordings)]
        vocabulary.check(leaf.needs, path)
        for situation in map(_as_wording, leaf.situations):
            if not situation.say.startswith("The user "):
                raise InputError(
                    path, f"{situation.say!r} is not about the user", "a mood follows it"
                )
        for wording in wordings:
            vocabulary.check(wording.needs, path)
            if wording.say in seen:
                raise InputError(path, f"{wording.say!r} appears twice", "keep one of the two")
            seen.add(wording.say)


def wordings_of(leaf: Leaf) -> list[str]:
    """Return the wordings of a leaf that contain no choice."""
    wordings = (_as_wording(entry).say for entry in leaf.wordings)
    return [say for say in wordings if not _CHOICE.search(say)]


def _as_wording(entry: str | Wording) -> Wording:
    if isinstance(entry, Wording):
        return entry
    return Wording(say=entry, needs={})


class ScenarioGrammar:
    """Writes a scenario's query and emotional state from its templates; the task "scenario"."""

    def __init__(self, templates: ScenarioTemplates, seed: int) -> None:
        self._templates = templates
        self._seed = seed

    def __call__(self, inputs: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
        """Return the reply's fields.

        The nth row of a leaf gets the nth wording of a shuffle that all rows of the leaf share;
        further attempts draw one.
        """
        leaf = self._templates.find(inputs["domain"], inputs["scenario"])
        find = self._templates.vocabulary.find
        profile = {name: find(name, text) for name, text in inputs["profile"].items()}
        nth = inputs["nth"] if inputs["attempt"] == 0 else rng.randrange(1000)
        query = self._pick(leaf, leaf.wordings, profile, nth)
        situation = self._pick(leaf, leaf.situations, profile, nth)
        mood = rng.choice(self._moods_of(profile["mental_health_status"]))
        return {"query": _choose(query, rng), "emotional_state": f"{situation} {mood}"}

    def _pick(
        self, leaf: Leaf, entries: Sequence[str | Wording], profile: Profile, nth: int
    ) -> str:
        shuffled = keyed_rng(self._seed, leaf.name, len(entries)).sample(entries, len(entries))
        first = nth % len(entries)
        in_turn = map(_as_wording, [*shuffled[first:], *shuffled[:first]])
        return next(wording.say for wording in in_turn if _fits(wording, profile))

    def _moods_of(self, state: Option) -> list[str]:
        return [
            mood
            for tag in self._templates.moods
            if tag in state.tags
            for mood in self._templates.moods[tag]
        ]


def _fits(wording: Wording, profile: Profile) -> bool:
    return meets(profile, wording.needs) and (
        not wording.say[0].islower() or meets(profile, _CASUAL_AGES)
    )


def _choose(text: str, rng: random.Random) -> str:
    return _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), text)
