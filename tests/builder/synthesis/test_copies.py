from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from builder.records import Constraint, Conversation
from builder.sources import Reject
from builder.synthesis.copies import COPIED, CopyRule, drop_copies

TEXT = "Please leave out anything where a horse gets hurt, I beg you."


@pytest.mark.parametrize(
    ("changes", "text", "is_kept"),
    [
        ({"dialog_id": "t2"}, TEXT, False),
        ({"dialog_id": "t2"}, TEXT.upper(), False),
        ({"dialog_id": "t2"}, "I would rather see no horse in trouble.", True),
        ({}, TEXT, True),
        ({"dialog_id": "t2", "mode": "cues"}, TEXT, True),
        ({"dialog_id": "t2", "constraint": None}, TEXT, True),
        ({"dialog_id": "t2", "trait": "Gore"}, TEXT, True),
    ],
    ids=["word for word", "but for case", "other words", "own thread", "a cue", "none", "trait"],
)
def test_what_another_thread_says_already_is_left_out(
    a_conversation: Callable[..., Conversation],
    reject: Reject,
    rejected: list[tuple[str, str, str]],
    changes: dict[str, Any],
    text: str,
    is_kept: bool,
) -> None:
    first = a_conversation(constraint=Constraint("Dogs", "stated", TEXT, 0))
    trait = changes.pop("trait", "Dogs")
    own = {"constraint": Constraint(trait, "stated", text, 0), "conversation_id": "second"}
    rows = [first, replace(first, **(own | changes))]
    kept = list(drop_copies(rows, CopyRule(gram_words=3, min_jaccard=0.8), reject))
    assert len(kept) == 1 + is_kept
    assert kept[0] == first
    told = [("second", COPIED, f"of {first.conversation_id}, overlap 1.00")]
    assert rejected == ([] if is_kept else told)
