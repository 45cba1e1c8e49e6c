"""The phrases and frames that the offline writer composes constraints from, see the YAML files."""

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
"""Where the text stands: in the last message (`aside`: in brackets), at the end of the first of
several, or as a message of its own."""


class Phrase(Strict):
    """A clause; it fits only speakers (or, for `friend`, persons) that have its needs."""

    text: str
    needs: list[Need] = Field(default_factory=list)


class _Story(Phrase):
    narrow: bool = False


class LifeStory(_Story):
    """A sentence that implies the wish; `kind` says how such a thing is lived with.

    A `narrow` one speaks of a corner of the trait only: what follows it must widen it.
    """

    kind: Kind


def _as_phrase(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


_Phrase = Annotated[Phrase, BeforeValidator(_as_phrase)]
_StoryEntry = Annotated[_Story, BeforeValidator(_as_phrase)]


class TraitPhrases(Strict):
    """What is said of one trait; the fields are described in phrases.yaml."""

    avoid: Annotated[list[str], Field(min_length=1)]
    brief: Annotated[list[str], Field(min_length=1)]
    reasons: Annotated[list[_Phrase], Field(min_length=1)]
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
    wide: dict[Voice, list[str]]
    openers: dict[Tone, dict[Place, list[str]]]
    also: list[str]
    questions: list[str]
    persons: list[Person]
    companions: list[Person]


class Manner(Strict):
    """A voice that says something of the person; patterns over text in lower case.

    It is not for speakers who said what `speaker` matches, nor for phrases that `phrase` does.
    """

    speaker: str
    phrase: str


class Rungs(Strict):
    """The frames of the further rungs; the fields are described in rungs.yaml."""

    weakened: dict[Voice, list[str]]
    negated: dict[Voice, list[str]]
    fine: dict[Voice, list[str]]
    contradicted: dict[Voice, list[str]]
    retracted: dict[Voice, list[str]]
    completing: dict[Voice, list[str]]
    followups: dict[Style, list[str]]
    manners: dict[Voice, Manner]


@cache
def read_rungs() -> Rungs:
    """Return rungs.yaml."""
    return read_yaml(Path(__file__).with_name("rungs.yaml"), Rungs)


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
    told = read_yaml(
        Path(__file__).with_name("stories.yaml"), dict[str, dict[Kind, list[_StoryEntry]]]
    )
    return {
        trait_id: [
            LifeStory(kind=kind, **story.model_dump())
            for kind, stories in by_kind.items()
            for story in stories
        ]
        for trait_id, by_kind in told.items()
    }
