r"""What official wordings mean: ESRB descriptors and MPAA reasons, from esrb.yaml and mpaa.yaml.

esrb.yaml, one entry:
    name: Blood and Gore
    description: "Blood, or body parts torn or cut."
    flags: [blood_and_gore]            # as columns of tables call it
    severities: {violence_gore: 3}
    warnings: [is-there-blood-gore]
mpaa.yaml, one entry: regular expressions, tried on the lower-case words of a reason:
    name: torture
    words: ['\btorture']
    warnings: [is-someone-tortured]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from builder.errors import InputError
from builder.settings import Strict
from builder.taxonomy.documents import Entry, read_entries, validated
from builder.taxonomy.model import Category, Taxonomy, file_of, refuse_unknown

Severity = Annotated[int, Field(ge=0, le=3)]


class Descriptor(Strict):
    """An ESRB content descriptor."""

    name: str
    description: str
    flags: list[str]
    severities: dict[Category, Severity]
    warnings: list[str]


class Phrase(Strict):
    """Words of MPAA reasons that mean one thing.

    They name a category or warnings outright, or say how much there is of what their phrase names:
    `strength` strong or mild.
    """

    name: str
    words: Annotated[list[str], Field(min_length=1)]
    category: Category | None = None
    warnings: tuple[str, ...] = Field(default=(), strict=False)
    strength: Literal["strong", "mild"] | None = None

    def pattern(self) -> str:
        """Return the words as one regular expression."""
        return "|".join(self.words)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The warnings, and what official wordings say of them and of the categories."""

    taxonomy: Taxonomy
    descriptors: Mapping[str, Descriptor]
    phrases: tuple[Phrase, ...]

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """Return the vocabulary of a taxonomy folder, see `Taxonomy.load`.

        Raises:
            InputError: With file and line, for a malformed entry, a warning that does not exist, a
                word that is not a regular expression.
        """
        taxonomy = Taxonomy.load(folder)
        descriptors = read_entries(file_of(folder, "esrb.yaml"), "descriptors", "name")
        phrases = read_entries(file_of(folder, "mpaa.yaml"), "phrases", "name")
        descriptor_by_name = {n: validated(Descriptor, entry) for n, entry in descriptors.items()}
        phrase_by_name = {name: validated(Phrase, entry) for name, entry in phrases.items()}
        for name, descriptor in descriptor_by_name.items():
            _refuse_unknown(descriptor, descriptors[name], taxonomy)
        for name, phrase in phrase_by_name.items():
            _refuse_unknown(phrase, phrases[name], taxonomy)
            _check_words(phrase, phrases[name])
        return cls(taxonomy, descriptor_by_name, tuple(phrase_by_name.values()))

    def descriptor_by_flag(self) -> dict[str, Descriptor]:
        """Return the descriptors by the columns that stand for them."""
        return {flag: found for found in self.descriptors.values() for flag in found.flags}


def _refuse_unknown(found: Descriptor | Phrase, entry: Entry, taxonomy: Taxonomy) -> None:
    refuse_unknown(found.warnings, taxonomy.warnings, f"{found.name!r} names", entry)


def _check_words(phrase: Phrase, entry: Entry) -> None:
    for number, word in enumerate(phrase.words):
        try:
            re.compile(word)
        except re.error as exc:
            found = f"{word!r} is not a regular expression ({exc})"
            raise InputError(entry.at("words", number), found, "fix the word") from exc
