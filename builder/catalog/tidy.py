"""Tidies publishers' titles and texts: no markup, no control characters, bounded length.

What is removed is counted as a rejection at the draft's place; the draft is kept.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from builder.catalog.draft import Draft
from builder.records import Text
from builder.settings import Strict
from builder.sources import Reject
from builder.titles import article_first

_OPENING = re.compile(r"<(script|style)\b[^<>]*>|<!--", re.IGNORECASE)
_CLOSING = {
    "script": re.compile(r"</script\s*>", re.IGNORECASE),
    "style": re.compile(r"</style\s*>", re.IGNORECASE),
    "": re.compile("-->"),
}
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<![a-zA-Z][^<>]*>")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff]"
)


def without_markup(text: str) -> str:
    """Return a text without HTML: tags and comments become spaces, entities are decoded."""
    if "<" in text:
        text = _TAG.sub(" ", _without_hidden_blocks(text))
    return html.unescape(text) if "&" in text else text


def _without_hidden_blocks(text: str) -> str:
    """Return a text without scripts, styles and comments, in linear time."""
    kept: list[str] = []
    unclosed: set[str] = set()
    start = place = 0
    while opening := _OPENING.search(text, place):
        kind = (opening[1] or "").lower()
        place = opening.end()
        closing = None if kind in unclosed else _CLOSING[kind].search(text, place)
        if closing is None:
            unclosed.add(kind)  # nothing closes later ones either, so do not search again
            continue
        kept.append(text[start : opening.start()])
        start = place = closing.end()
    return " ".join([*kept, text[start:]])


class Limits(Strict):
    """How long what a source says may be.

    Attributes:
        max_title_chars: Characters of a title or another name.
        max_text_chars: Characters of a text.
    """

    max_title_chars: Annotated[int, Field(ge=1)]
    max_text_chars: Annotated[int, Field(ge=1)]


def tidy_draft(draft: Draft, limits: Limits, reject: Reject) -> Draft | None:
    """Return the draft with clean titles and texts; None if its title cannot name an item.

    A publisher's "Shining, The" becomes "The Shining".

    Args:
        draft: As its reader made it.
        limits: A longer text is cut, a longer alias too long, and a draft with a longer title
            rejected.
        reject: Called for markup, control characters, cut texts, long names and missing titles.
    """
    title = article_first(_words(draft.title or "", draft, "title", reject)) or None
    if draft.adds_item and title is None:
        reject(draft.place, "no title", " ".join(draft.ids) or "neither id nor title")
        return None
    if title is not None and len(title) > limits.max_title_chars:
        reject(draft.place, "title too long", f"{len(title):,} characters")
        return None
    names = (article_first(_words(name, draft, "alias", reject)) for name in draft.aliases)
    aliases = tuple(
        n for name in names if (n := _name(name, draft, limits.max_title_chars, reject))
    )
    texts = tuple(
        t for text in draft.texts if (t := _text(text, draft, limits.max_text_chars, reject)).text
    )
    if (title, aliases, texts) == (draft.title, draft.aliases, draft.texts):
        return draft  # the usual case, and there may be millions
    return replace(draft, title=title, aliases=aliases, texts=texts)


def _name(name: str, draft: Draft, max_chars: int, reject: Reject) -> str:
    if len(name) <= max_chars:
        return name
    reject(draft.place, "alias too long", f"{len(name):,} characters")
    return ""


def _text(text: Text, draft: Draft, max_chars: int, reject: Reject) -> Text:
    words = _words(text.text, draft, text.kind, reject)
    if len(words) > max_chars:
        detail = f"{text.kind} of {len(words):,} characters, the first {max_chars:,} kept"
        reject(draft.place, "text truncated", detail)
        words = words[:max_chars].rsplit(" ", 1)[0]
    return text if words == text.text else replace(text, text=words)


def _words(text: str, draft: Draft, what: str, reject: Reject) -> str:
    plain = without_markup(text)
    if plain != text:
        reject(draft.place, "markup removed", f"{what}: {len(text) - len(plain):,} characters")
    clean = _CONTROL.sub("", plain)
    if clean != plain:
        n_control = len(plain) - len(clean)
        reject(draft.place, "control characters removed", f"{what}: {n_control:,}")
    return text if clean == text else " ".join(clean.split())
