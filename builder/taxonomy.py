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
from typing import Annotated, Literal, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from builder.errors import InputError

Applicability = Literal["strong", "weak", "very_weak_proxy", "none"]

Category = Literal[
    "sex_nudity", "violence_gore", "profanity", "alcohol_drugs_smoking", "frightening_intense"
]
CATEGORIES: tuple[Category, ...] = get_args(Category)
"""The five IMDb Parents Guide categories, in the reference's order."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ContentWarning(_Strict):
    """A fine content fact that may hold of an item, asked as a yes/no question."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    question: str
    description: str
    paraphrases: list[str]
    keywords: list[str]


class ParentsGuide(_Strict):
    """How far the Parents Guide speaks of a trait: a weight in [0, 1] for each category."""

    applicability: Applicability
    weights: dict[Category, Annotated[float, Field(ge=0, le=1)]]


class Trait(_Strict):
    """A user's sensitivity: the warnings it avoids and its Parents Guide weights."""

    name: str
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    short: str
    warnings: Annotated[list[str], Field(min_length=1)]
    parents_guide: ParentsGuide


Entry = TypeVar("Entry", bound=_Strict)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All traits by name and all warnings by id, in the files' order."""

    traits: Mapping[str, Trait]
    warnings: Mapping[str, ContentWarning]

    @classmethod
    def load(cls, folder: Path) -> Taxonomy:
        """Return the taxonomy of a folder.

        Raises:
            InputError: For a missing file, a malformed entry, a name given twice, or a trait that
                names a warning that does not exist.
        """
        warnings = _entries(folder / "warnings.yaml", "warnings", ContentWarning)
        traits = _entries(folder / "traits.yaml", "traits", Trait)
        warning_by_id = _by_key(folder / "warnings.yaml", [(w.id, w) for w in warnings])
        for trait in traits:
            for name in trait.warnings:
                if name not in warning_by_id:
                    raise InputError(
                        folder / "traits.yaml",
                        f"trait {trait.name!r} names the warning {name!r}, which does not exist",
                        "add it to warnings.yaml or correct the name",
                    )
        _by_key(folder / "traits.yaml", [(t.id, t) for t in traits])
        return cls(_by_key(folder / "traits.yaml", [(t.name, t) for t in traits]), warning_by_id)


def _entries(path: Path, key: str, kind: type[Entry]) -> list[Entry]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise InputError(
            path, "no such file", "set taxonomy in params.yaml to your folder"
        ) from exc
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise InputError(path, f"not YAML ({' '.join(str(exc).split())})", "mend the file") from exc
    if (
        not isinstance(document, dict)
        or list(document) != [key]
        or not isinstance(document[key], list)
    ):
        raise InputError(path, "is not one list", f"start the file with `{key}:`")
    entries = []
    for number, row in enumerate(document[key], start=1):
        try:
            entries.append(kind.model_validate(row))
        except ValidationError as exc:
            error = exc.errors()[0]
            field = ".".join(map(str, error["loc"]))
            raise InputError(
                f"{path}: entry {number}", f"{field}: {error['msg']}", "mend the entry"
            ) from exc
    return entries


def _by_key(path: Path, pairs: Sequence[tuple[str, Entry]]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for key, entry in pairs:
        if key in found:
            raise InputError(path, f"{key!r} stands there twice", "keep one of the two")
        found[key] = entry
    return found
