from dataclasses import replace
from typing import Any

import pytest

from builder.records import Constraint
from builder.synthesis.constraints.copies import CopyIndex, CopyRule
from tests.factories import make_conversation

TEXT = "Please leave out anything where a horse gets hurt, I beg you."
RULE = CopyRule(gram_words=3, min_jaccard=0.8, attempts=1)


@pytest.mark.parametrize(
    ("changes", "text", "is_copy"),
    [
        ({"dialog_id": "t2"}, TEXT, True),
        ({"dialog_id": "t2"}, TEXT.upper(), True),
        ({"dialog_id": "t2"}, "I would rather see no horse in trouble.", False),
        ({}, TEXT, False),
        ({"dialog_id": "t2", "trait": "Gore"}, TEXT, False),
    ],
    ids=["word for word", "but for case", "other words", "own thread", "trait"],
)
def test_what_another_thread_says_already_is_a_copy(
    changes: dict[str, Any],
    text: str,
    is_copy: bool,
) -> None:
    first = make_conversation(constraint=Constraint("Dogs", "stated", TEXT, 0))
    trait = changes.pop("trait", "Dogs")
    second = replace(first, constraint=Constraint(trait, "stated", text, 0), **changes)
    kept = CopyIndex(RULE)
    kept.add(first)
    told = f"of {first.conversation_id}, overlap 1.00" if is_copy else None
    assert kept.copied_by(second) == told


def test_texts_shorter_than_a_run_are_compared_whole() -> None:
    first = make_conversation(constraint=Constraint("Dogs", "stated", "No dogs.", 0))
    kept = CopyIndex(RULE)
    kept.add(first)
    assert kept.copied_by(replace(first, dialog_id="t2")) is not None


def test_a_row_without_a_constraint_is_no_copy_of_anything() -> None:
    with pytest.raises(ValueError, match="holds no constraint"):
        CopyIndex(RULE).add(make_conversation(constraint=None))
