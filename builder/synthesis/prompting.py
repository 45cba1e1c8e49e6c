"""What several chat requests share: the prompt files, and conversations as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from builder.llm.prompts import Prompt, fence
from builder.records import Message

PROMPTS = Path(__file__).parent / "prompts"
_SPEAKERS = {"user": "SEEKER", "assistant": "RECOMMENDER", "system": "SYSTEM"}


_JUDGE_VARIABLES = frozenset(
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
_VARIABLES = {
    "assign_cues": frozenset({"conversation", "traits"}),
    "assign_fits": frozenset({"conversation", "candidates"}),
    "constraint": frozenset(
        ["conversation", "things", "short", "style", "place", "explicit", "two_parts", "max_chars"]
    ),
    "judge_conversation": _JUDGE_VARIABLES,
    "judge_conversation_other": _JUDGE_VARIABLES,
    "judge_scenario": frozenset({"rubrics", "row", "query"}),
    "profile": frozenset({"posts"}),
    "scenario": frozenset({"domain", "scenario", "profile", "examples", "number"}),
}
"""The variables of each prompt."""


@cache
def prompt(name: str) -> Prompt:
    """Return prompts/NAME.md."""
    return Prompt.read(PROMPTS / f"{name}.md", _VARIABLES[name])


def check_prompts() -> None:
    """Read every prompt, so that a broken one is reported before anything is asked.

    Raises:
        InputError: For a missing or broken prompt, see `Prompt.read`.
    """
    for name in _VARIABLES:
        prompt(name)


def plain_messages(messages: Sequence[Message]) -> list[dict[str, str]]:
    """Return messages as plain data for a request's inputs."""
    return [{"role": message.role, "content": message.content} for message in messages]


def fenced(messages: Sequence[Message], max_chars: int) -> str:
    """Return a conversation as one fenced text for a prompt."""
    text = "\n".join(f"{_SPEAKERS[message.role]}: {message.content}" for message in messages)
    return fence(text, max_chars)


def seeker_messages(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Return only the seeker's messages."""
    return tuple(message for message in messages if message.role == "user")
