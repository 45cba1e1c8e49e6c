"""Text whose marked spans stay on the same words while the text around them is edited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from builder.records import Span, SpanKind


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters [start, end) are replaced by `insert`."""

    start: int
    end: int
    insert: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the spans its author set apart."""

    text: str
    spans: tuple[Span, ...] = ()

    def edited(self, edits: Sequence[Edit], added: Iterable[Span] = ()) -> Marked:
        """Return the text after the edits, spans moved along; spans left empty are dropped.

        Args:
            edits: In order and not overlapping.
            added: Further spans, in offsets of the text before the edits.
        """
        parts, last = [], 0
        for edit in edits:
            parts += [self.text[last : edit.start], edit.insert]
            last = edit.end
        text = "".join([*parts, self.text[last:]])
        moved = (
            Span(_moved(span.start, edits), _moved(span.end, edits), span.kind)
            for span in (*self.spans, *added)
        )
        kept = {span for span in moved if span.start < span.end}
        return Marked(text, tuple(sorted(kept, key=lambda s: (s.start, s.end, s.kind))))

    def unwrapped(self, pattern: re.Pattern[str], kind: SpanKind | None) -> Marked:
        """Return the text with every match reduced to its group "inner", marked as `kind`."""
        edits: list[Edit] = []
        added: list[Span] = []
        for match in pattern.finditer(self.text):
            start, end = match.span("inner")
            edits += [Edit(match.start(), start), Edit(end, match.end())]
            if kind is not None:
                added.append(Span(start, end, kind))
        return self.edited(edits, added) if edits else self

    def replaced(self, pattern: re.Pattern[str], insert: str) -> tuple[Marked, int]:
        """Return the text with every match replaced, and how many there were."""
        edits = [Edit(*match.span(), insert) for match in pattern.finditer(self.text)]
        return (self.edited(edits) if edits else self), len(edits)

    def joined(self, other: Marked, gap: str) -> Marked:
        """Return this text, the gap, and the other text."""
        shift = len(self.text) + len(gap)
        spans = (Span(s.start + shift, s.end + shift, s.kind) for s in other.spans)
        return Marked(f"{self.text}{gap}{other.text}", (*self.spans, *spans))


def _moved(offset: int, edits: Sequence[Edit]) -> int:
    shift = 0
    for edit in edits:
        if offset >= edit.end:
            shift += len(edit.insert) - (edit.end - edit.start)
        elif offset > edit.start:  # inside what was replaced
            return edit.start + shift
        else:
            break
    return offset + shift
