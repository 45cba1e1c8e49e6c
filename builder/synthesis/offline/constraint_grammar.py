"""The offline writer's constraints: phrases in frames, in the seeker's voice.

A text is (opener) + sentence, or (opener) + life story + closer; styles of two messages have two
texts, see `builder.synthesis.styles`. Opener, voice, phrase and frame, and one wording of each (see
choices.py), are drawn by the row's random generator. A voice or phrase that would contradict what
the seeker said about themselves is not drawn (see `builder.synthesis.seeker.speaker`). A second
wish, next to one that the seeker has stated, is introduced as such, so that it does not read as an
explanation of the first.
"""

from __future__ import annotations

import calendar
import random
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from builder.records import Domain, Message
from builder.seeding import keyed_rng
from builder.synthesis.offline.choices import spell
from builder.synthesis.offline.company import company_of, pronouns_of
from builder.synthesis.offline.own_traits import phrases_for
from builder.synthesis.offline.phrases import (
    VOICES,
    LifeStory,
    Need,
    Phrase,
    Place,
    Tone,
    TraitPhrases,
    Voice,
    read_frames,
    read_stories,
    read_style_frames,
)
from builder.synthesis.seeker.speaker import Speaker, straight
from builder.synthesis.seeker.writing_style import WritingStyle
from builder.synthesis.styles import IMPLICIT, Style

P = TypeVar("P", bound=Phrase)

_WORDS_BY_DOMAIN: Mapping[Domain, Mapping[str, str]] = {
    "film": {"film": "film", "watch": "watch", "watching": "watching", "Watching": "Watching"},
    "game": {"film": "game", "watch": "play", "watching": "playing", "Watching": "Playing"},
}
_WITHOUT_OPENER: tuple[Voice, ...] = ("terse", "rambling", "simple")  # some frames include one
_KEEPS_CAPITAL = re.compile(rf"(?:I|LGBTQ|Dad|Bambi|{'|'.join(calendar.day_name)})\b")
_OPENS_A_WISH = re.compile(
    r"wish|condition|request|plea|rule|warning|seriously|\b[Yy]es\b|There is|Just one|Only one"
)
_UNLIKE: Mapping[Voice, frozenset[Need]] = {
    "teen": frozenset({"adult", "job"}),
    "older": frozenset({"job"}),
}
_PARENT_SAYS = "kids"


