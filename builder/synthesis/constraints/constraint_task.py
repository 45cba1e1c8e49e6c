"""A constraint as it is asked of a writer: a trait, how openly it is said, where it will stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import cast

from pydantic import ValidationInfo, field_validator

from builder.llm.protocol import ChatRequest, ReplyModel
from builder.records import Request
from builder.settings import Strict, read_yaml
from builder.synthesis.offline.own_traits import phrases_for
from builder.synthesis.offline.phrases import Place
from builder.synthesis.prompting import fenced, plain_messages, prompt
from builder.synthesis.styles import IMPLICIT, TWO_PARTS, Style
from builder.taxonomy import Trait

_THINGS = {"film": "films", "game": "games"}


class _Told(Strict):
    styles: dict[Style, str]
    places: dict[Place, str]
    found: str
    also: str


@cache
def _told() -> _Told:
    return read_yaml(Path(__file__).with_name("constraints.yaml"), _Told)


def told_style(style: str) -> str:
    """Return how a constraint of this style is said, as a prompt tells it to a model.

    What is no rung of the ladder is a cue that was found and not written.
    """
    told = _told()
    return told.styles.get(cast(Style, style), told.found)


class WrittenConstraint(ReplyModel):
    """The passage: one line, as short as asked, free of the words that would give it away.

    `earlier` is the same of a message before it where two are asked for, else "".
    """

    earlier: str
    text: str

    @field_validator("earlier", "text")
    @classmethod
    def _is_as_asked(cls, value: str, info: ValidationInfo) -> str:
        asked = info.context or {}
        text = value.strip()
        if info.field_name == "earlier" and not asked["two_parts"]:
            if text:
                raise ValueError("must be empty: one passage is asked for")
            return text
        if not text or "\n" in text:
            raise ValueError("must be one line of text")
        if len(text) > asked["max_chars"]:
            raise ValueError(f"has {len(text)} characters, at most {asked['max_chars']}")
        if named := explicit_words(text, asked["explicit"]):
            raise ValueError(f"names the thing: {', '.join(named)}")
        return text


def explicit_words(text: str, explicit: Sequence[str]) -> list[str]:
    """Return the words of a text that are in a list in which * stands for any ending."""
    if not explicit:
        return []
    alternatives = (re.escape(word).replace(r"\*", r"\w*") for word in explicit)
    return re.findall(rf"(?i)\b(?:{'|'.join(alternatives)})\b", text)


def constraint_request(
    request: Request,
    trait: Trait,
    style: Style,
    place: Place,
    *,
    row_id: str,
    max_chars: int,
    max_prompt_chars: int,
    descriptions: Sequence[str],
    wording: int,
    also: bool = False,
) -> ChatRequest[WrittenConstraint]:
    """Return the question for one constraint.

    Args:
        request: The sample.
        trait: What the person is to be spared.
        style: How openly it is said.
        place: Where the text will stand.
        row_id: Of the conversation.
        max_chars: Of the text.
        max_prompt_chars: Of the conversation in the prompt.
        descriptions: A sentence on what each of the trait's warnings covers.
        wording: Of the sample: variants of one say the same thing by the same words.
        also: Whether it comes beside another wish that the person states already.
    """
    phrases = phrases_for(trait.id, trait.short, descriptions)
    explicit = phrases.explicit if style in IMPLICIT else []
    asked, told = prompt("constraint"), _told()
    return ChatRequest(
        task="constraint",
        row_id=row_id,
        prompt_version=asked.version,
        messages=asked.render(
            conversation=fenced(request.messages, max_prompt_chars),
            things=_THINGS[request.domain],
            short=trait.short,
            style=told.styles[style],
            place=told.places[place] + (f", {told.also}" if also else ""),
            explicit=explicit,
            two_parts=style in TWO_PARTS,
            max_chars=max_chars,
        ),
        reply=WrittenConstraint,
        inputs={
            "conversation": plain_messages(request.messages),
            "domain": request.domain,
            "trait": trait.name,
            "trait_id": trait.id,
            "short": trait.short,
            "descriptions": list(descriptions),
            "style": style,
            "place": place,
            "also": also,
            "wording": wording,
            "two_parts": style in TWO_PARTS,
            "explicit": explicit,
            "max_chars": max_chars,
        },
    )
