"""Records for tests: every field is filled with something valid, a test names what it is about.

An expected record is written out in full in its test: a default here would hide a field there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from annotation.labels import Label
from builder.catalog.catalog_source import CatalogSource
from builder.catalog.draft import Draft, Finding, with_findings
from builder.dialogs.dialog_source import DialogSource
from builder.dialogs.markup import read_markdown
from builder.dialogs.thread import Post, Thread
from builder.oracle.files.compiled import write_oracle
from builder.oracle.files.label import OracleLabel, Role
from builder.oracle.files.oracle import Oracle
from builder.records import (
    Assignment,
    Constraint,
    Conversation,
    Dialog,
    Evidence,
    ExportRow,
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
from builder.sources import SourceSpec
from builder.taxonomy import CATEGORIES, ContentWarning, Taxonomy, Trait

DOGS, GORE = "Animal lover (avoid animal harm/death)", "Anti-gore / squeamish"
PUBLISHED: dict[str, Any] = {"source": "ours", "licence": "CC0-1.0"}
READ: dict[str, Any] = {**PUBLISHED, "retrieved": "2026-11-21"}


def make_source(name: str = "ours", **changes: Any) -> SourceSpec:
    """Make a configured source."""
    return SourceSpec(**_source(name, "maintained") | changes)


def make_catalog_source(name: str = "ours", **changes: Any) -> CatalogSource:
    """Make a configured source of items."""
    return CatalogSource(**_source(name, "maintained") | changes)


def make_dialog_source(name: str = "ours", **changes: Any) -> DialogSource:
    """Make a configured source of dialogs."""
    return DialogSource.model_validate(_source(name, "reddit") | changes)


def _source(name: str, reader: str) -> dict[str, Any]:
    return {
        "name": name,
        "reader": reader,
        "path": "x",
        "licence": "CC0-1.0",
        "retrieved": "2026-11-21",
    }


def make_warning(warning_id: str = "does-the-dog-die", **changes: Any) -> ContentWarning:
    """Make a warning that asks whether the dog dies."""
    fields: dict[str, Any] = {
        "id": warning_id,
        "question": "Does the dog die",
        "description": "A dog dies.",
        "paraphrases": ["The hound is shot."],
        "keywords": ["dog dies", "dead dog"],
    }
    return ContentWarning(**{**fields, **changes})


def make_trait(
    name: str = "Gore",
    applicability: str = "none",
    *,
    warnings: Sequence[str] = ("w1", "w2", "w3", "w4", "w5"),
    **weights: float,
) -> Trait:
    """Make a trait of warnings, whose weights are 0 but for those given."""
    return Trait.model_validate(
        {
            "name": name,
            "id": name.lower().replace(" ", "-"),
            "short": name,
            "warnings": list(warnings),
            "parents_guide": {
                "applicability": applicability,
                "weights": dict.fromkeys(CATEGORIES, 0.0) | weights,
            },
        }
    )


def make_taxonomy(*traits: Trait) -> Taxonomy:
    """Make a taxonomy of traits, or of one, and of the warnings that they name."""
    chosen = traits or (make_trait(),)
    bare: dict[str, Any] = {"description": "", "paraphrases": [], "keywords": []}
    warnings = {
        name: make_warning(name, question=f"Is there {name}", **bare)
        for trait in chosen
        for name in trait.warnings
    }
    return Taxonomy({trait.name: trait for trait in chosen}, warnings)


def make_draft(
    ids: str = "", title: str | None = None, year: int | None = None, **changes: Any
) -> Draft:
    """Make a source's row that adds a film, with ids parted by blanks."""
    fields: dict[str, Any] = {
        "spec": make_source(),
        "place": "a:1",
        "adds_item": True,
        "domain": "film",
        "ids": tuple(ids.split()),
        "title": title,
        "year": year,
    }
    return Draft(**{**fields, **changes})


def make_rated_draft(*args: Any, **changes: Any) -> Draft:
    """Make a source's row that states how violent a film is."""
    return with_findings(make_draft(*args, **changes), [Finding("severity", "violence_gore", 2.0)])


def make_text(text: str = "Two men wake up.", **changes: Any) -> Text:
    """Make a plot."""
    return Text(**{"kind": "plot", "text": text, **READ, **changes})


