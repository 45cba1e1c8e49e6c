"""The offline writer's answers about traits: the rules of cues.yaml, with reasons in sentences."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

from builder.records import Message
from builder.synthesis.offline.cues import asks_for, find_cues, fit_confidence


def write_fits(inputs: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
    """Return the candidates, except those whose content the seeker asks for."""
    asked_for = asks_for(_messages(inputs), _shorts(inputs["candidates"]))
    return {
        "fits": [
            {
                "trait": candidate["trait"],
                "reason": _fit_reason(candidate, inputs["n_recommended"]),
                "confidence": fit_confidence(),
            }
            for candidate in inputs["candidates"]
            if candidate["trait_id"] not in asked_for
        ]
    }


def write_cue(inputs: Mapping[str, Any], rng: random.Random) -> Mapping[str, Any]:
    """Return the most certain cue in the seeker's words and the others, or that there is none."""
    by_id = {trait["trait_id"]: trait for trait in inputs["traits"]}
    cues = find_cues(_messages(inputs), _shorts(inputs["traits"]))
    if not cues:
        reason = "The seeker's words hold no cue."
        return {
            "trait": None,
            "quote": "",
            "reason": reason,
            "confidence": fit_confidence(),
            "also": [],
        }
    surest, *others = cues
    trait = by_id[surest.trait_id]
    return {
        "trait": trait["trait"],
        "quote": surest.quote,
        "reason": f'The seeker writes "{surest.quote}", a wish to be spared {trait["short"]}.',
        "confidence": surest.confidence,
        "also": [{"trait": by_id[c.trait_id]["trait"], "quote": c.quote} for c in others],
    }


def _messages(inputs: Mapping[str, Any]) -> list[Message]:
    return [Message(m["role"], m["content"]) for m in inputs["conversation"]]


def _fit_reason(candidate: Mapping[str, Any], n_recommended: int) -> str:
    titles = candidate["violating"]
    if not titles:
        what = (
            "None of the recommended titles goes" if n_recommended > 1 else "The title does not go"
        )
        return f"{what} against a wish to be spared {candidate['short']}, so the list can stay."
    verb = "go" if len(titles) > 1 else "goes"
    return (
        f"{len(titles)} of the {n_recommended} recommended titles ({', '.join(titles)}) {verb} "
        f"against a wish to be spared {candidate['short']}, which the request does not ask for."
    )


def _shorts(traits: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {trait["trait_id"]: trait["short"] for trait in traits}
