"""Written constraints that copy another thread's: the first stays, the others are left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field

from builder.records import Conversation
from builder.sources import Reject
from builder.synthesis.diversity import Gram, grams_of, words_of
from builder.synthesis.yaml_file import Strict

COPIED = "copies the constraint of another thread"


class CopyRule(Strict):
    """When a text copies another.

    `gram_words` is the length of the word runs that are compared, `min_jaccard` in (0, 1] the
    overlap of those runs from which a text is a copy.
    """

    gram_words: Annotated[int, Field(ge=1)]
    min_jaccard: Annotated[float, Field(gt=0, le=1)]


def drop_copies(
    rows: Iterable[Conversation], rule: CopyRule, reject: Reject
) -> Iterator[Conversation]:
    """Yield the rows whose constraint copies none before it of its trait and another thread.

    Args:
        rows: In the order in which they may stay; those to which nothing was added always do.
        rule: What counts as a copy.
        reject: Takes what is left out.
    """
    holders = defaultdict[tuple[str, Gram], list[int]](list)
    kept: list[tuple[str, str, frozenset[Gram]]] = []
    for row in rows:
        if row.constraint is None or row.mode != "violations":
            yield row
            continue
        trait, text = row.constraint.trait, f"{row.constraint.earlier} {row.constraint.text}"
        grams = frozenset(grams_of(text, rule.gram_words) or [tuple(words_of(text))])
        shared = Counter(n for gram in grams for n in holders[trait, gram])
        overlap, other = max(
            (
                (n_shared / len(grams | kept[n][2]), kept[n][1])
                for n, n_shared in shared.items()
                if kept[n][0] != row.dialog_id
            ),
            default=(0.0, ""),
        )
        if overlap >= rule.min_jaccard:
            reject(row.conversation_id, COPIED, f"of {other}, overlap {overlap:.2f}")
            continue
        for gram in grams:
            holders[trait, gram].append(len(kept))
        kept.append((row.dialog_id, row.conversation_id, grams))
        yield row