def make_item(
    item_id: str = "a", title: str | None = None, year: int | None = 2000, **changes: Any
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
    fields = {"item_id": "a", "kind": "plot", "text": text, **READ, "index": 0, "vector": 0}
    return Sentence(**{**fields, **changes})


def make_evidence(
    kind: str = "statement", subject: str = "gore-shown", value: float = 1.0, **changes: Any
) -> Evidence:
    """Make evidence on one item; that of a text stands in the plot."""
    fields: dict[str, Any] = {
        "item_id": "a",
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
    item_id: str = "a", trait: str = GORE, verdict: Verdict = "safe", **changes: Any
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


def make_post(post_id: str, text: str, **changes: Any) -> Post:
    """Make a reply to the post t3_a."""
    fields: dict[str, Any] = {
        "place": f"RC:{post_id}",
        "post_id": post_id,
        "reply_to": "t3_a",
        "author": "someone",
        "role": "recommender",
        "text": read_markdown(text),
        "created_utc": 1_650_000_000,
        "score": 1,
    }
    return Post(**{**fields, **changes})


def make_thread(request: str, *replies: Post, thread_id: str = "t3_a", **changes: Any) -> Thread:
    """Make a thread that opens with a request; author, score and date are the request's."""
    of_post = {
        name: changes.pop(name) for name in ("author", "score", "created_utc") if name in changes
    }
    opening = {"author": "asker", "role": "seeker", "reply_to": None, **of_post}
    fields: dict[str, Any] = {
        "spec": make_dialog_source(),
        "thread_id": thread_id,
        "community": "moviesuggestions",
        "is_chat": False,
        "over_18": False,
        "posts": (make_post(thread_id, request, **opening), *replies),
    }
    return Thread(**{**fields, **changes})


def catalogue_of(risks: Iterable[Risk], items: Iterable[Item] = ()) -> list[Item]:
    """Return the items, and one for each further id among the risks."""
    by_id = {item.item_id: item for item in items}
    for risk in risks:
        by_id.setdefault(risk.item_id, make_item(risk.item_id))
    return list(by_id.values())


def make_oracle(risks: Sequence[Risk], items: Iterable[Item] = (), role: Role = "build") -> Oracle:
    """Make the oracle of these risks; items that are not given are titled as their id."""
    return Oracle.of(risks, catalogue_of(risks, items), role)


def write_oracle_file(
    path: Path, risks: Sequence[Risk], items: Iterable[Item] = (), role: Role = "build"
) -> None:
    """Write such an oracle as stage fuse does."""
    label = OracleLabel(role, {"ours:statement": len(risks)}, {"texts": [], "thresholds": []})
    write_oracle(path, label, risks, catalogue_of(risks, items))


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


def make_request(text: str = "Films?", request_id: str = "t1#1", **changes: Any) -> Request:
    """Make a request of one message, answered with the items a, b and c."""
    fields: dict[str, Any] = {
        "request_id": request_id,
        "dialog_id": request_id.split("#")[0],
        **PUBLISHED,
        "domain": "film",
        "created_utc": 0,
        "turn_ids": ("u1", "r1"),
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
        "request_id": "t1#1",
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
        "request_id": conversation_id.split("#")[0],
        "dialog_id": conversation_id.split("/")[0],
        **PUBLISHED,
        "domain": "film",
        "created_utc": 0,
        "mode": "violations",
        "variant": "stated",
        "trait": DOGS,
        "assignment_reason": "",
        "constraint": Constraint(DOGS, "explicit", WISH, 0),
        "messages": (Message("user", f"Slow westerns? {WISH} Thanks."),),
        "seen": (),
        "recommended": ("imdb:k0", "imdb:k1", "imdb:f0", "imdb:u0"),
        "safe": ("imdb:k0", "imdb:k1"),
        "filtered": (Filtered("imdb:f0", (DOGS,)),),
        "unknown": ("imdb:u0",),
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


ALL_YES = {"comes_through": "yes", "request_intact": "yes", "reads_human": "yes"}


def make_label(
    annotator: str = "p1",
    conversation_id: str = "a",
    answers: Mapping[str, str] = ALL_YES,
    **changes: Any,
) -> Label:
    """Make one person's answers to one task."""
    fields: dict[str, Any] = {
        "place": "f:1",
        "conversation_id": conversation_id,
        "annotator": annotator,
        "skipped": False,
        "answers": answers,
        "items": {},
        "comment": "",
        "seconds": 1.0,
        "updated_at": "",
    }
    return Label(**{**fields, **changes})


def make_export_row(conversation_id: str = "c001", **changes: Any) -> ExportRow:
    """Make the index row of the first SFT train row, without items."""
    fields: dict[str, Any] = {
        "config": "sft",
        "split": "train",
        "row": 0,
        "conversation_id": conversation_id,
        "dialog_id": "t-train",
        "truth_from": "recommended",
        "seen_ids": (),
        "groundtruth_ids": (),
        "completion_ids": (),
    }
    return ExportRow(**{**fields, **changes})
