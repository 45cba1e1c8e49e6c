"""The phrases and frames that the offline writer composes constraints from, see the YAML files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from builder.errors import InputError
from builder.synthesis.yaml_file import FOLDER, Strict, read_yaml

Style = Literal["stated", "reasoned", "life_story", "household"]
"""How openly a constraint is said: outright, with a reason, by a life story alone, for another."""
STYLES: tuple[Style, ...] = get_args(Style)

Voice = Literal["terse", "plain", "warm", "rambling", "formal"]
VOICES: tuple[Voice, ...] = get_args(Voice)

Tone = Literal["casual", "formal", "life_story"]
Kind = Literal["memory", "family", "body", "daily", "taste"]
Need = Literal["adult", "alone", "job", "woman", "friend"]
Place = Literal["start", "middle", "end", "own"]
"""Where the text stands: in a message, or as a message of its own."""

_PATH = FOLDER / "phrases.yaml"


class Phrase(Strict):
    """A clause; it fits only speakers (or, for `friend`, persons) that have its needs."""

    text: str
    needs: list[Need] = Field(default_factory=list)


class LifeStory(Phrase):
    """A sentence that implies the wish; `kind` says how such a thing is lived with."""

    kind: Kind


def _as_phrase(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


_Phrase = Annotated[Phrase, BeforeValidator(_as_phrase)]


class TraitPhrases(Strict):
    """All that is said of one trait; the fields are described in phrases.yaml."""

    avoid: Annotated[list[str], Field(min_length=1)]
    reasons: Annotated[list[_Phrase], Field(min_length=1)]
    life: Annotated[list[LifeStory], Field(min_length=1)]
    third: Annotated[list[_Phrase], Field(min_length=1)]
    explicit: Annotated[list[str], Field(min_length=1)]


class Person(Strict):
    """Somebody beside the seeker with their pronouns."""

    who: str
    sub: str
    obj: str
    pos: str
    kin: bool


class Frames(Strict):
    """How phrases become sentences; the fields are described in frames.yaml."""

    stated: dict[Voice, list[str]]
    reasoned: dict[Voice, list[str]]
    household: dict[Voice, list[str]]
    named: dict[Voice, list[str]]
    life_story: dict[Kind, dict[Voice, list[str]]]
    openers: dict[Tone, dict[Place, list[str]]]
    also: list[str]
    questions: list[str]
    persons: list[Person]
    companions: list[Person]


@cache
def read_frames() -> Frames:
    """Return frames.yaml."""
    return read_yaml(FOLDER / "frames.yaml", Frames)


@cache
def read_phrases() -> Mapping[str, TraitPhrases]:
    """Return phrases.yaml by trait id."""
    return read_yaml(_PATH, dict[str, TraitPhrases])


def phrases_of(trait_id: str) -> TraitPhrases:
    """Return the phrases of one trait.

    Raises:
        InputError: If there are none: the taxonomy has a trait of the user's own.
    """
    found = read_phrases().get(trait_id)
    if found is None:
        raise InputError(
            _PATH,
            f"has no phrases for the trait {trait_id!r}",
            "add them, or let a model write: writer {kind: openai, ...} in params.yaml",
        )
    return found
