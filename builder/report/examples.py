"""Picks example rows for the page; the order of the tables does not matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from builder.explanations.renderer import Renderer
from builder.oracle.files.oracle import Oracle
from builder.records import Conversation, Item, Scenario

_GOOD_LENGTH_WORDS = 110
"""A request of about this length shows how people write and fits on the page."""

_PROFILE_FIELDS = (
    "age",
    "gender",
    "profession",
    "marital_status",
    "education_level",
    "economic_status",
    "health_status",
    "mental_health_status",
    "emotional_state",
)
_NOT_GIVEN = ("", "not given", "not specified")


@dataclass(frozen=True, slots=True)
class ShownTitle:
    """A recommended title with its verdict, and why it has it, line by line."""

    title: str
    verdict: str
    explanation: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownConversation:
    """A conversation and the titles recommended in it."""

    conversation: Conversation
    titles: tuple[ShownTitle, ...]


def pick_conversation(rows: Iterable[Conversation]) -> Conversation | None:
    """Return a row with a sensitivity, at least two safe titles and one that was left out."""
    fit = [r for r in rows if r.constraint and r.filtered and len(r.safe) > 1]
    return min(fit, key=_unhandiness, default=None)


def _unhandiness(row: Conversation) -> tuple[int, int, str]:
    n_words = sum(len(message.content.split()) for message in row.messages)
    return -min(len(row.unknown), 1), abs(n_words - _GOOD_LENGTH_WORDS), row.conversation_id


def show_conversation(
    row: Conversation, items: Mapping[str, Item], oracle: Oracle, renderer: Renderer
) -> ShownConversation:
    """Return the row with its titles, unsafe ones first.

    Args:
        row: The conversation.
        items: By item id; must hold the row's recommended items.
        oracle: The building oracle.
        renderer: Puts its reasons into words.
    """
    trait = row.trait or ""
    ids = [(f.item_id, "unsafe") for f in row.filtered]
    ids += [(i, "unknown") for i in row.unknown] + [(i, "safe") for i in row.safe]
    titles = tuple(
        ShownTitle(_name(items[i]), verdict, renderer.lines(trait, oracle.explain(i, trait)))
        for i, verdict in ids
    )
    return ShownConversation(row, titles)


def _name(item: Item) -> str:
    return item.title if item.year is None else f"{item.title} ({item.year})"


def pick_scenarios(rows: Iterable[Scenario]) -> list[Scenario]:
    """Return one scenario taken from a post and one invented, those with the fullest profiles."""
    scenarios = list(rows)
    picked = []
    for source in ("real", "synthetic"):
        fit = [row for row in scenarios if row.source == source]
        if fit:
            picked.append(min(fit, key=lambda row: (-len(profile(row)), row.scenario_id)))
    return picked


def profile(row: Scenario) -> list[tuple[str, str]]:
    """Return what a scenario says about the person, by name."""
    pairs = ((name.replace("_", " "), str(getattr(row, name))) for name in _PROFILE_FIELDS)
    return [(name, text) for name, text in pairs if text.lower() not in _NOT_GIVEN]
