"""The request to a writer for a constraint: a trait, how openly to say it, and where it will go."""

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


class _Descriptions(Strict):
    styles: dict[Style, str]
    places: dict[Place, str]
    cue: str
    also: str


@cache
def _descriptions() -> _Descriptions:
    return read_yaml(Path(__file__).with_name("constraints.yaml"), _Descriptions)


def style_description(style: str) -> str:
    """Return the description of a style for a prompt; that of a cue if it is no style."""
    descriptions = _descriptions()
    return descriptions.styles.get(cast(Style, style), descriptions.cue)


class WrittenConstraint(ReplyModel):
    """The passage: one line, as short as asked, free of the words that would give it away.

    `earlier` is the same of a message before it where two are asked for, else "".
    """

    earlier: str
    text: str

    @field_validator("earlier", "text")
    @classmethod
    def _is_as_asked(cls, value: str, info: ValidationInfo) -> str:
        limits = info.context or {}
        text = value.strip()
        if info.field_name == "earlier" and not limits["two_parts"]:
            if text:
                raise ValueError("must be empty: one passage is asked for")
            return text
        if not text or "\n" in text:
            raise ValueError("must be one line of text")
        if len(text) > limits["max_chars"]:
            raise ValueError(f"has {len(text)} characters, at most {limits['max_chars']}")
        if named := explicit_words(text, limits["explicit"]):
            raise ValueError(f"names the thing: {', '.join(named)}")
        return text


def explicit_words(text: str, explicit: Sequence[str]) -> list[str]:
    """Return the words of a text that are in a list, in which * stands for any ending."""
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
    warning_texts: Sequence[str],
    wording: int,
    also: bool = False,
) -> ChatRequest[WrittenConstraint]:
    """Return the chat request for one constraint.

    Args:
        request: The conversation that the constraint is for.
        trait: What the person wants to be spared.
        style: How openly it is said.
        place: Where the text will go.
        row_id: Of the conversation.
        max_chars: Most characters of the text.
        max_prompt_chars: Of the conversation in the prompt.
        warning_texts: A sentence per warning of the trait on what it covers.
        wording: Number that variants of one request share, so that they use the same words.
        also: It is a second wish, next to one that the person has stated.
    """
    phrases = phrases_for(trait.id, trait.short, warning_texts)
    explicit = phrases.explicit if style in IMPLICIT else []
    template, descriptions = prompt("constraint"), _descriptions()
    return ChatRequest(
        task="constraint",
        row_id=row_id,
        prompt_version=template.version,
        messages=template.render(
            conversation=fenced(request.messages, max_prompt_chars),
            things=_THINGS[request.domain],
            short=trait.short,
            style=descriptions.styles[style],
            place=descriptions.places[place] + (f", {descriptions.also}" if also else ""),
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
            "descriptions": list(warning_texts),
            "style": style,
            "place": place,
            "also": also,
            "wording": wording,
            "two_parts": style in TWO_PARTS,
            "explicit": explicit,
            "max_chars": max_chars,
        },
    )
