"""Splits an item's texts into sentences: prose at full stops, lists at commas, reasons at both.

A reason "Rated R for strong violence and language." gives itself and its phrases: "Rated R for
strong violence and language.", "Rated R", "strong violence", "language".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from builder.records import Item, Sentence, Text, TextKind
from builder.sources import Reject

PHRASE_KINDS: frozenset[TextKind] = frozenset({"keywords", "tags", "descriptors", "genres"})
"""Kinds of text that are lists of phrases; all others are prose."""

NAMELESS_KINDS: frozenset[TextKind] = frozenset({"genres"})
"""Kinds of text that name no scene: they say what an item is like, but nothing about a warning."""

_BREAK = re.compile(r"[.!?]+[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
_NO_BREAK = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Gen|Col|Capt|Lt|Sgt|Rev|Gov|Sen|Mt|No|vs|etc)|\b[A-Z])\.$"
)

_PHRASE_END = re.compile(
    r"[,;.]|\b(?:and|or|for|with|including|due to|as well as)\b", re.IGNORECASE
)


def split_prose(text: str) -> list[str]:
    """Return the sentences of a text in order; "Mr." and initials do not end one."""
    sentences, start = [], 0
    for match in _BREAK.finditer(text):
        sentence = text[start : match.end()].strip()
        if not _NO_BREAK.search(sentence):
            sentences.append(sentence)
            start = match.end()
    rest = text[start:].strip()
    return [*sentences, rest] if rest else sentences


def split_phrases(text: str) -> list[str]:
    """Return the phrases of a comma-separated list in order, each once."""
    phrases = (" ".join(part.split()) for part in text.split(","))
    return [phrase for phrase in dict.fromkeys(phrases) if phrase]


def split_reason(text: str) -> list[str]:
    """Return a rating's reason, then its phrases, each once."""
    phrases = (" ".join(part.split()) for part in _PHRASE_END.split(text))
    return [part for part in dict.fromkeys([text.strip(), *phrases]) if part]


def split_items(
    items: Iterable[Item], kinds: Collection[TextKind], max_sentences: int, reject: Reject
) -> list[Sentence]:
    """Return the sentences of all items in order; equal sentences have the same `vector`.

    Args:
        items: Their genres are read as one more text.
        kinds: The kinds of text to take; a text of another kind is rejected.
        max_sentences: To take from the start of a text; a text that is cut is rejected once.
        reject: Called with what is left out.
    """
    sentences = []
    for item in items:
        for text in (*item.texts, *_genres(item)):
            place = f"{item.item_id} {text.kind} of {text.source}"
            if text.kind not in kinds:
                reject(place, "kind of text not embedded", text.text[:80])
                continue
            parts = _split(text)
            if len(parts) > max_sentences:
                reject(
                    place,
                    "text truncated",
                    f"{len(parts) - max_sentences} sentences past the limit",
                )
            for index, part in enumerate(parts[:max_sentences]):
                sentences.append(_sentence(item, text, index, part))
    row_by_text = {text: row for row, text in enumerate(sorted({s.text for s in sentences}))}
    return [replace(sentence, vector=row_by_text[sentence.text]) for sentence in sentences]


def _genres(item: Item) -> tuple[Text, ...]:
    return tuple(
        Text("genres", ", ".join(item.genres), origin.source, origin.licence, origin.retrieved)
        for origin in item.provenance
        if origin.field == "genres"
    )


def _split(text: Text) -> list[str]:
    if text.kind == "reason":
        return split_reason(text.text)
    return split_phrases(text.text) if text.kind in PHRASE_KINDS else split_prose(text.text)


def _sentence(item: Item, text: Text, index: int, part: str) -> Sentence:
    return Sentence(
        item_id=item.item_id,
        kind=text.kind,
        text=part,
        source=text.source,
        licence=text.licence,
        retrieved=text.retrieved,
        index=index,
        vector=-1,
    )


def unique_texts(sentences: Iterable[Sentence]) -> list[str]:
    """Return the text of each row of the vectors."""
    text_by_row = {sentence.vector: sentence.text for sentence in sentences}
    return [text_by_row[row] for row in range(len(text_by_row))]
