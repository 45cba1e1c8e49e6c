"""The phrases and frames of the offline writer's constraints; the YAML files describe them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from builder.settings import Strict, read_yaml
from builder.synthesis.styles import Style

Voice = Literal["terse", "plain", "warm", "rambling", "formal", "older", "teen", "parent", "simple"]
VOICES: tuple[Voice, ...] = get_args(Voice)

Tone = Literal["casual", "formal", "life_story"]
Kind = Literal["memory", "family", "body", "fear", "daily", "taste"]
Need = Literal["adult", "alone", "job", "woman", "friend"]
Place = Literal["start", "middle", "end", "first", "aside", "own"]
"""Where a text is put: into the last message (`aside`: in brackets), at the end of the first of
several, or as a message of its own."""


class Phrase(Strict):
    """A clause, for speakers (or, for `friend`, persons) that have its `needs`."""

    text: str
    needs: list[Need] = Field(default_factory=list)


class _Story(Phrase):
    narrow: bool = False


class LifeStory(_Story):
    """A sentence that implies the wish.

    Attributes:
        kind: How the person lives with it.
        narrow: It is about a part of the trait only, and what follows must widen it.
    """

    kind: Kind


def _as_phrase(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


_Phrase = Annotated[Phrase, BeforeValidator(_as_phrase)]
_StoryEntry = Annotated[_Story, BeforeValidator(_as_phrase)]


class TraitPhrases(Strict):
    """The phrases of one trait; phrases.yaml describes the fields."""

    avoid: Annotated[list[str], Field(min_length=1)]
    brief: Annotated[list[str], Field(min_length=1)]
    reasons: Annotated[list[_Phrase], Field(min_length=1)]
    third: Annotated[list[_Phrase], Field(min_length=1)]
    explicit: Annotated[list[str], Field(min_length=1)]


class Person(Strict):
    """Somebody who is with the seeker, and their pronouns."""

    who: str
    sub: str
    obj: str
    pos: str
    kin: bool


class Frames(Strict):
    """How phrases become sentences; frames.yaml describes the fields."""

    stated: dict[Voice, list[str]]
    reasoned: dict[Voice, list[str]]
    household: dict[Voice, list[str]]
    named: dict[Voice, list[str]]
    life_story: dict[Kind, dict[Voice, list[str]]]
    wide: dict[Voice, list[str]]
    openers: dict[Tone, dict[Place, list[str]]]
    also: list[str]
    questions: list[str]
    persons: list[Person]
    companions: list[Person]


class Manner(Strict):
    """What a voice that claims something about the person cannot be used for.

    Attributes:
        speaker: Pattern of what such a person would not have said, in lower case.
        phrase: Pattern of phrases that such a person would not use, in lower case.
    """

    speaker: str
    phrase: str


class StyleFrames(Strict):
    """The frames of the less plain styles; style_frames.yaml describes the fields."""

    weakened: dict[Voice, list[str]]
    negated: dict[Voice, list[str]]
    fine: dict[Voice, list[str]]
    contradicted: dict[Voice, list[str]]
    retracted: dict[Voice, list[str]]
    completing: dict[Voice, list[str]]
    followups: dict[Style, list[str]]
    manners: dict[Voice, Manner]


@cache
def read_style_frames() -> StyleFrames:
    """Return style_frames.yaml."""
    return read_yaml(Path(__file__).with_name("style_frames.yaml"), StyleFrames)


@cache
def read_frames() -> Frames:
    """Return frames.yaml."""
    return read_yaml(Path(__file__).with_name("frames.yaml"), Frames)


@cache
def read_phrases() -> Mapping[str, TraitPhrases]:
    """Return phrases.yaml by trait id."""
    return read_yaml(Path(__file__).with_name("phrases.yaml"), dict[str, TraitPhrases])


@cache
def read_stories() -> Mapping[str, Sequence[LifeStory]]:
    """Return the life stories of stories.yaml by trait id."""
    stories_by_kind = read_yaml(
        Path(__file__).with_name("stories.yaml"), dict[str, dict[Kind, list[_StoryEntry]]]
    )
    return {
        trait_id: [
            LifeStory(kind=kind, **story.model_dump())
            for kind, stories in by_kind.items()
            for story in stories
        ]
        for trait_id, by_kind in stories_by_kind.items()
    }
