"""Traits, warnings and weights, read from data/taxonomy/*.yaml.

traits.yaml, one entry:
    name: "Animal lover (avoid animal harm/death)"
    id: animal-harm
    short: "animals being hurt or dying"
    warnings: [does-a-horse-die, does-the-dog-die]
    parents_guide: {applicability: none, weights: {sex_nudity: 0.0, violence_gore: 0.0, ...}}
warnings.yaml, one entry:
    id: does-the-dog-die
    question: "Does the dog die"
    description: "A dog dies, on screen or as part of the story."
    paraphrases: ["The family dog is shot and dies in the boy's arms."]
    keywords: ["dog dies"]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from builder.errors import InputError
from builder.settings import Strict
from builder.taxonomy.documents import (
    Entry,
    bases,
    read_document,
    read_entries,
    unknown_name,
    validated,
)

Applicability = Literal["strong", "weak", "very_weak_proxy", "none"]

Category = Literal[
    "sex_nudity", "violence_gore", "profanity", "alcohol_drugs_smoking", "frightening_intense"
]
CATEGORIES: tuple[Category, ...] = get_args(Category)
"""The five IMDb Parents Guide categories, in the reference's order."""

MAX_SEVERITY = 3
"""Severe, on the Parents Guide's scale of none, mild, moderate, severe."""


PUBLIC_PRIOR = 0.065
"""Share of items of which a warning holds, where nothing is known of it.

Of the (item, warning) pairs of DoesTheDogDie's 136 public questions 79% have no vote; of the others
about one in six is a yes. Of the open ones, texts of the bundled items put 4% at a yes:
0.21 * 0.16 + 0.79 * 0.04.
"""


class ContentWarning(Strict):
    """A fine content fact that may hold of an item, asked as a yes/no question.

    Attributes:
        id: Slug of the question.
        question: As it is put to people.
        description: What the warning covers.
        paraphrases: Sentences as they could stand in a plot summary, for similarity search.
        keywords: Catalogue keywords that state the same.
        prior: Share of items of which it holds, in (0, 1), before a source was asked.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    question: Annotated[str, Field(min_length=1)]
    description: str
    paraphrases: list[str]
    keywords: list[str]
    prior: Annotated[float, Field(gt=0, lt=1)] = PUBLIC_PRIOR


class ParentsGuide(Strict):
    """How far the Parents Guide speaks of a trait: a weight in [0, 1] for each category."""

    applicability: Applicability
    weights: dict[Category, Annotated[float, Field(ge=0, le=1)]]


class Trait(Strict):
    """A user's sensitivity: the warnings it avoids and its Parents Guide weights."""

    name: Annotated[str, Field(min_length=1)]
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    short: Annotated[str, Field(min_length=1)]
    warnings: Annotated[list[str], Field(min_length=1)]
    parents_guide: ParentsGuide


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All traits by name and all warnings by id, in the files' order."""

    traits: Mapping[str, Trait]
    warnings: Mapping[str, ContentWarning]

    @classmethod
    def load(cls, folder: Path) -> Taxonomy:
        """Return the taxonomy of a folder.

        Its traits.yaml and warnings.yaml may extend others. A folder without warnings.yaml has
        that of the folder whose traits.yaml it extends.

        Raises:
            InputError: With file and line, for a malformed entry, a name given twice, a trait that
                names a warning that does not exist, a circle of files.
        """
        traits = read_entries(folder / "traits.yaml", "traits", "name")
        warnings = read_entries(file_of(folder, "warnings.yaml"), "warnings", "id")
        trait_by_name = {name: validated(Trait, entry) for name, entry in traits.items()}
        for name, trait in trait_by_name.items():
            refuse_unknown(
                trait.warnings, warnings, f"trait {name!r} names the warning", traits[name]
            )
        _refuse_equal_ids(trait_by_name, traits)
        return cls(
            trait_by_name,
            {name: validated(ContentWarning, entry) for name, entry in warnings.items()},
        )


def file_of(folder: Path, name: str) -> Path:
    """Return a file of a taxonomy folder, or that of the folder whose traits.yaml it extends."""
    traits = folder / "traits.yaml"
    if (folder / name).exists() or not traits.exists():
        return folder / name
    for base in bases(traits, read_document(traits, "traits")):
        if (found := file_of(base.parent, name)).exists():
            return found
    return folder / name


def refuse_unknown(
    named: Sequence[str], warnings: Mapping[str, object], found: str, entry: Entry
) -> None:
    """Refuse an entry that names a warning which does not exist.

    Raises:
        InputError: With the line, and the nearest warning that exists.
    """
    for number, warning in enumerate(named):
        if warning not in warnings:
            place = entry.at("warnings", number)
            raise unknown_name(place, found, warning, warnings, "warnings.yaml")


def _refuse_equal_ids(traits: Mapping[str, Trait], entries: Mapping[str, Entry]) -> None:
    name_by_id: dict[str, str] = {}
    for name, trait in traits.items():
        if trait.id in name_by_id:
            other = name_by_id[trait.id]
            place = entries[name].at("id")
            raise InputError(place, f"id {trait.id!r} is also used by {other!r}", "change one")
        name_by_id[trait.id] = name
