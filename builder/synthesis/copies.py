"""Written constraints that copy another thread's: the first stays, the others are left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from builder.records import Conversation
from builder.sources import Reject
from builder.synthesis.diversity import Gram, grams_of, words_of

COPIED = "copies the constraint of another thread"


def drop_copies(
    rows: Iterable[Conversation], *, gram_words: int, min_jaccard: float, reject: Reject
) -> Iterator[Conversation]:
    """Yield the rows whose constraint copies none before it of its trait and another thread.

    Args:
        rows: In the order in which they may stay; those to which nothing was added always do.
        gram_words: Length of the word runs that are compared.
        min_jaccard: Overlap of those runs, in (0, 1], from which a text is a copy.
        reject: Takes what is left out.
    """
    holders = defaultdict[tuple[str, Gram], list[int]](list)
    kept: list[tuple[str, str, frozenset[Gram]]] = []
    for row in rows:
        if row.constraint is None or row.mode != "violations":
            yield row
            continue
        trait, text = row.constraint.trait, f"{row.constraint.earlier} {row.constraint.text}"
        grams = frozenset(grams_of(text, gram_words) or [tuple(words_of(text))])
        shared = Counter(n for gram in grams for n in holders[trait, gram])
        overlap, other = max(
            (
                (n_shared / len(grams | kept[n][2]), kept[n][1])
                for n, n_shared in shared.items()
                if kept[n][0] != row.dialog_id
            ),
            default=(0.0, ""),
        )
        if overlap >= min_jaccard:
            reject(row.conversation_id, COPIED, f"of {other}, overlap {overlap:.2f}")
            continue
        for gram in grams:
            holders[trait, gram].append(len(kept))
        kept.append((row.dialog_id, row.conversation_id, grams))
        yield row