def write_constraint(inputs: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
    """Return the reply for the inputs of `constraint_task.constraint_request`.

    Implicit styles can be asked for only for `traits_with_stories`.
    """
    messages = [Message(m["role"], m["content"]) for m in inputs["conversation"]]
    composer = _Composer(
        phrases_for(inputs["trait_id"], inputs["short"], inputs["descriptions"]),
        read_stories().get(inputs["trait_id"], ()),
        Speaker.of(messages),
        WritingStyle.of(messages),
        straight("\n".join(m.content for m in messages if m.role == "user")),
        inputs["domain"],
        inputs["wording"],
    )
    earlier, text = composer.compose(inputs["style"], inputs["place"], inputs["also"], rng)
    return {"earlier": earlier, "text": text}


def traits_with_stories() -> frozenset[str]:
    """Return the ids of the traits that have life stories."""
    return frozenset(read_stories())


class _Composer:
    def __init__(
        self,
        phrases: TraitPhrases,
        stories: Sequence[LifeStory],
        speaker: Speaker,
        writing_style: WritingStyle,
        seeker_text: str,
        domain: Domain,
        wording: int,
    ) -> None:
        self._phrases, self._speaker = phrases, speaker
        self._writing_style, self._seeker_text = writing_style, seeker_text
        self._stories = self._fitting(stories)
        self._reasons = self._fitting(phrases.reasons)
        rng = keyed_rng("avoid", wording)
        avoid, brief = _draw(phrases.avoid, rng), rng.choice(phrases.brief)
        self._words = {**_WORDS_BY_DOMAIN[domain], "x": avoid, "X": _capital(avoid), "b": brief}

    def compose(
        self, style: Style, place: Place, also: bool, rng: random.Random
    ) -> tuple[str, str]:
        """Return the words of an earlier message, "" if there is none, and the text."""
        voice = rng.choice(self._voices(style, also))
        earlier, text = self._parts(style, voice, place, also, rng)
        return self._writing_style.write(earlier), self._writing_style.write(text)

    def _parts(
        self, style: Style, voice: Voice, place: Place, also: bool, rng: random.Random
    ) -> tuple[str, str]:
        frames, style_frames = read_frames(), read_style_frames()
        if style in IMPLICIT:
            story = self._story(voice, rng)
            opener = _draw(frames.openers["life_story"][place], rng)
            text = _open(opener, spell(story.text, rng))
            if style == "life_story":
                return "", f"{text} {self._closer(story, voice, rng)}"
            completing = _draw(style_frames.completing[voice], rng)
            return text, completing + self._closer(story, voice, rng)
        if style == "contradicted":
            earlier = self._opened(style_frames.fine[voice], style, voice, place, rng)
            return earlier, self._filled(_draw(style_frames.contradicted[voice], rng))
        if style == "retracted":
            earlier = self._opened(frames.stated[voice], style, voice, place, rng)
            return earlier, self._filled(_draw(style_frames.retracted[voice], rng))
        frames_of_style, parts = self._one_part(style, voice, rng)
        if also:
            unopened = [frame for frame in frames_of_style if ":" not in frame]
            sentence = self._filled(_draw(unopened, rng), parts)
            return "", _open(_draw_opener(frames.also, style, rng), sentence)
        return "", self._opened(frames_of_style, style, voice, place, rng, parts)

    def _one_part(
        self, style: Style, voice: Voice, rng: random.Random
    ) -> tuple[Sequence[str], Mapping[str, str]]:
        """Return the frames of a style of one message, and what else fills their blanks."""
        frames, style_frames = read_frames(), read_style_frames()
        if style == "reasoned":
            reason = spell(rng.choice(_sayable(self._reasons, voice)).text, rng)
            return frames.reasoned[voice], {"r": reason, "R": _capital(reason)}
        if style == "household":
            named = frames.named if self._speaker.names_others else frames.household
            return named[voice], self._person(voice, rng)
        return {
            "stated": frames.stated,
            "weakened": style_frames.weakened,
            "negated": style_frames.negated,
        }[style][voice], {}

    def _voices(self, style: Style, also: bool) -> list[Voice]:
        """Return the voices that could be the seeker's; those that claim an age get less weight."""
        if self._writing_style.simple and style not in IMPLICIT:
            return ["simple"]
        unfit: set[Voice] = {"simple", "formal"} if self._writing_style.lower else {"simple"}
        unfit |= {"rambling"} if also else set()
        manners = read_style_frames().manners
        unfit |= {
            voice for voice in manners if _pattern(manners[voice].speaker).search(self._seeker_text)
        }
        if not self._speaker.may_say(_PARENT_SAYS, ["adult"]):
            unfit.add("parent")
        fit = [v for v in VOICES if v not in unfit and self._has_words(style, v)]
        return [voice for voice in fit for _ in range(1 if voice in manners else 3)]

    def _has_words(self, style: Style, voice: Voice) -> bool:
        if style == "reasoned":
            return bool(_sayable(self._reasons, voice))
        return style not in IMPLICIT or bool(_sayable(self._stories, voice))

    def _opened(
        self,
        frames: Sequence[str],
        style: Style,
        voice: Voice,
        place: Place,
        rng: random.Random,
        parts: Mapping[str, str] | None = None,
    ) -> str:
        sentence = self._filled(_draw(frames, rng), parts or {})
        if voice in _WITHOUT_OPENER or ":" in sentence:
            return sentence
        tone: Tone = "formal" if voice == "formal" else "casual"
        return _open(_draw_opener(read_frames().openers[tone][place], style, rng), sentence)

    def _filled(self, frame: str, parts: Mapping[str, str] | None = None) -> str:
        return _capital(frame.format(**self._words, **(parts or {})))

    def _person(self, voice: Voice, rng: random.Random) -> dict[str, str]:
        everyone = company_of(self._speaker) or read_frames().persons
        person = rng.choice([p for p in everyone if _may_name(voice, p.who)] or everyone)
        clauses = [c for c in self._phrases.third if not (person.kin and "friend" in c.needs)]
        clause = spell(rng.choice(clauses).text, rng).format(**pronouns_of(person))
        third = rng.choice([p.who for p in everyone if p.who != person.who] or ["everybody else"])
        words = {"who": person.who, "t": clause, "other": third}
        return words | {_capital(k): _capital(v) for k, v in words.items()} | pronouns_of(person)

    def _story(self, voice: Voice, rng: random.Random) -> LifeStory:
        return rng.choice(_sayable(self._stories, voice))

    def _closer(self, story: LifeStory, voice: Voice, rng: random.Random) -> str:
        """Return what follows a life story: that it leads to a wish, never to which one."""
        frames = read_frames()
        of_kind = [] if story.narrow else frames.life_story[story.kind].get(voice, [])
        closers = of_kind or frames.wide[voice]
        return _draw(closers, rng).format(**self._words)

    def _fitting(self, phrases: Sequence[P]) -> Sequence[P]:
        """Return the phrases that contradict nothing the seeker said, or all if none is left."""
        return [p for p in phrases if self._speaker.may_say(p.text, p.needs)] or phrases


def _sayable(phrases: Sequence[P], voice: Voice) -> Sequence[P]:
    """Return the phrases that somebody with this voice would say."""
    unlike = _UNLIKE.get(voice, frozenset())
    return [p for p in phrases if unlike.isdisjoint(p.needs) and _may_name(voice, p.text)]


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _may_name(voice: Voice, text: str) -> bool:
    """Return whether somebody with this voice would say it: a teenager has no ex-wife."""
    manner = read_style_frames().manners.get(voice)
    return manner is None or not _pattern(manner.phrase).search(straight(text))


def _draw_opener(openers: Sequence[str], style: Style, rng: random.Random) -> str:
    """Return an opener; a text that asks for nothing is not introduced as a wish."""
    asks = style not in ("negated", "contradicted")
    return _draw([o for o in openers if asks or not _OPENS_A_WISH.search(o)], rng)


def _draw(templates: Sequence[str], rng: random.Random) -> str:
    return spell(rng.choice(templates), rng)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _open(opener: str, text: str) -> str:
    if not opener or opener.endswith(". ") or _KEEPS_CAPITAL.match(text):
        return opener + text
    return opener + text[0].lower() + text[1:]
