"""The systems that are graded: trained models, and a baseline that knows popularity alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from builder.errors import InputError
from builder.evaluation.answers import render_answer
from builder.evaluation.grading import Graders, Question, grade_answer
from builder.evaluation.popularity import popular_items
from builder.export.naming import Names
from builder.export.release_layout import read_rule
from builder.records import Answer, Item, Split
from builder.training.examples import Example, read_examples
from builder.training.generation import answer_prompts
from builder.training.models import load_policy
from builder.training.training_settings import Decoding


def read_questions(saferec: Path, split: Split) -> list[Example]:
    """Return the rows of a split that every system answers.

    Raises:
        InputError: If there is none.
    """
    questions = read_examples(saferec, "sft", split)
    if not questions:
        fix = "choose the dates of the section split so that threads fall into it"
        raise InputError("evaluate", f"the split {split} has no row to answer", fix)
    return questions


def popular_answers(
    saferec: Path, questions: Sequence[Example], items: Sequence[Item]
) -> list[str]:
    """Return the baseline's answers: the titles most recommended in train, of the same domain."""
    domain_of, names = {item.item_id: item.domain for item in items}, Names(items)
    truths = [example.truth for example in read_examples(saferec, "sft", "train")]
    popular = popular_items(truths, domain_of, names, read_rule(saferec).wanted)
    titles = {d: [names.title_year(i) for i in item_ids] for d, item_ids in popular.items()}
    return [render_answer(titles.get(domain_of[row.truth[0]], ())) for row in questions]


def model_answers(
    folder: Path, questions: Sequence[Example], decoding: Decoding, batch_size: int
) -> list[str]:
    """Return a saved model's answers, `batch_size` at once."""
    prompts = [question.prompt for question in questions]
    return answer_prompts(load_policy(str(folder)), prompts, decoding, batch_size)


def graded(
    system: str, questions: Sequence[Example], texts: Sequence[str], graders: Graders
) -> list[Answer]:
    """Return a system's answers with what each title in them is worth."""
    return [
        grade_answer(
            system,
            Question(row.conversation_id, row.dialog_id, row.trait, row.traits, row.truth),
            text,
            graders,
        )
        for row, text in zip(questions, texts, strict=True)
    ]
