"""What a judged conversation is held against: the catalogue, its own set, the other threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from builder.explanations.renderer import Renderer
from builder.oracle.files.oracle import Oracle
from builder.records import Constraint, Conversation, Item
from builder.synthesis.answers.reasoning import Reasoner
from builder.synthesis.diversity import copies, nearest_overlaps
from builder.synthesis.judging.consistency import titles_of
from builder.synthesis.styles import WITHOUT
from builder.taxonomy import Taxonomy

GRAM_WORDS = 3
"""Length of the word runs by which texts are compared."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What one row is held against.

    `original` holds the "without" variant by sample id; `nearest` and `n_copies` compare the
    constraints of a trait across threads, by conversation id. `oracle` is the building one;
    `reasoner` writes what is said of titles left out.
    """

    taxonomy: Taxonomy
    title_by_id: Mapping[str, str]
    original: Mapping[str, Conversation]
    nearest: Mapping[str, float]
    n_copies: Mapping[str, int]
    oracle: Oracle
    reasoner: Reasoner

    @classmethod
    def of(
        cls,
        rows: Sequence[Conversation],
        items: list[Item],
        taxonomy: Taxonomy,
        oracle: Oracle,
        seed: int,
    ) -> Bench:
        """Return the bench of all conversations of a run."""
        nearest, n_copies = compare_constraints(rows)
        original = {row.sample_id: row for row in rows if row.variant == WITHOUT}
        reasoner = Reasoner(taxonomy, Renderer(taxonomy), seed)
        return cls(taxonomy, titles_of(items), original, nearest, n_copies, oracle, reasoner)


def compare_constraints(
    rows: Iterable[Conversation],
) -> tuple[dict[str, float], dict[str, int]]:
    """Return by conversation id the overlap with the nearest other text, and the exact copies.

    Only texts of one trait are compared, and one thread counts each of its texts once.
    """
    texts_by_trait: dict[str, dict[tuple[str, str], list[str]]] = {}
    for row in rows:
        if row.constraint is not None:
            texts = texts_by_trait.setdefault(row.constraint.trait, {})
            texts.setdefault((row.dialog_id, said(row.constraint)), []).append(row.conversation_id)
    nearest, n_copies = dict[str, float](), dict[str, int]()
    for texts in texts_by_trait.values():
        words = [text for _, text in texts]
        measured = zip(nearest_overlaps(words, GRAM_WORDS), copies(words), strict=True)
        for ids, (overlap, n) in zip(texts.values(), measured, strict=True):
            nearest.update(dict.fromkeys(ids, overlap))
            n_copies.update(dict.fromkeys(ids, n))
    return nearest, n_copies


def said(constraint: Constraint) -> str:
    """Return all words of a constraint, those of an earlier message on a line of their own."""
    return f"{constraint.earlier}\n{constraint.text}".strip()
