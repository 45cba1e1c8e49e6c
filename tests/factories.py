"""Records for tests: every field is filled with something valid, a test names what it is about.

An expected record is written out in full in its test: a default here would hide a field there.
"""

from __future__ import annotations

from typing import Any

from builder.records import (
    Assignment,
    Constraint,
    Conversation,
    Dialog,
    Evidence,
    Filtered,
    Item,
    Judgement,
    Mention,
    Message,
    Request,
    Risk,
    Scenario,
    Sentence,
    Text,
    Turn,
    Verdict,
)

ANIMALS, GORE = "Animal lover (avoid animal harm/death)", "Anti-gore / squeamish"
PUBLISHED: dict[str, Any] = {"source": "ours", "licence": "CC0-1.0"}
READ: dict[str, Any] = {**PUBLISHED, "retrieved": "2026-11-21"}


def make_text(text: str = "Two men wake up.", **changes: Any) -> Text:
    """Make a plot."""
    return Text(**{"kind": "plot", "text": text, **READ, **changes})


def make_item(
    item_id: str = "imdb:tt1", title: str | None = None, year: int | None = 2000, **changes: Any
) -> Item:
    """Make a film, titled as its id where no title is given."""
    fields: dict[str, Any] = {
        "item_id": item_id,
        "domain": "film",
        "title": item_id if title is None else title,
        "year": year,
        "aliases": (),
        "genres": (),
        "rating": None,
        "texts": (),
        "provenance": (),
    }
    return Item(**{**fields, **changes})


def make_sentence(text: str, **changes: Any) -> Sentence:
    """Make the first sentence of a plot."""
    fields = {"item_id": "imdb:tt1", "kind": "plot", "text": text, **READ, "index": 0, "vector": 0}
    return Sentence(**{**fields, **changes})


def make_evidence(
    kind: str = "statement", subject: str = "gore-shown", value: float = 1.0, **changes: Any
) -> Evidence:
    """Make evidence on one item; that of a text stands in the plot."""
    fields: dict[str, Any] = {
        "item_id": "imdb:tt1",
        "kind": kind,
        "subject": subject,
        "value": value,
        "votes": (),
        "span": "",
        **READ,
        "place": "plot" if kind in ("similarity", "aside") else "films.jsonl:1",
    }
    return Evidence(**{**fields, **changes})


def make_risk(
    item_id: str = "imdb:tt1", trait: str = GORE, verdict: Verdict = "safe", **changes: Any
) -> Risk:
    """Make the building oracle's answer, certain where it has one, with no reasons."""
    risk = {"safe": 0.0, "unsafe": 1.0, "unknown": None}[verdict]
    fields: dict[str, Any] = {
        "item_id": item_id,
        "trait": trait,
        "oracle": "build",
        "verdict": verdict,
        "risk": risk,
        "low": 0.0 if risk is None else risk,
        "high": 1.0 if risk is None else risk,
        "ddd_trigger": 0,
        "pg_risk": None,
        "source": "",
        "reasons": (),
    }
    return Risk(**{**fields, **changes})


def make_turn(text: str, **changes: Any) -> Turn:
    """Make a seeker's turn that opens a dialog."""
    fields: dict[str, Any] = {
        "turn_id": "t1",
        "author": "ann",
        "role": "seeker",
        "text": text,
        "created_utc": 0,
        "reply_to": None,
    }
    return Turn(**{**fields, **changes})


def make_dialog(*turns: Turn, **changes: Any) -> Dialog:
    """Make a thread of turns."""
    fields = {"dialog_id": "d1", **PUBLISHED, "community": "moviesuggestions", "created_utc": 0}
    return Dialog(**{**fields, "turns": turns, **changes})


def make_mention(surface: str, item_id: str | None = None, **changes: Any) -> Mention:
    """Make a mention at the start of a turn, linked where an item is given."""
    fields: dict[str, Any] = {
        "dialog_id": "d1",
        "turn_id": "t1",
        "start": 0,
        "end": len(surface),
        "surface": surface,
        "role": "mentioned",
        "item_id": item_id,
        "score": 0.0 if item_id is None else 1.0,
        "candidates": () if item_id is None else (item_id,),
        "abstained": "several titles" if item_id is None else "",
    }
    return Mention(**{**fields, **changes})


def make_request(text: str = "Films?", sample_id: str = "t1#1", **changes: Any) -> Request:
    """Make a request of one message, answered with the items a, b and c."""
    fields: dict[str, Any] = {
        "sample_id": sample_id,
        "dialog_id": sample_id.split("#")[0],
        **PUBLISHED,
        "domain": "film",
        "created_utc": 0,
        "messages": (Message("user", text),),
        "seen": (),
        "recommended": ("a", "b", "c"),
    }
    return Request(**{**fields, **changes})


def make_assignment(
    trait: str | None = GORE, mode: str = "violations", **changes: Any
) -> Assignment:
    """Make an assignment of a trait to the request t1#1."""
    fields: dict[str, Any] = {
        "sample_id": "t1#1",
        "mode": mode,
        "trait": trait,
        "reason": "",
        "confidence": 0.9,
        "made_by": "offline-writer/1",
        "cue": "",
    }
    return Assignment(**{**fields, **changes})


WISH = "Please nothing where the horse dies."


def make_conversation(conversation_id: str = "t1/1#explicit", **changes: Any) -> Conversation:
    """Make a constrained conversation: two items kept, one left out, one unknown."""
    fields: dict[str, Any] = {
        "conversation_id": conversation_id,
        "sample_id": conversation_id.split("#")[0],
        "dialog_id": conversation_id.split("/")[0],
        **PUBLISHED,
        "domain": "film",
        "created_utc": 0,
        "mode": "violations",
        "variant": "explicit",
        "trait": ANIMALS,
        "assignment_reason": "",
        "constraint": Constraint(ANIMALS, "explicit", WISH, 0),
        "messages": (Message("user", f"Slow westerns? {WISH} Thanks."),),
        "seen": (),
        "recommended": ("imdb:k0", "imdb:k1", "imdb:f0", "imdb:u0"),
        "safe": ("imdb:k0", "imdb:k1"),
        "filtered": (Filtered("imdb:f0", (ANIMALS,)),),
        "unknown": ("imdb:u0",),
        "reasoning": "",
        "made_by": "offline-writer/1",
    }
    return Conversation(**{**fields, **changes})


def make_scenario(scenario_id: str = "s1", **changes: str) -> Scenario:
    """Make a scenario that gives away nothing about its person."""
    fields: dict[str, Any] = {
        **dict.fromkeys(Scenario.__dataclass_fields__, "not given"),
        "scenario_id": scenario_id,
        "domain": "life",
        "made_by": "offline-writer/1",
        "source": "real",
        "query": "Whom do I call at night?",
    }
    return Scenario(**{**fields, **changes})


def make_judgement(row_id: str, rubric: str = "clear", score: int = 5, **changes: Any) -> Judgement:
    """Make a judge's score of one row on one rubric."""
    fields: dict[str, Any] = {
        "row_id": row_id,
        "rubric": rubric,
        "score": score,
        "note": "",
        "judge": "rules",
    }
    return Judgement(**{**fields, **changes})
