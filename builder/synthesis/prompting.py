"""What several requests share: prompts beside this module, conversations as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from builder.llm.prompts import Prompt, fence
from builder.records import Message

PROMPTS = Path(__file__).parent / "prompts"
_SPEAKERS = {"user": "SEEKER", "assistant": "RECOMMENDER", "system": "SYSTEM"}


_JUDGED = frozenset(
    [
        "rubrics",
        "trait",
        "short",
        "style",
        "two_parts",
        "also",
        "constraint",
        "original",
        "conversation",
        "kept",
        "left_out",
        "unknown",
        "reasoning",
        "faults",
    ]
)
_GIVEN = {
    "assign_cues": frozenset({"conversation", "traits"}),
    "assign_fits": frozenset({"conversation", "candidates"}),
    "constraint": frozenset(
        ["conversation", "things", "short", "style", "place", "explicit", "two_parts", "max_chars"]
    ),
    "judge_conversation": _JUDGED,
    "judge_conversation_other": _JUDGED,
    "judge_scenario": frozenset({"rubrics", "row", "query"}),
    "profile": frozenset({"posts"}),
    "scenario": frozenset({"domain", "scenario", "profile", "examples", "number"}),
}
"""The variables of each prompt."""


@cache
def prompt(name: str) -> Prompt:
    """Return prompts/NAME.md."""
    return Prompt.read(PROMPTS / f"{name}.md", _GIVEN[name])


def check_prompts() -> None:
    """Read every prompt, so that a broken one is said before anything is asked.

    Raises:
        InputError: For a missing or broken prompt, see `Prompt.read`.
    """
    for name in _GIVEN:
        prompt(name)


def plain_messages(messages: Sequence[Message]) -> list[dict[str, str]]:
    """Return messages as the plain data of a request's inputs."""
    return [{"role": message.role, "content": message.content} for message in messages]


def fenced(messages: Sequence[Message], max_chars: int) -> str:
    """Return a conversation as one fenced text for a prompt."""
    said = "\n".join(f"{_SPEAKERS[message.role]}: {message.content}" for message in messages)
    return fence(said, max_chars)


def seekers_own(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return the seeker's messages alone."""
    return tuple(message for message in messages if message.role == "user")
