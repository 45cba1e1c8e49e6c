"""The clause of a sentence that states a need, so that a cue quotes no more and no less.

"My cousin had an accident in July, so no crashes, screeching brakes, all that."
-> "no crashes, screeching brakes, all that."
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Span = tuple[int, int]

_BREAK = re.compile(r"[,;:()\"“”]\s*|\s+[-–]\s+|\s+(?=but\b)", re.IGNORECASE)
_LEADS = re.compile(r"(?:(?:so(?! long)|but|and|then|also)\b[,\s]+)+", re.IGNORECASE)
_GOES_ON = re.compile(r"(?:not even|nor|or|and no|and not)\b", re.IGNORECASE)
_NOT_LISTED = re.compile(r"\b(?:i|i'm|we|you|he|she|it|they|please|thanks|cheers)\b", re.IGNORECASE)
_MAX_LISTED = 2  # words per list item: "no crashes, screeching brakes, all that"
_MAX_LED_BY = 4  # words of a reason before it: "Eight months sober, want a film with no bar in it"


def quote_around(sentence: str, needs: Sequence[Span], reasons: Sequence[Span]) -> str:
    """Return the clauses that state a need, with the list that follows and a short reason.

    Args:
        sentence: As the message has it; the quote is a part of it.
        needs: Where the sentence states what to avoid; at least one.
        reasons: Where it states why.
    """
    clauses = _clauses(sentence)
    first = next(n for n, clause in enumerate(clauses) if _holds(clause, needs))
    last = first
    for n in range(first + 1, len(clauses)):
        text = sentence[slice(*clauses[n])]
        goes_on = _is_listed(text) or _GOES_ON.match(text)
        if not (goes_on or _holds(clauses[n], needs) or _is_reason(sentence, clauses[n], reasons)):
            break
        last = n
    if first and _is_reason(sentence, clauses[first - 1], reasons):
        first -= 1
    return _trimmed(sentence, clauses[first][0], clauses[last][1])


def _clauses(sentence: str) -> list[Span]:
    edges = [0, *(edge for match in _BREAK.finditer(sentence) for edge in match.span())]
    spans = zip(edges[::2], [*edges[1::2], len(sentence)], strict=True)
    return [(start, end) for start, end in spans if sentence[start:end].strip()]


def _holds(clause: Span, needs: Sequence[Span]) -> bool:
    return any(start < clause[1] and clause[0] < end for start, end in needs)


def _is_reason(sentence: str, clause: Span, reasons: Sequence[Span]) -> bool:
    return _holds(clause, reasons) and len(sentence[slice(*clause)].split()) <= _MAX_LED_BY


def _is_listed(text: str) -> bool:
    return len(text.split()) <= _MAX_LISTED and not _NOT_LISTED.search(text)


def _trimmed(sentence: str, start: int, end: int) -> str:
    leads = _LEADS.match(sentence, start)
    first = leads.end() if leads else start
    quote = sentence[first:end]
    is_open = quote.count("(") > quote.count(")") and sentence[end : end + 1] == ")"
    return sentence[first : end + 1 if is_open else end].strip()
