"""Case reply-content-parts and its neighbours: a paid reply of another shape is read, or kept."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from builder.llm.protocol import Failure
from tests.support.chat_calls import PICK_ANSWER, PICKED, ask_one, engine_for, pick_request
from tests.support.scripted_server import KEY, answering

OBJECT = PICK_ANSWER["content"]
TEXT = {"type": "text", "text": OBJECT}
THOUGHT = {"type": "thinking", "thinking": [{"type": "text", "text": "Row {0}?"}]}


def completion(message: dict[str, Any], **fields: Any) -> dict[str, Any]:
    choice = {"message": message, "finish_reason": "stop"}
    return {"raw": json.dumps({"model": "m", "choices": [choice], **fields}).encode()}


@pytest.mark.parametrize(
    "answer",
    [
        completion({"content": [TEXT]}),
        completion({"content": [THOUGHT, TEXT]}),
        completion({"content": [OBJECT[:9], {"type": "output_text", "text": OBJECT[9:]}]}),
        completion({"content": json.loads(OBJECT)}),
        completion({"content": None, "reasoning_content": OBJECT}),
        completion({"content": f"<think>{{no}}</think>{OBJECT}"}),
        completion({"content": f"{OBJECT}\n\nLet me know if you need more."}),
        completion({"content": OBJECT}, usage={"prompt_tokens": "many"}),
        completion({"content": OBJECT}, usage=7),
        completion({"content": OBJECT}, model=None, choices_left=0),
        {"raw": json.dumps({"choices": [{"message": {"content": OBJECT}}]}).encode()},
    ],
    ids=[
        "parts",
        "thoughts before",
        "strings and parts",
        "an object",
        "as reasoning",
        "think block",
        "a remark behind",
        "tokens that are no number",
        "usage that is none",
        "model that is none",
        "the least that can be read",
    ],
)
def test_a_reply_of_another_shape_is_read_and_paid_once(
    ledger: Path, answer: dict[str, Any]
) -> None:
    with answering(answer) as chat:
        for _ in range(2):
            with engine_for(ledger) as asker:
                assert ask_one(asker, pick_request("r1")) == PICKED
        assert len(chat.bodies) == 1


def test_half_of_an_emoji_is_read(ledger: Path) -> None:
    answer = completion({"content": '{"name": "\\ud83d", "score": 4}'})
    with answering(answer) as chat, engine_for(ledger) as asker:
        outcome = ask_one(asker, pick_request("r1"))
        assert len(chat.bodies) == 2
    assert isinstance(outcome, Failure)
    assert outcome.detail.startswith("name: Value error, is not one of the names offered")


def test_a_refusal_among_parts_is_one(ledger: Path) -> None:
    parts = [{"type": "refusal", "refusal": "I will not."}]
    with answering(completion({"content": parts})) as chat, engine_for(ledger) as asker:
        outcome = ask_one(asker, pick_request("r1"))
        assert len(chat.bodies) == 1
    assert isinstance(outcome, Failure)
    assert (outcome.reason, outcome.detail) == ("model refused", "I will not.")


def test_what_cannot_fit_is_kept_and_asked_once_more(ledger: Path) -> None:
    answer = completion({"content": [{"type": "image", "url": "x"}]})
    with answering(answer, completion({"content": 7})) as chat:
        for _ in range(2):
            with engine_for(ledger) as asker:
                outcome = ask_one(asker, pick_request("r1"))
                assert isinstance(outcome, Failure)
                assert outcome.detail.endswith("the reply was: 7")
        assert len(chat.bodies) == 2


def test_a_key_that_an_answer_repeats_is_not_kept(ledger: Path) -> None:
    message = {"content": f"{OBJECT} with {KEY}", "refusal": None}
    with answering(completion(message) | {"headers": {"X-Key": KEY}}), engine_for(ledger) as asker:
        assert ask_one(asker, pick_request("r1")) == PICKED
    with closing(sqlite3.connect(ledger)) as kept:
        assert kept.execute("SELECT content FROM replies").fetchone() == (f"{OBJECT} with [key]",)
