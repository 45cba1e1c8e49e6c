"""Profiles whose attributes are consistent, drawn jointly from penguin/attributes.yaml.

One option and one rule of that file:

    - {text: "Surgeon", tags: [employed, high-pay, medical-job, seasoned], weight: 1}
    - because: "Doctors studied medicine"
      when: {profession: [medical-job]}
      then: {education_level: [medical]}
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from builder.errors import InputError
from builder.settings import read_yaml

ATTRIBUTES = (
    "education_level",
    "age",
    "gender",
    "marital_status",
    "profession",
    "economic_status",
    "health_status",
    "mental_health_status",
    "emotional_state",
    "self_harm_history",
)
"""PENGUIN's ten attributes; all but the last are columns of its rows."""

SCENARIO = "scenario"
"""Name under which rules may refer to the tags of the leaf scenario."""

_MAX_DRAWS = 2000

Tags = frozenset[str]
Needs = Mapping[str, Tags]
"""By attribute: the drawn option must have one of these tags."""


class Entry(BaseModel):
    """Base of the entries in the YAML files: no unknown keys; lists may become sets of tags."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(Entry):
    """One value of an attribute."""

    text: Annotated[str, Field(min_length=1)]
    tags: Annotated[Tags, Field(min_length=1)]
    weight: Annotated[int, Field(gt=0)] = 1


Profile = Mapping[str, Option]


class Rule(Entry):
    """A condition on profiles, see the comment above the rules in attributes.yaml."""

    because: str
    when: dict[str, Tags]
    then: Annotated[dict[str, Tags], Field(default_factory=dict)]
    never: Annotated[dict[str, Tags], Field(default_factory=dict)]

    @cached_property
    def subjects(self) -> frozenset[str]:
        """The attributes that it refers to."""
        return frozenset([*self.when, *self.then, *self.never])

    def may_be_broken_by(self, name: str, tags: Mapping[str, Tags]) -> bool:
        """Return whether an option of one more attribute could break the rule.

        Args:
            name: The attribute to draw next.
            tags: Of the options drawn before it; those under `name` are ignored.
        """
        for other, wanted in self.when.items():
            if other != name and (other not in tags or tags[other].isdisjoint(wanted)):
                return False
        return any(other == name or other in tags for other in (*self.then, *self.never))

    def broken_by(self, tags: Mapping[str, Tags]) -> bool:
        """Return whether the attributes drawn so far already break the rule.

        Args:
            tags: Of the option drawn for each attribute, without those not drawn yet.
        """
        for name, wanted in self.when.items():
            if name not in tags or tags[name].isdisjoint(wanted):
                return False
        lacks = any(n in tags and tags[n].isdisjoint(wanted) for n, wanted in self.then.items())
        return lacks or any(
            n in tags and not tags[n].isdisjoint(barred) for n, barred in self.never.items()
        )


class _AttributesFile(Entry):
    attributes: dict[str, Annotated[list[Option], Field(min_length=1)]]
    rules: list[Rule]


@dataclass(frozen=True)
class AttributeVocabulary:
    """All options by attribute, in drawing order, and the rules between them."""

    options: Mapping[str, Sequence[Option]]
    rules: Sequence[Rule]

    @classmethod
    def load(cls, path: Path) -> AttributeVocabulary:
        """Return the vocabulary in an attributes.yaml.

        Raises:
            InputError: For a malformed file, or a rule with a tag that no option has.
        """
        document = read_yaml(path, _AttributesFile)
        vocabulary = cls(document.attributes, document.rules)
        for rule in document.rules:
            for needs in (rule.when, rule.then, rule.never):
                vocabulary.check(needs, path)
        return vocabulary

    def check(self, needs: Needs, path: Path) -> None:
        """Check needs against the tags that exist, apart from those of leaf scenarios.

        Raises:
            InputError: For an attribute or a tag that no option has.
        """
        for name, tags in needs.items():
            if name == SCENARIO:
                continue
            known_tags = {tag for option in self.options.get(name, ()) for tag in option.tags}
            for tag in sorted(tags - known_tags):
                raise InputError(path, f"no entry of {name} has the tag {tag!r}", "correct the tag")

    def find(self, attribute: str, text: str) -> Option:
        """Return the option with a text.

        Raises:
            KeyError: If there is none.
        """
        return self._by_text[attribute, text]

    @cached_property
    def _by_text(self) -> Mapping[tuple[str, str], Option]:
        return {(name, o.text): o for name, options in self.options.items() for o in options}

    @cached_property
    def _rules_on(self) -> Mapping[str, Sequence[Rule]]:
        return {name: [r for r in self.rules if name in r.subjects] for name in self.options}

    def draw(
        self, rng: random.Random, needs: Needs, scenario_tags: Tags = frozenset()
    ) -> dict[str, Option]:
        """Return a profile that meets the needs and breaks no rule.

        The attributes that the needs restrict most are drawn first; a draw that reaches a dead end
        is started again.

        Raises:
            LookupError: If no profile is found, as when needs and rules contradict each other.
        """
        order = sorted(self.options, key=lambda name: self._n_allowed(name, needs))
        for _ in range(_MAX_DRAWS):
            drawn = self._draw_once(rng, order, needs, scenario_tags)
            if drawn is not None:
                return {name: drawn[name] for name in self.options}
        raise LookupError(f"no profile meets {dict(needs)} under the rules")

    def _n_allowed(self, name: str, needs: Needs) -> int:
        options = self.options[name]
        return sum(meets({name: o}, needs) for o in options) if name in needs else 1000

    def _draw_once(
        self, rng: random.Random, order: Iterable[str], needs: Needs, scenario_tags: Tags
    ) -> dict[str, Option] | None:
        drawn: dict[str, Option] = {}
        tags: dict[str, Tags] = {SCENARIO: scenario_tags}
        for name in order:
            rules = [r for r in self._rules_on[name] if r.may_be_broken_by(name, tags)]
            fitting = []
            for option in self.options[name]:
                if name not in needs or option.tags & needs[name]:
                    tags[name] = option.tags
                    if not any(rule.broken_by(tags) for rule in rules):
                        fitting.append(option)
            if not fitting:
                return None
            drawn[name] = rng.choices(fitting, [option.weight for option in fitting])[0]
            tags[name] = drawn[name].tags
        return drawn


def meets(profile: Profile, needs: Needs) -> bool:
    """Return whether the attributes that a profile has meet the needs."""
    return all(option.tags & needs[name] for name, option in profile.items() if name in needs)
