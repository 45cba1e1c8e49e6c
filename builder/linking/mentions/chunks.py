"""Splits long turns into chunks, so that linking a megabyte takes linear and not quadratic time.

Nearly every turn is one chunk. A longer one is cut at the end of a line, else of a sentence, else
between words. A title across a cut is lost, and one chunk gives no context to another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from builder.records import Span, Turn

_MAX_CHARS = 4000
_CUTS = ("\n", ". ", ", ", " ")


def chunks(turn: Turn) -> Iterator[tuple[int, Turn]]:
    """Yield (offset, chunk) in order; joined, the chunks' texts are the turn's."""
    start = 0
    while start < len(turn.text):
        end = _end(turn.text, start)
        text = turn.text[start:end]
        yield start, replace(turn, text=text, spans=tuple(_within(turn.spans, start, end)))
        start = end


def _end(text: str, start: int) -> int:
    limit = start + _MAX_CHARS
    if len(text) <= limit:
        return len(text)
    for mark in _CUTS:
        cut = text.rfind(mark, start + _MAX_CHARS // 2, limit)
        if cut >= 0:
            return cut + len(mark)
    return limit


def _within(spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    for span in spans:
        left, right = max(span.start, start), min(span.end, end)
        if left < right:
            yield replace(span, start=left - start, end=right - start)
