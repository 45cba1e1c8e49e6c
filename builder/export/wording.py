r"""The text of an exported row: the prompt that asks, and the completion that answers.

The wording is in prompt.md beside this module. A completion reads
"<reasoning>\nSaw (2004) shows torture.\n</reasoning>\n<solution>\nHeat (1995)\n</solution>".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from builder.records import Domain, Message

_PROMPT = Path(__file__).with_name("prompt.md").read_text(encoding="utf-8").rstrip("\n")
_THINGS: Mapping[Domain, str] = {"film": "films", "game": "games"}
_SPEAKERS = {"user": "USER", "assistant": "RECOMMENDER", "system": "SYSTEM"}


def prompt_text(messages: Sequence[Message], *, domain: Domain, wanted: int) -> str:
    """Return the single user message with the instruction and the conversation so far."""
    turns = "\n".join(f"{_SPEAKERS[m.role]}: {m.content.strip()}" for m in messages)
    return _PROMPT.format(things=_THINGS[domain], wanted=wanted, turns=turns)


def completion_text(reasoning: str, titles: Sequence[str]) -> str:
    """Return the answer that lists the titles, preceded by the reasoning if there is any."""
    listed = "\n".join(["<solution>", *titles, "</solution>"])
    if not reasoning.strip():
        return listed
    return f"<reasoning>\n{reasoning.strip()}\n</reasoning>\n{listed}"
