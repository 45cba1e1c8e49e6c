"""Calls that fail, are tried again, or are refused a format of reply."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.llm.openai_client.call_errors import read_retry_after
from builder.llm.protocol import Failure
from tests.support.chat_calls import (
    PICK_ANSWER,
    PICK_MADE_BY,
    PICKED,
    ask_one,
    engine_for,
    pick_request,
)
from tests.support.scripted_server import answering

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Sun, 01 Mar 2026 12:00:10", 10.0),
        ("soon", None),
        ("", None),
        ("inf", None),
        ("nan", None),
    ],
    ids=lambda value: repr(value),
)
def test_retry_after_is_read(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value, NOW) == seconds


@given(st.text(max_size=40))
def test_any_header_is_seconds_or_nothing(value: str) -> None:
    seconds = read_retry_after(value, NOW)
    assert seconds is None or 0 <= seconds < float("inf")


@pytest.mark.parametrize(
    "passing",
    [
        {"status": 429},
        {"status": 429, "headers": {"Retry-After": "0"}},
        {"status": 500},
        {"raw": b'{"id": "c1", "choices": ['},
        {"raw": b'{"id": "c1", "model": "m", "choices": []}'},
        {"content": PICK_ANSWER["content"], "wait_s": 30.0},
    ],
    ids=["429", "429 with Retry-After", "500", "cut off", "no choice", "too slow"],
)
def test_a_passing_trouble_is_tried_again(ledger: Path, passing: dict[str, Any]) -> None:
    with answering(passing, PICK_ANSWER) as chat, engine_for(ledger, timeout_s=0.5) as asker:
        assert ask_one(asker, pick_request("r1")) == PICKED
        assert len(chat.bodies) == 2


def test_nothing_is_asked_before_the_time_that_a_server_asks_for(ledger: Path) -> None:
    closed = {"status": 429, "headers": {"Retry-After": "1"}, "closed_s": 0.9}
    with answering(closed, PICK_ANSWER) as chat, engine_for(ledger) as asker:
        assert ask_one(asker, pick_request("r1")) == PICKED
        assert len(chat.bodies) == 2


@pytest.mark.parametrize(
    ("answer", "attempts", "detail"),
    [
        ({"status": 500}, 3, "status 500"),
        ({"status": 429}, 3, "status 429"),
        ({"status": 400}, 3, "status 400"),  # once in each format
        ({"raw": b"<html>"}, 3, "the reply is not a chat completion"),
    ],
    ids=["500", "429", "400", "html"],
)
def test_lasting_trouble_is_a_failure_and_not_kept(
    ledger: Path, answer: dict[str, Any], attempts: int, detail: str
) -> None:
    with answering(answer) as chat, engine_for(ledger) as asker:
        assert ask_one(asker, pick_request("r1")) == Failure(
            "endpoint failed", detail, PICK_MADE_BY
        )
        assert len(chat.bodies) == attempts
    with answering(PICK_ANSWER), engine_for(ledger) as asker:
        assert ask_one(asker, pick_request("r1")) == PICKED


@pytest.mark.parametrize(
    ("refused", "chosen"), [(1, "json_object"), (2, "text")], ids=["json mode", "text"]
)
def test_an_endpoint_is_asked_in_the_best_format_that_it_can(
    ledger: Path, refused: int, chosen: str
) -> None:
    wrapped = {"content": f"Here you are:\n```json\n{PICK_ANSWER['content']}\n```"}
    with answering(*[{"status": 400}] * refused, wrapped) as chat, engine_for(ledger) as asker:
        assert ask_one(asker, pick_request("r1")) == PICKED
        assert ask_one(asker, pick_request("r2")) == PICKED
        assert len(chat.bodies) == refused + 2
        body = chat.bodies[-1]
    assert body.get("response_format", {"type": "text"}) == {"type": chosen}
    assert "Reply with one JSON object of this JSON schema:" in body["messages"][-1]["content"]


def test_who_is_refused_a_format_late_takes_the_one_that_others_found(ledger: Path) -> None:
    answers = {"status": 400}, {"status": 400, "wait_s": 0.5}, PICK_ANSWER
    with answering(*answers) as chat, engine_for(ledger, in_flight=2) as asker:
        outcomes = [
            outcome for _, outcome in asker.ask_many([pick_request("r1"), pick_request("r2")])
        ]
        assert len(chat.bodies) == 4
    assert outcomes == [PICKED, PICKED]
