"""What a judged conversation is compared with: the catalogue, its own set, the other threads."""

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
class JudgingContext:
    """What conversations are compared with.

    Attributes:
        taxonomy: Taxonomy of the traits.
        title_by_id: "Title (Year)" of every item.
        original: The variant without a constraint, by sample id.
        nearest: By conversation id, overlap of its constraint with the most similar one of the
            same trait in another thread.
        n_copies: By conversation id, other threads with exactly the same constraint.
        oracle: The building oracle.
        reasoner: Words why titles are left out.
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
    ) -> JudgingContext:
        """Return the context of all conversations of a run."""
        nearest, n_copies = compare_constraints(rows)
        original = {row.request_id: row for row in rows if row.variant == WITHOUT}
        reasoner = Reasoner(taxonomy, Renderer(taxonomy), seed)
        return cls(taxonomy, titles_of(items), original, nearest, n_copies, oracle, reasoner)


def compare_constraints(
    rows: Iterable[Conversation],
) -> tuple[dict[str, float], dict[str, int]]:
    """Return the overlap with the most similar other text and the exact copies, by conversation id.

    Only texts of the same trait are compared, and each text of a thread counts once.
    """
    texts_by_trait: dict[str, dict[tuple[str, str], list[str]]] = {}
    for row in rows:
        if row.constraint is not None:
            texts = texts_by_trait.setdefault(row.constraint.trait, {})
            texts.setdefault((row.dialog_id, full_text(row.constraint)), []).append(
                row.conversation_id
            )
    nearest, n_copies = dict[str, float](), dict[str, int]()
    for texts in texts_by_trait.values():
        words = [text for _, text in texts]
        measured = zip(nearest_overlaps(words, GRAM_WORDS), copies(words), strict=True)
        for ids, (overlap, n) in zip(texts.values(), measured, strict=True):
            nearest.update(dict.fromkeys(ids, overlap))
            n_copies.update(dict.fromkeys(ids, n))
    return nearest, n_copies


def full_text(constraint: Constraint) -> str:
    """Return the text of a constraint, that of an earlier message on its own line."""
    return f"{constraint.earlier}\n{constraint.text}".strip()
