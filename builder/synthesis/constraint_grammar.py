"""The offline writer's constraints: phrases in frames, in the voice of the one who seeks.

A text is [opener] + sentence, or [opener] + life story + closer. Which opener, voice, phrase and
frame is drawn by the row's own generator; a phrase that would contradict what the seeker said of
themselves is not drawn (see `builder.synthesis.speaker`). A wish beside another one that the seeker
states already is opened as such, so that it does not read as an explanation of the first.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from builder.records import Domain, Message
from builder.synthesis.phrases import (
    VOICES,
    LifeStory,
    Person,
    Phrase,
    Place,
    Style,
    Tone,
    TraitPhrases,
    Voice,
    phrases_of,
    read_frames,
)
from builder.synthesis.speaker import Speaker

P = TypeVar("P", bound=Phrase)

_WORDS_BY_DOMAIN: Mapping[Domain, Mapping[str, str]] = {
    "film": {"film": "film", "watch": "watch", "watching": "watching", "Watching": "Watching"},
    "game": {"film": "game", "watch": "play", "watching": "playing", "Watching": "Playing"},
}
_WITHOUT_OPENER: tuple[Voice, ...] = ("terse", "rambling")  # the rambling frames bring their own
_KEEPS_CAPITAL = re.compile(r"I\b|LGBTQ|Dad\b|Monday\b")


def write_constraint(inputs: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
    """Return {"text": ...} for the inputs of `builder.synthesis.constraints.constraint_request`.

    Raises:
        InputError: If the trait has no phrases.
    """
    messages = [Message(m["role"], m["content"]) for m in inputs["conversation"]]
    composer = _Composer(phrases_of(inputs["trait_id"]), Speaker.of(messages), inputs["domain"])
    return {"text": composer.compose(inputs["style"], inputs["place"], inputs["also"], rng)}


class _Composer:
    def __init__(self, phrases: TraitPhrases, speaker: Speaker, domain: Domain) -> None:
        self._phrases, self._speaker = phrases, speaker
        self._words = _WORDS_BY_DOMAIN[domain]

    def compose(self, style: Style, place: Place, also: bool, rng: random.Random) -> str:
        lower = self._speaker.writes_lower
        unfit = {"formal"} if lower else set()
        unfit |= {"rambling"} if also else set()
        voice = rng.choice([v for v in VOICES if v not in unfit])
        if style == "life_story":
            text = self._life_story(voice, place, rng)
        elif also:
            opener = rng.choice(read_frames().also)
            text = _open(opener, self._framed(style, voice, rng, after_colon=True))
        else:
            text = self._opened(style, voice, place, rng)
        return text.lower() if lower else text

    def _opened(self, style: Style, voice: Voice, place: Place, rng: random.Random) -> str:
        sentence = self._framed(style, voice, rng)
        if voice in _WITHOUT_OPENER or ":" in sentence:
            return sentence
        tone: Tone = "formal" if voice == "formal" else "casual"
        return _open(rng.choice(read_frames().openers[tone][place]), sentence)

    def _framed(
        self, style: Style, voice: Voice, rng: random.Random, *, after_colon: bool = False
    ) -> str:
        frames = read_frames()
        parts = {**self._words, "x": rng.choice(self._phrases.avoid)}
        if style == "reasoned":
            reason = rng.choice(self._sayable(self._phrases.reasons)).text
            parts |= {"r": reason, "R": _capital(reason)}
            fitting = frames.reasoned[voice]
        elif style == "household":
            parts |= self._person(rng)
            fitting = (frames.named if self._speaker.names_others else frames.household)[voice]
        else:
            fitting = frames.stated[voice]
        frame = rng.choice([f for f in fitting if not (after_colon and ":" in f)])
        return _capital(frame.format(**parts))

    def _person(self, rng: random.Random) -> dict[str, str]:
        person = rng.choice(company_of(self._speaker) or read_frames().persons)
        clauses = [c for c in self._phrases.third if not (person.kin and "friend" in c.needs)]
        clause = rng.choice(clauses).text.format(**_pronouns(person))
        said = {"who": person.who, "Who": _capital(person.who), "t": clause, "T": _capital(clause)}
        return said | _pronouns(person)

    def _life_story(self, voice: Voice, place: Place, rng: random.Random) -> str:
        story: LifeStory = rng.choice(self._sayable(self._phrases.life))
        frames = read_frames()
        closer = rng.choice(frames.life_story[story.kind][voice]).format(**self._words)
        text = f"{story.text} {closer}"
        return _open(rng.choice(frames.openers["life_story"][place]), text)

    def _sayable(self, phrases: Sequence[P]) -> Sequence[P]:
        """Return the phrases that fit the seeker, all of them where none does."""
        return [p for p in phrases if self._speaker.may_say(p.text, p.needs)] or phrases


def company_of(speaker: Speaker) -> list[Person]:
    """Return who could watch with the seeker: those they name, anybody where they name nobody."""
    frames = read_frames()
    if speaker.names_others:
        return [p for p in frames.companions if p.who in speaker.beside]
    return frames.persons


def _pronouns(person: Person) -> dict[str, str]:
    return {"sub": person.sub, "obj": person.obj, "pos": person.pos}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _open(opener: str, text: str) -> str:
    if not opener or opener.endswith(". ") or _KEEPS_CAPITAL.match(text):
        return opener + text
    return opener + text[0].lower() + text[1:]
