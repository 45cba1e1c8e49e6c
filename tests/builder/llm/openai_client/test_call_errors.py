"""Calls that fail, are tried again, or are refused a format of reply."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from builder.llm.protocol import Failure
from tests.builder.llm.conftest import ask_one
from tests.builder.llm.openai_client.test_engine import EXPECTED, GOOD, MADE_BY, ask_for, client

Serving = Callable[..., AbstractContextManager[Any]]


@pytest.mark.parametrize(
    "passing",
    [
        {"status": 429},
        {"status": 429, "headers": {"Retry-After": "0"}},
        {"status": 500},
        {"raw": b'{"id": "c1", "choices": ['},
        {"raw": b'{"id": "c1", "model": "m", "choices": []}'},
        {"content": GOOD["content"], "wait_s": 30.0},
    ],
    ids=["429", "429 with Retry-After", "500", "cut off", "no choice", "too slow"],
)
def test_a_passing_trouble_is_tried_again(
    serving: Serving, ledger: Path, passing: dict[str, Any]
) -> None:
    with serving(passing, GOOD) as chat, client(chat.url, ledger, timeout_s=0.5) as asker:
        assert ask_one(asker, ask_for("r1")) == EXPECTED
        assert len(chat.bodies) == 2


def test_retry_after_is_honoured(serving: Serving, ledger: Path) -> None:
    answers = {"status": 429, "headers": {"Retry-After": "1"}}, GOOD
    with serving(*answers) as chat, client(chat.url, ledger) as asker:
        started = time.monotonic()
        assert ask_one(asker, ask_for("r1")) == EXPECTED
        assert time.monotonic() - started >= 1.0


@pytest.mark.parametrize(
    ("answer", "attempts", "detail"),
    [
        ({"status": 500}, 3, "status 500"),
        ({"status": 429}, 3, "status 429"),
        ({"status": 400}, 3, "status 400"),  # once in each format
        ({"raw": b"<html>"}, 3, "the answer is no chat completion"),
    ],
    ids=["500", "429", "400", "html"],
)
def test_lasting_trouble_is_a_failure_and_not_kept(
    serving: Serving, ledger: Path, answer: dict[str, Any], attempts: int, detail: str
) -> None:
    with serving(answer) as chat, client(chat.url, ledger) as asker:
        assert ask_one(asker, ask_for("r1")) == Failure("endpoint failed", detail, MADE_BY)
        assert len(chat.bodies) == attempts
    with serving(GOOD) as chat, client(chat.url, ledger) as asker:
        assert ask_one(asker, ask_for("r1")) == EXPECTED


@pytest.mark.parametrize(
    ("refused", "chosen"), [(1, "json_object"), (2, "text")], ids=["json mode", "text"]
)
def test_an_endpoint_is_asked_in_the_best_format_that_it_can(
    serving: Serving, ledger: Path, refused: int, chosen: str
) -> None:
    wrapped = {"content": f"Here you are:\n```json\n{GOOD['content']}\n```"}
    with serving(*[{"status": 400}] * refused, wrapped) as chat, client(chat.url, ledger) as asker:
        assert ask_one(asker, ask_for("r1")) == EXPECTED
        assert ask_one(asker, ask_for("r2")) == EXPECTED
        assert len(chat.bodies) == refused + 2
        body = chat.bodies[-1]
    assert body.get("response_format", {"type": "text"}) == {"type": chosen}
    assert "Reply with one JSON object of this JSON schema:" in body["messages"][-1]["content"]


def test_who_is_refused_a_format_late_takes_the_one_that_others_found(
    serving: Serving, ledger: Path
) -> None:
    answers = {"status": 400}, {"status": 400, "wait_s": 0.5}, GOOD
    with serving(*answers) as chat, client(chat.url, ledger, in_flight=2) as asker:
        outcomes = [outcome for _, outcome in asker.ask_many([ask_for("r1"), ask_for("r2")])]
        assert len(chat.bodies) == 4
    assert outcomes == [EXPECTED, EXPECTED]
