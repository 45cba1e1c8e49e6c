"""Text with marked spans that stay on their words while the text around them is edited."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from builder.records import Span, SpanKind


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces characters [start, end) by `insert`."""

    start: int
    end: int
    insert: str = ""


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text and the spans that its author set apart."""

    text: str
    spans: tuple[Span, ...] = ()

    def edited(self, edits: Sequence[Edit], added: Iterable[Span] = ()) -> MarkedText:
        """Return the text after the edits, with its spans moved; empty spans are dropped.

        Args:
            edits: In order and not overlapping.
            added: Further spans, as offsets in the text before the edits.
        """
        parts, last = [], 0
        for edit in edits:
            parts += [self.text[last : edit.start], edit.insert]
            last = edit.end
        text = "".join([*parts, self.text[last:]])
        moved_to = _mover(edits)
        moved = (
            Span(moved_to(span.start), moved_to(span.end), span.kind)
            for span in (*self.spans, *added)
        )
        kept = {span for span in moved if span.start < span.end}
        return MarkedText(text, tuple(sorted(kept, key=lambda s: (s.start, s.end, s.kind))))

    def unwrapped(self, pattern: re.Pattern[str], kind: SpanKind | None) -> MarkedText:
        """Return the text with each match reduced to its group "inner" and marked as `kind`."""
        edits: list[Edit] = []
        added: list[Span] = []
        for match in pattern.finditer(self.text):
            start, end = match.span("inner")
            edits += [Edit(match.start(), start), Edit(end, match.end())]
            if kind is not None:
                added.append(Span(start, end, kind))
        return self.edited(edits, added) if edits else self

    def replaced(self, pattern: re.Pattern[str], insert: str) -> tuple[MarkedText, int]:
        """Return the text with every match replaced, and the number of matches."""
        edits = [Edit(*match.span(), insert) for match in pattern.finditer(self.text)]
        return (self.edited(edits) if edits else self), len(edits)

    def joined(self, other: MarkedText, gap: str) -> MarkedText:
        """Return this text, the gap, and the other text."""
        shift = len(self.text) + len(gap)
        spans = (Span(s.start + shift, s.end + shift, s.kind) for s in other.spans)
        return MarkedText(f"{self.text}{gap}{other.text}", (*self.spans, *spans))


def _mover(edits: Sequence[Edit]) -> Callable[[int], int]:
    """Return a function from old to new offsets; one within a replaced part moves to its start."""
    starts = [edit.start for edit in edits]
    grown = (len(edit.insert) - (edit.end - edit.start) for edit in edits)
    shifts = list(accumulate(grown, initial=0))  # before each edit, and after the last

    def moved_to(offset: int) -> int:
        number = bisect_left(starts, offset)  # edits that begin before it
        if number and offset < edits[number - 1].end:
            return edits[number - 1].start + shifts[number - 1]
        while number < len(edits) and edits[number].end == offset:  # only inserts, right here
            number += 1
        return offset + shifts[number]

    return moved_to
