"""Households: several people who watch together, each with sensitivities, from YAML.

households:
- id: sunday-film
members:
- {who: Ana, traits: ["Anti-gore / squeamish"]}
- {who: "Ben, 7", traits: [child-harm, sad-ending]}  # by name or by id
includes: [grandparents]                             # other households of the file
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.errors import InputError
from builder.records import Verdict
from builder.settings import Strict
from builder.taxonomy.documents import Entry, read_entries, unknown_name, validated
from builder.taxonomy.joint import joint_verdict
from builder.taxonomy.model import Taxonomy


class Member(Strict):
    """One person of a household."""

    who: Annotated[str, Field(min_length=1)]
    traits: Annotated[list[str], Field(min_length=1)]


class _Stated(Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    members: tuple[Member, ...] = Field(default=(), strict=False)
    includes: tuple[str, ...] = Field(default=(), strict=False)


@dataclass(frozen=True, slots=True)
class Household:
    """People with the names of their traits, those of included households among them."""

    id: str
    members: tuple[Member, ...]

    @property
    def traits(self) -> tuple[str, ...]:
        """All traits of all members, each once, in the order in which they are stated."""
        return tuple(dict.fromkeys(name for member in self.members for name in member.traits))

    def verdict(self, verdict_by_trait: Mapping[str, Verdict]) -> Verdict:
        """Return the verdict on an item for all: unsafe for one is unsafe, unknown is not safe."""
        return joint_verdict(verdict_by_trait.get(name, "unknown") for name in self.traits)

    def spared(self, verdict_by_trait: Mapping[str, Verdict]) -> tuple[tuple[str, str], ...]:
        """Return (person, trait) of everyone for whom the item is unsafe."""
        return tuple(
            (member.who, name)
            for member in self.members
            for name in member.traits
            if verdict_by_trait.get(name) == "unsafe"
        )


def load_households(path: Path, taxonomy: Taxonomy) -> dict[str, Household]:
    """Return the households of a file by id; it may extend others, see `documents`.

    Raises:
        InputError: With file and line, for a malformed household, one without people, a trait or
            household that does not exist, households that include each other.
    """
    entries = read_entries(path, "households", "id")
    if not entries:
        raise InputError(path, "has no households", "add one, as docs/catalogs.md shows")
    stated = {name: validated(_Stated, entry) for name, entry in entries.items()}
    names = {trait.id: name for name, trait in taxonomy.traits.items()}
    names |= {name: name for name in taxonomy.traits}
    households = {}
    for name in stated:
        people = tuple(_people(name, stated, entries, names, ()))
        if not people:
            found = f"household {name!r} has no members"
            raise InputError(entries[name].at(), found, "add members or includes")
        households[name] = Household(name, people)
    return households


def _people(
    name: str,
    stated: Mapping[str, _Stated],
    entries: Mapping[str, Entry],
    names: Mapping[str, str],
    above: tuple[str, ...],
) -> Iterator[Member]:
    for number, member in enumerate(stated[name].members):
        for index, trait in enumerate(member.traits):
            if trait not in names:
                place = entries[name].at("members", number, "traits", index)
                raise unknown_name(
                    place, f"{member.who} has the trait", trait, names, "traits.yaml"
                )
        yield Member(who=member.who, traits=[names[trait] for trait in member.traits])
    for number, other in enumerate(stated[name].includes):
        place = entries[name].at("includes", number)
        if other not in stated:
            raise unknown_name(place, f"household {name!r} includes", other, stated, "the file")
        if other in (*above, name):
            circle = " includes ".join([*above, name, other])
            raise InputError(place, f"a circle: {circle}", "remove one of them")
        yield from _people(other, stated, entries, names, (*above, name))
