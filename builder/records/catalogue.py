"""Items of the catalogue, the sources of their fields, and the sentences of their texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Domain = Literal["film", "game"]
TextKind = Literal[
    "plot", "overview", "tagline", "keywords", "tags", "reason", "descriptors", "genres"
]


@dataclass(frozen=True, slots=True)
class FieldSource:
    """Where one field of an item comes from.

    Attributes:
        field: Name of the field of `Item`.
        source: Name of the source.
        licence: Of the source.
        retrieved: Day on which the source was obtained, YYYY-MM-DD.
    """

    field: str
    source: str
    licence: str
    retrieved: str


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of prose or a keyword list about an item.

    Attributes:
        kind: What sort of text it is.
        text: The text.
        source: Name of the source.
        licence: Of the source.
        retrieved: Day on which the source was obtained, YYYY-MM-DD.
    """

    kind: TextKind
    text: str
    source: str
    licence: str
    retrieved: str


@dataclass(frozen=True, slots=True)
class Item:
    """A film or a game.

    Attributes:
        item_id: For example "imdb:tt0114709", "esrb:portal-2" or "title:<slug>-<year>".
        domain: Film or game.
        title: The title to display.
        year: Of the first release, None where unknown.
        aliases: Other titles.
        genres: As the sources call them.
        rating: Age rating by the MPAA or the ESRB, None where there is none.
        texts: Each with its own source.
        provenance: The sources of the other fields.
        popularity: Number of ratings by people, None where no source counts them.
        places: File and row of each source row that speaks of the item.
    """

    item_id: str
    domain: Domain
    title: str
    year: int | None
    aliases: tuple[str, ...]
    genres: tuple[str, ...]
    rating: str | None
    texts: tuple[Text, ...]
    provenance: tuple[FieldSource, ...]
    popularity: int | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an item's prose, or one phrase of its keyword or tag list.

    Attributes:
        item_id: The item.
        kind: Kind of the text it is from.
        text: The sentence.
        source: Of the text.
        licence: Of the text.
        retrieved: Day on which the source was obtained, YYYY-MM-DD.
        index: Position within the text, from 0.
        vector: Row in vectors.safetensors; sentences with the same words share one.
    """

    item_id: str
    kind: TextKind
    text: str
    source: str
    licence: str
    retrieved: str
    index: int
    vector: int
