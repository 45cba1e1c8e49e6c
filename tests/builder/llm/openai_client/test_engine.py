import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from builder.llm.asking import ask_all
from builder.llm.protocol import ChatError, Failure
from tests.support.chat_calls import (
    PICK_ANSWER,
    PICK_MADE_BY,
    PICKED,
    ask_one,
    engine_for,
    pick_request,
)
from tests.support.scripted_server import answering


def test_a_reply_is_validated_and_names_model_and_prompt(ledger: Path) -> None:
    with answering(PICK_ANSWER) as chat, engine_for(ledger) as asker:
        assert ask_one(asker, pick_request("r1")) == PICKED
        assert chat.paths == ["/v1/chat/completions"]
        body = chat.bodies[0]
    assert body["messages"] == [{"role": "user", "content": "Which?"}]
    assert (body["model"], body["temperature"], body["max_completion_tokens"]) == (
        "small-model",
        0.5,
        64,
    )
    schema = body["response_format"]["json_schema"]
    assert (schema["name"], schema["strict"]) == ("pick", True)
    assert schema["schema"]["additionalProperties"] is False
    assert schema["schema"]["required"] == ["name", "score"]


def test_what_was_paid_for_is_not_asked_again(ledger: Path) -> None:
    with answering(PICK_ANSWER) as chat:
        for _ in range(2):
            with engine_for(ledger) as asker:
                assert ask_one(asker, pick_request("r1")) == PICKED
        assert len(chat.bodies) == 1
        with engine_for(ledger) as asker:
            ask_one(asker, pick_request("r2"))
            ask_one(asker, pick_request("r1", "Which, then?"))
        with engine_for(ledger, temperature=0.6) as asker:
            ask_one(asker, pick_request("r1"))
        assert len(chat.bodies) == 4
    found = sqlite3.connect(ledger)
    rows = found.execute("SELECT task, row_id, prompt_tokens, completion_tokens FROM replies")
    assert sorted(rows.fetchall()) == [("pick", "r1", 11, 7)] * 3 + [("pick", "r2", 11, 7)]
    found.close()


@pytest.mark.parametrize(
    ("first", "error"),
    [
        ({"content": "Sure! I pick a."}, "Invalid JSON"),
        ({"content": '{"name": "a"}'}, "score: Field required"),
        ({"content": '{"name": "a", "score": 4, "task": "new"}'}, "task: Extra inputs"),
        ({"content": '{"name": "c", "score": 4}'}, "is not one of the names offered"),
    ],
    ids=["prose", "missing field", "extra field", "not offered"],
)
def test_an_unfit_reply_is_repaired_once(ledger: Path, first: dict[str, Any], error: str) -> None:
    with answering(first, PICK_ANSWER) as chat:
        for _ in range(2):
            with engine_for(ledger) as asker:
                assert ask_one(asker, pick_request("r1")) == PICKED
        assert len(chat.bodies) == 2
        assert chat.bodies[1]["messages"][1]["content"] == first["content"]
        assert error in chat.bodies[1]["messages"][2]["content"]


def test_a_reply_unfit_twice_is_a_failure_with_its_words(ledger: Path) -> None:
    with answering({"content": "no"}) as chat, engine_for(ledger) as asker:
        outcome = ask_one(asker, pick_request("r1"))
        assert len(chat.bodies) == 2
    assert isinstance(outcome, Failure)
    assert outcome.reason == "reply does not fit its schema"
    assert outcome.detail.endswith("the reply was: no")
    assert outcome.made_by == PICK_MADE_BY


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        ({"refusal": "I will not."}, "I will not."),
        ({"content": "", "finish_reason": "content_filter"}, ""),
    ],
    ids=["refusal", "content filter"],
)
def test_a_refusal_is_its_own_outcome(ledger: Path, answer: dict[str, Any], detail: str) -> None:
    with answering(answer) as chat, engine_for(ledger) as asker:
        assert ask_one(asker, pick_request("r1")) == Failure("model refused", detail, PICK_MADE_BY)
        assert len(chat.bodies) == 1


def test_what_is_spent_is_told_while_it_goes_on(ledger: Path) -> None:
    with answering(PICK_ANSWER), engine_for(ledger) as asker:
        ask_one(asker, pick_request("r1"))
        assert asker.line() == "no price, 18 tokens, 0 in flight"
    prices = ledger.parent / "prices.yaml"
    prices.write_text(
        "models: {small-model: {input: 100, output: 1000, batch: 1, as_of: '2026-01-02'}}"
    )
    told = {"prices": str(prices)}
    with answering({"refusal": "No."}, PICK_ANSWER), engine_for(ledger, **told) as asker:
        ask_one(asker, pick_request("r2"))
        ask_one(asker, pick_request("r3"))
        assert asker.line() == "$0.0162, $0.0081 wasted, 36 tokens, 0 in flight"
        figures = asker.figures()
    assert (figures["used"]["usd"], figures["wasted"]["usd"]) == (0.0081, 0.0081)
    assert (figures["ledger_total"]["calls"], figures["ledger_total"]["usd"]) == (3, 0.0162)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_an_endpoint_that_serves_nobody_ends_the_run(ledger: Path, status: int) -> None:
    with answering({"status": status}) as chat, engine_for(ledger) as asker:
        with pytest.raises(ChatError, match=f"status {status} for model 'small-model'") as caught:
            ask_one(asker, pick_request("r1"))
        assert len(chat.bodies) == 1
    assert "secret" not in str(caught.value)


def test_neither_key_nor_body_is_logged(ledger: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("openai").setLevel(logging.DEBUG)
    answers = {"status": 500}, {"content": "a private reply"}, {"status": 500}
    with answering(*answers), engine_for(ledger) as asker:
        ask_one(asker, pick_request("r1", "a private question"))
    assert "sk-secret-key" not in caplog.text
    assert "private" not in caplog.text
    logging.getLogger("tests").debug("the log is on")
    assert "the log is on" in caplog.text


def test_many_are_asked_at_once_and_come_back_in_order(ledger: Path) -> None:
    requests = [pick_request(f"r{n}") for n in range(24)]
    none_before_all = {**PICK_ANSWER, "together": 24}
    with answering(none_before_all) as chat, engine_for(ledger, timeout_s=60.0) as asker:
        outcomes = list(ask_all(asker, iter(requests), workers=1))
        assert len(chat.bodies) == 24
    assert outcomes == [(request, PICKED) for request in requests]
