"""What a seeker's own words say about their sensitivities: the rules of cues.yaml.

They answer two questions, sentence by sentence. Is there a cue that this person should be spared
the trait ("nothing with hospitals", "eight months sober")? And do they ask for it ("a good cry")?
A cue is quoted as the clause that states it (see `builder.synthesis.offline.quoting`). A trait that
is not in cues.yaml, a user's own, is looked for by the words of its `short`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from builder.records import Message
from builder.settings import Strict, read_yaml
from builder.synthesis.offline.own_traits import words_of_trait
from builder.synthesis.offline.quoting import quote_around
from builder.synthesis.seeker.speaker import straight

PATH = Path(__file__).with_name("cues.yaml")

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
    """A clause of the seeker's that is a cue for a trait, with a confidence in (0, 1]."""

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
    """Return how confident the rules are that a trait fits a request that does not ask for it."""
    return _rules().fit_confidence


def find_cues(messages: Sequence[Message], short_by_id: Mapping[str, str]) -> tuple[Cue, ...]:
    """Return the cues of a conversation, the most certain first, then in the order of cues.yaml.

    A cue by a fact of life alone does not count if the seeker asks for the trait.

    Args:
        messages: The conversation.
        short_by_id: The traits to look for, with the noun phrase that completes "Please avoid".
    """
    sentences = _sentences(messages)
    cues = [
        cue
        for trait_id, short in _in_order(short_by_id)
        if (cue := _cue(trait_id, _rules_of(trait_id, short), sentences)) is not None
    ]
    return tuple(sorted(cues, key=lambda cue: -cue.confidence))


def asks_for(messages: Sequence[Message], short_by_id: Mapping[str, str]) -> frozenset[str]:
    """Return the ids of the traits whose content the seeker asks for; arguments as `find_cues`."""
    sentences = _sentences(messages)
    return frozenset(t for t, short in short_by_id.items() if _asks(_rules_of(t, short), sentences))


def _in_order(short_by_id: Mapping[str, str]) -> list[tuple[str, str]]:
    place = {trait_id: n for n, trait_id in enumerate(_rules().traits)}
    return sorted(short_by_id.items(), key=lambda pair: place.get(pair[0], len(place)))


def _rules_of(trait_id: str, short: str) -> _TraitRules:
    rules = _rules().traits.get(trait_id)
    topics = [rf"{re.escape(word)}\w{{0,3}}" for word in words_of_trait(short)]
    return rules or _TraitRules(topics=topics, wants=[], life=[])


def _sentences(messages: Sequence[Message]) -> list[str]:
    texts = (message.content for message in messages if message.role == "user")
    return [match[0].strip() for text in texts for match in _SENTENCE.finditer(text)]


def _cue(trait_id: str, rules: _TraitRules, sentences: Sequence[str]) -> Cue | None:
    asks = _asks(rules, sentences)
    topics, life = _pattern(tuple(rules.topics)), _pattern(tuple(rules.life))
    if not (asks and rules.wants_win):
        plain = [(s, spans) for s in sentences if (spans := _refusals(topics, straight(s)))]
        if plain:
            # a refusal with its reason says more than one without
            with_reason = [pair for pair in plain if life.search(straight(pair[0]))]
            sentence, spans = (with_reason or plain)[0]
            quote = quote_around(
                sentence, spans, [m.span() for m in life.finditer(straight(sentence))]
            )
            return Cue(trait_id, quote, _rules().plain_confidence)
    if not asks:
        for sentence in sentences:
            if spans := [match.span() for match in life.finditer(straight(sentence))]:
                return Cue(trait_id, quote_around(sentence, spans, []), _rules().life_confidence)
    return None


def _refusals(topics: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Return where a text refuses a topic: from the word of refusal to the topic's end."""
    spans = [(_refusal_before(text, m.start()), m.end()) for m in topics.finditer(text)]
    return [(start, end) for start, end in spans if start is not None]


def _asks(rules: _TraitRules, sentences: Sequence[str]) -> bool:
    """Return whether a sentence mentions the trait without refusing it or being a cue."""
    pattern, life = _pattern((*rules.topics, *rules.wants)), _pattern(tuple(rules.life))
    for sentence in sentences:
        text = straight(sentence)
        if life.search(text):
            continue
        if any(not _is_turned_down(text, match.start()) for match in pattern.finditer(text)):
            return True
    return False


def _is_turned_down(text: str, at: int) -> bool:
    return _refusal_before(text, at) is not None


def _refusal_before(text: str, at: int) -> int | None:
    """Return where a word of refusal comes shortly before, without "but" or a comma in between."""
    low = max(0, at - _rules().reach)
    before = text[low:at].rpartition(",")[2]
    refusals = list(_pattern((_rules().avoid,)).finditer(before))
    if not refusals or re.search(_rules().but, before[refusals[-1].end() :]):
        return None
    return at - len(before) + refusals[-1].start()
