"""Turn a conversation into a Label Studio import task for screens/review.xml.

One task, shortened:
    {"data": {"conversation_id": "...", "fingerprint": "...", "content_note": "This page is ...",
              "wish": "...", "broken_by": "...", "conversation": "<div class=...", "kept_heading":
              "Kept: 1", "kept": [{"title": "Paddington (2014)", "evidence": "..."}], ...},
     "meta": {"routed_because": "random", ...}}
Label Studio renumbers tasks in every project, so labels are matched by `conversation_id`.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import orjson

from annotation.content_notes import ContentNotes
from annotation.screen import GUIDELINES, REVIEW_SCREEN
from builder.errors import InputError
from builder.explanations.renderer import Renderer
from builder.oracle.files.oracle import Oracle
from builder.records import Conversation, Item, Message
from builder.rows import to_row
from builder.tables import replacing, to_json
from builder.taxonomy import Taxonomy, Trait
from builder.titles import TitleYear

_SPEAKER = {"user": "The person asking", "assistant": "The recommender", "system": "Instruction"}
_NOTHING_KNOWN = "Nothing is known of this title."


def groups(conversation: Conversation) -> dict[str, tuple[str, ...]]:
    """Return the recommended item ids by group of the screen: kept, left_out, unknown."""
    return {
        "kept": conversation.safe,
        "left_out": tuple(item.item_id for item in conversation.filtered),
        "unknown": conversation.unknown,
    }


def fingerprint(conversation: Conversation) -> str:
    """Return 16 hexadecimal digits of all that a label is about: messages, wish and items."""
    constraint = to_row(conversation.constraint)
    if constraint and not constraint["earlier"]:
        del constraint["earlier"]  # labels given before this field existed must still match
    shown = {
        "messages": [to_row(message) for message in conversation.messages],
        "constraint": constraint,
        "items": groups(conversation),
    }
    return hashlib.blake2b(orjson.dumps(shown), digest_size=8).hexdigest()


def write_task_folder(folder: Path, tasks: Sequence[Mapping[str, Any]]) -> None:
    """Write tasks.json beside the screen and the guidelines that go with it."""
    with replacing(folder) as new:
        new.mkdir()
        (new / "tasks.json").write_bytes(to_json(tasks))
        shutil.copyfile(REVIEW_SCREEN, new / "screen.xml")
        shutil.copyfile(GUIDELINES, new / "guidelines.md")


class TaskWriter:
    """Writes tasks from the taxonomy, the catalogue and the building oracle."""

    def __init__(
        self,
        taxonomy: Taxonomy,
        items: Mapping[str, Item],
        oracle: Oracle,
    ) -> None:
        self._taxonomy, self._items, self._oracle = taxonomy, items, oracle
        self._renderer = Renderer(taxonomy)
        self._notes = ContentNotes(taxonomy, (item.title for item in items.values()))

    def write(self, conversation: Conversation, meta: Mapping[str, Any]) -> dict[str, Any]:
        """Return the task of a conversation that has a constraint.

        Args:
            conversation: With its constraint.
            meta: What is stored with the task but not shown.

        Raises:
            InputError: If the conversation names a trait or an item that does not exist.
        """
        trait, *others = traits = self._traits(conversation)
        listed = {name: self._listed(ids, traits) for name, ids in groups(conversation).items()}
        words = [message.content for message in conversation.messages]
        data = {
            "conversation_id": conversation.conversation_id,
            "fingerprint": fingerprint(conversation),
            "content_note": self._notes.note(trait, words),
            "trait": trait.name,
            "wish": _wish(trait, others),
            "broken_by": self._broken_by(traits),
            "conversation": conversation_html(conversation),
            "kept_heading": _heading("Kept as safe", listed["kept"]),
            "left_out_heading": _heading("Left out as unsafe", listed["left_out"]),
            "unknown_heading": _heading("Unknown: neither kept nor left out", listed["unknown"]),
            **listed,
        }
        return {"data": data, "meta": dict(meta)}

    def _traits(self, conversation: Conversation) -> list[Trait]:
        """Return the trait of the constraint, then those that the seeker's own words ask for."""
        name = conversation.constraint.trait if conversation.constraint else None
        traits: list[Trait] = []
        for trait_name in (name, *conversation.also):
            if trait_name is None or trait_name not in self._taxonomy.traits:
                raise InputError(
                    f"conversation {conversation.conversation_id}",
                    f"its trait is {trait_name!r}, which is not in the taxonomy",
                    "run `dvc repro` to rebuild the conversations",
                )
            traits.append(self._taxonomy.traits[trait_name])
        return traits

    def _broken_by(self, traits: Sequence[Trait]) -> str:
        warnings = dict.fromkeys(w for trait in traits for w in trait.warnings)
        questions = [f"{self._taxonomy.warnings[w].question}?" for w in warnings]
        return f"A title breaks it where one of these is a yes: {' '.join(questions)}"

    def _listed(self, item_ids: Sequence[str], traits: Sequence[Trait]) -> list[dict[str, str]]:
        return [
            {"title": self._title(item_id), "evidence": self._evidence(item_id, traits)}
            for item_id in item_ids
        ]

    def _title(self, item_id: str) -> str:
        if item_id not in self._items:
            raise InputError(
                f"item {item_id}",
                "is recommended in a conversation but is not in the catalogue",
                "run `dvc repro` to rebuild the conversations",
            )
        item = self._items[item_id]
        return str(TitleYear(item.title, item.year))

    def _evidence(self, item_id: str, traits: Sequence[Trait]) -> str:
        explanations = [self._explanation(item_id, trait) for trait in traits]
        if len(traits) == 1:
            return explanations[0]
        pairs = zip(traits, explanations, strict=True)
        return "\n".join(f"{_upper_first(trait.short)}: {text}" for trait, text in pairs)

    def _explanation(self, item_id: str, trait: Trait) -> str:
        reasons = self._oracle.explain(item_id, trait.name)
        return "\n".join(self._renderer.lines(trait.name, reasons)) or _NOTHING_KNOWN


def conversation_html(conversation: Conversation) -> str:
    """Return the messages as chat bubbles, with the constraint marked and all text escaped."""
    return "".join(
        _bubble(message, _marked_text(conversation, number))
        for number, message in enumerate(conversation.messages)
    )


def _marked_text(conversation: Conversation, number: int) -> str | None:
    constraint = conversation.constraint
    if constraint and constraint.message == number:
        return constraint.text
    return constraint.earlier if constraint and number < constraint.message else None


def _bubble(message: Message, marked: str | None) -> str:
    before, match, after = (
        message.content.partition(marked) if marked else (message.content, "", "")
    )
    text = escape(before) + (f"<mark>{escape(match)}</mark>" if match else "") + escape(after)
    holds = " holds" if marked and not match else ""
    speaker = _SPEAKER[message.role]
    return f'<div class="turn {message.role}{holds}"><b>{speaker}</b>{text}</div>'


def _heading(name: str, items: Sequence[object]) -> str:
    return f"{name} ({len(items)})" if items else f"{name} (none)"


def _wish(trait: Trait, others: Sequence[Trait]) -> str:
    wish = f"{_upper_first(trait.short)}."
    if not others:
        return wish
    return f"{wish} In their own words also: {', '.join(other.short for other in others)}."


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
