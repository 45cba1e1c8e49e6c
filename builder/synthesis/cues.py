"""What a seeker's own words say of their sensitivities: the rules of cues.yaml.

Two questions are answered, sentence by sentence. Is there a cue that this person should be spared
the trait ("nothing with hospitals", "eight months sober")? And do they ask for it ("a good cry")?
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import Field

from builder.records import Message
from builder.synthesis.speaker import straight
from builder.synthesis.yaml_file import FOLDER, Strict, read_yaml

PATH = FOLDER / "cues.yaml"

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


class _TraitRules(Strict):
    topics: list[str]
    wants: list[str]
    life: list[str]
    wants_win: bool = False


class _Rules(Strict):
    avoid: str
    reach: int
    but: str
    plain_confidence: Annotated[float, Field(gt=0, le=1)]
    life_confidence: Annotated[float, Field(gt=0, le=1)]
    fit_confidence: Annotated[float, Field(gt=0, le=1)]
    traits: dict[str, _TraitRules]


@dataclass(frozen=True, slots=True)
class Cue:
    """A sentence of the seeker that speaks for a trait; `confidence` in (0, 1]."""

    trait_id: str
    quote: str
    confidence: float


@cache
def _rules() -> _Rules:
    return read_yaml(PATH, _Rules)


@cache
def _pattern(alternatives: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{a})\b" for a in alternatives) if alternatives else r"(?!)")


def fit_confidence() -> float:
    """Return how sure the rules are that a trait suits a request which does not ask for it."""
    return _rules().fit_confidence


def known_traits() -> frozenset[str]:
    """Return the ids of the traits that have rules."""
    return frozenset(_rules().traits)


def find_cues(messages: Sequence[Message]) -> tuple[Cue, ...]:
    """Return the cues of a conversation, the surest first, then in the order of cues.yaml.

    A cue by life alone gives way where the seeker asks for that trait.
    """
    sentences = _sentences(messages)
    found = [
        cue
        for trait_id, rules in _rules().traits.items()
        if (cue := _cue(trait_id, rules, sentences)) is not None
    ]
    return tuple(sorted(found, key=lambda cue: -cue.confidence))


def asks_for(messages: Sequence[Message]) -> frozenset[str]:
    """Return the ids of the traits whose content the seeker asks for."""
    sentences = _sentences(messages)
    return frozenset(t for t, rules in _rules().traits.items() if _asks(rules, sentences))


def _sentences(messages: Sequence[Message]) -> list[str]:
    own = (message.content for message in messages if message.role == "user")
    return [match[0].strip() for text in own for match in _SENTENCE.finditer(text)]


def _cue(trait_id: str, rules: _TraitRules, sentences: Sequence[str]) -> Cue | None:
    asks = _asks(rules, sentences)
    if not (asks and rules.wants_win):
        topics = _pattern(tuple(rules.topics))
        for sentence in sentences:
            text = straight(sentence)
            if any(_is_turned_down(text, match.start()) for match in topics.finditer(text)):
                return Cue(trait_id, sentence, _rules().plain_confidence)
    if not asks:
        life = _pattern(tuple(rules.life))
        for sentence in sentences:
            if life.search(straight(sentence)):
                return Cue(trait_id, sentence, _rules().life_confidence)
    return None


def _asks(rules: _TraitRules, sentences: Sequence[str]) -> bool:
    """Return whether a sentence speaks of the trait without turning it down or being a cue."""
    pattern, life = _pattern((*rules.topics, *rules.wants)), _pattern(tuple(rules.life))
    for sentence in sentences:
        text = straight(sentence)
        if life.search(text):
            continue
        if any(not _is_turned_down(text, match.start()) for match in pattern.finditer(text)):
            return True
    return False


def _is_turned_down(text: str, at: int) -> bool:
    """Return whether a word of refusal stands close before, no "but" and no comma between."""
    before = text[max(0, at - _rules().reach) : at].rpartition(",")[2]
    refusals = list(_pattern((_rules().avoid,)).finditer(before))
    return bool(refusals) and not re.search(_rules().but, before[refusals[-1].end() :])
