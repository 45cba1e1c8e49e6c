"""Written constraints that copy another thread's, found as they come in."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Annotated

from pydantic import Field

from builder.records import Conversation
from builder.settings import Strict
from builder.synthesis.diversity import Gram, grams_of, words_of

COPIED = "copies the constraint of another thread"


class CopyRule(Strict):
    """When a text copies another.

    `gram_words` is the length of the word runs that are compared, `min_jaccard` in (0, 1] the
    overlap of those runs from which a text is a copy. A copy is asked for anew until it has been
    written `attempts` times.
    """

    gram_words: Annotated[int, Field(ge=1)]
    min_jaccard: Annotated[float, Field(gt=0, le=1)]
    attempts: Annotated[int, Field(ge=1)]


class Kept:
    """The rows that stay, by the trait and the word runs of their constraints.

    `n_copies` counts the copies found so far.
    """

    def __init__(self, rule: CopyRule) -> None:
        self.rule, self.n_copies = rule, 0
        self._holders = defaultdict[tuple[str, Gram], list[int]](list)
        self._rows: list[tuple[str, str, frozenset[Gram]]] = []

    def copied_by(self, row: Conversation) -> str | None:
        """Return which row of another thread a row's constraint copies and how far, or None."""
        trait, grams = self._grams(row)
        shared = Counter(n for gram in grams for n in self._holders[trait, gram])
        overlap, other = max(
            (
                (n_shared / len(grams | self._rows[n][2]), self._rows[n][1])
                for n, n_shared in shared.items()
                if self._rows[n][0] != row.dialog_id
            ),
            default=(0.0, ""),
        )
        if overlap < self.rule.min_jaccard:
            return None
        self.n_copies += 1
        return f"of {other}, overlap {overlap:.2f}"

    def add(self, row: Conversation) -> None:
        """Hold what is written later against this row."""
        trait, grams = self._grams(row)
        for gram in grams:
            self._holders[trait, gram].append(len(self._rows))
        self._rows.append((row.dialog_id, row.conversation_id, grams))

    def _grams(self, row: Conversation) -> tuple[str, frozenset[Gram]]:
        if row.constraint is None:
            raise ValueError(f"{row.conversation_id} holds no constraint")
        text = f"{row.constraint.earlier} {row.constraint.text}"
        grams = frozenset(grams_of(text, self.rule.gram_words) or [tuple(words_of(text))])
        return row.constraint.trait, grams
