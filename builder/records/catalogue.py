"""Items of the catalogue, where their fields were read, and the sentences of their texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Domain = Literal["film", "game"]
TextKind = Literal[
    "plot", "overview", "tagline", "keywords", "tags", "reason", "descriptors", "genres"
]


@dataclass(frozen=True, slots=True)
class FieldSource:
    """Where one field of an item was read: source name, licence, retrieval date (YYYY-MM-DD)."""

    field: str
    source: str
    licence: str
    retrieved: str


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of prose or a keyword list about an item."""

    kind: TextKind
    text: str
    source: str
    licence: str
    retrieved: str


@dataclass(frozen=True, slots=True)
class Item:
    """A film or a game. `item_id` is "imdb:tt0114709", "esrb:portal-2" or "title:<slug>-<year>".

    `popularity` counts how often people rated it, None where no source counts. `provenance` is that
    of the fields; texts have their own.
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


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an item's prose, or one phrase of its keyword or tag list.

    `index` counts from 0 within its text. `vector` is its row in vectors.safetensors, which all
    sentences of the same words share.
    """

    item_id: str
    kind: TextKind
    text: str
    source: str
    licence: str
    retrieved: str
    index: int
    vector: int
