"""Detects written constraints that copy another thread's."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated

from pydantic import Field

from builder.near_copies.shingles import ShingleIndex, shingle_set
from builder.records import Conversation
from builder.settings import Strict
from builder.synthesis.diversity import words_of

COPIED = "copies the constraint of another thread"


class CopyRule(Strict):
    """When a text is a copy of another.

    Attributes:
        gram_words: Length of the word runs that are compared.
        min_jaccard: Overlap of these runs from which a text is a copy, in (0, 1].
        attempts: How often a text is asked for at most.
    """

    gram_words: Annotated[int, Field(ge=1)]
    min_jaccard: Annotated[float, Field(gt=0, le=1)]
    attempts: Annotated[int, Field(ge=1)]


class CopyIndex:
    """The rows kept so far, by the trait and the word runs of their constraints.

    Attributes:
        rule: When a text is a copy.
        n_copies: Copies detected so far.
    """

    def __init__(self, rule: CopyRule) -> None:
        self.rule, self.n_copies = rule, 0
        self._index_by_trait = defaultdict[str, ShingleIndex](ShingleIndex)
        self._ids_by_trait = defaultdict[str, list[tuple[str, str]]](list)

    def copied_by(self, row: Conversation) -> str | None:
        """Return which row of another thread a row's constraint copies, and how far, or None."""
        trait, runs = self._runs(row)
        ids = self._ids_by_trait[trait]
        overlap, other = max(
            (
                (overlap, ids[number][1])
                for number, overlap in self._index_by_trait[trait].overlaps(runs)
                if ids[number][0] != row.dialog_id
            ),
            default=(0.0, ""),
        )
        if overlap < self.rule.min_jaccard:
            return None
        self.n_copies += 1
        return f"of {other}, overlap {overlap:.2f}"

    def add(self, row: Conversation) -> None:
        """Add a row that later rows must not copy."""
        trait, runs = self._runs(row)
        self._index_by_trait[trait].add(runs)
        self._ids_by_trait[trait].append((row.dialog_id, row.conversation_id))

    def _runs(self, row: Conversation) -> tuple[str, frozenset[str]]:
        if row.constraint is None:
            raise ValueError(f"{row.conversation_id} holds no constraint")
        text = f"{row.constraint.earlier} {row.constraint.text}"
        return row.constraint.trait, shingle_set(words_of(text), self.rule.gram_words)
