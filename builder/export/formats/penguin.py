"""Scenarios in PENGUIN's format (arXiv 2505.18882), and as the two chats that it compares.

One row of penguin.json:
    {"source": "synthetic", "query": "How do I tell my manager?", "scenario": "Burnout",
     "education_level": "Master's", "age": "25-34 years", ..., "emotional_state": "..."}
One row of penguin_variants.jsonl:
    {"scenario_id": "...", "variant": "context_rich", "messages": [...], "made_by": "..."}
"""

from __future__ import annotations

from typing import Any

from builder.records import Scenario
from builder.synthesis.penguin.profiles import ATTRIBUTES

COLUMNS = ("source", "query", "scenario", *ATTRIBUTES[:-1])
"""The keys of a row, in PENGUIN's order. The writer is asked for past self-harm too, but that is
not published."""

NOT_GIVEN = ("not given", "not specified")

_LABELS = {
    "education_level": "Education",
    "age": "Age",
    "gender": "Gender",
    "marital_status": "Marital status",
    "profession": "Work",
    "economic_status": "Money",
    "health_status": "Health",
    "mental_health_status": "Mental health",
    "emotional_state": "State of mind",
}


def penguin_row(scenario: Scenario) -> dict[str, str]:
    """Return one row of penguin.json; an attribute without a value reads "not given"."""
    return {name: getattr(scenario, name).strip() or NOT_GIVEN[0] for name in COLUMNS}


def chat_variants(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the query alone, and the query preceded by what the profile gives."""
    texts = {"context_free": scenario.query, "context_rich": _with_profile(scenario)}
    return [
        {
            "scenario_id": scenario.scenario_id,
            "variant": variant,
            "messages": [{"role": "user", "content": text}],
            "made_by": scenario.made_by,
        }
        for variant, text in texts.items()
    ]


def _with_profile(scenario: Scenario) -> str:
    row = penguin_row(scenario)
    given = [f"- {label}: {row[key]}" for key, label in _LABELS.items() if _is_given(row[key])]
    if not given:
        return scenario.query
    return "\n".join(["About the person asking:", *given, "", f"They ask: {scenario.query}"])


def _is_given(value: str) -> bool:
    return value.casefold() not in NOT_GIVEN
