"""What people decide about mentions that linking left open, and the queue of such mentions.

    {"words": "lotr", "item_id": "imdb:tt0120737"}
    {"words": "the others", "item_id": null}
    {"words": "click 2010", "item_id": "imdb:tt0389860"}

One decision per line; `words` is a title key with the year written after it, if any; null says that
these words name no title. A later line replaces an earlier one. Decisions apply to mentions that
would be abstentions, in every thread.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from builder.records import Dialog, Mention
from builder.settings import Strict
from builder.sources import Reject
from builder.text_files.json_text import read_json_lines
from builder.titles import parse_title, title_key

REVIEWED_NONE = "reviewed: no title"
_CONTEXT_CHARS = 60


class Decision(Strict):
    """What certain words mean: an item, or no title if `item_id` is None."""

    words: str
    item_id: str | None


@dataclass(frozen=True, slots=True)
class OpenWords:
    """Words whose mentions linking left open.

    Attributes:
        words: As decisions name them.
        n_mentions: How often they occur.
        reasons: Why they were left open, the most frequent reason first.
        candidates: Items that they may mean.
        contexts: (before, words, after) of the first places.
    """

    words: str
    n_mentions: int
    reasons: tuple[str, ...]
    candidates: tuple[str, ...]
    contexts: tuple[tuple[str, str, str], ...]


def words_of(surface: str) -> str:
    """Return the words of a mention as decisions write them: its title key and its year, if any."""
    return title_key(surface)


def without_year(surface: str) -> str:
    """Return the words of a mention without the year after them."""
    return title_key(parse_title(surface).title)


def read_decisions(path: Path, item_ids: Collection[str], reject: Reject) -> dict[str, str | None]:
    """Return items by words, None for no title; what cannot be used is rejected.

    Args:
        path: The file of decisions.
        item_ids: Item ids of the catalogue.
        reject: Called with each line that is left out.

    Raises:
        InputError: If the file is missing or not UTF-8.
    """
    decisions: dict[str, str | None] = {}
    for place, raw in read_json_lines(path, reject):
        try:
            decision = Decision.model_validate(raw)
        except ValidationError as exc:
            error = exc.errors(include_input=False)[0]
            reject(place, "bad decision", f"{'.'.join(map(str, error['loc']))}: {error['msg']}")
            continue
        if decision.item_id is not None and decision.item_id not in item_ids:
            reject(place, "decision on an unknown item", decision.item_id)
            continue
        decisions[title_key(decision.words)] = decision.item_id
    return decisions


def open_words(
    mentions: Iterable[Mention], dialogs: Iterable[Dialog], *, n_contexts: int
) -> list[OpenWords]:
    """Return what linking left open, the most frequent words first.

    Words that can mean no item of the catalogue come last: there is little to decide.
    """
    texts = {(d.dialog_id, turn.turn_id): turn.text for d in dialogs for turn in d.turns}
    by_words: Mapping[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.item_id is None and mention.abstained != REVIEWED_NONE:
            by_words[words_of(mention.surface)].append(mention)
    ordered = sorted(
        by_words.items(), key=lambda pair: (not pair[1][0].candidates, -len(pair[1]), pair[0])
    )
    return [_open(words, group, texts, n_contexts) for words, group in ordered if words]


def _open(
    words: str, mentions: list[Mention], texts: Mapping[tuple[str, str], str], n_contexts: int
) -> OpenWords:
    reasons = Counter(mention.abstained for mention in mentions)
    candidates = dict.fromkeys(item_id for mention in mentions for item_id in mention.candidates)
    return OpenWords(
        words=words,
        n_mentions=len(mentions),
        reasons=tuple(reason for reason, _ in reasons.most_common()),
        candidates=tuple(candidates),
        contexts=tuple(
            _context(mention, texts[mention.dialog_id, mention.turn_id])
            for mention in mentions[:n_contexts]
        ),
    )


def _context(mention: Mention, text: str) -> tuple[str, str, str]:
    before = text[max(0, mention.start - _CONTEXT_CHARS) : mention.start]
    after = text[mention.end : mention.end + _CONTEXT_CHARS]
    return before.replace("\n", " "), mention.surface, after.replace("\n", " ")
