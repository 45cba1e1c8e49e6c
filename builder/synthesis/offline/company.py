"""Who watches or plays with the seeker."""

from __future__ import annotations

from builder.synthesis.offline.phrases import Person, read_frames
from builder.synthesis.seeker.speaker import Speaker


def company_of(speaker: Speaker) -> list[Person]:
    """Return who could watch with the seeker: those they name, or anybody if they name nobody."""
    frames = read_frames()
    if speaker.names_others:
        return [p for p in frames.companions if p.who in speaker.beside]
    return frames.persons


def pronouns_of(person: Person) -> dict[str, str]:
    """Return a person's pronouns, by the name of the blank."""
    return {"sub": person.sub, "obj": person.obj, "pos": person.pos}
