"""Case unsupported-parameter: the line that ends a run names what the endpoint refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from builder.llm.client_settings import OpenAISettings
from builder.llm.openai_client.refusals import Refusal, read_refusal
from builder.llm.protocol import ChatError, Failure
from tests.support.chat_calls import (
    MARK_ANSWER,
    PICK_ANSWER,
    PICK_MADE_BY,
    PICKED,
    ask_marks,
    ask_one,
    engine_for,
    pick_request,
)
from tests.support.scripted_server import KEY, answering

Chosen = Callable[..., OpenAISettings]
LIMIT = "writer.max_tokens and max_tokens_key"


def refusing(status: int = 400, **error: Any) -> dict[str, Any]:
    return {"status": status, "raw": json.dumps({"error": {"message": KEY, **error}}).encode()}


def detailing(place: str, **around: Any) -> dict[str, Any]:
    detail = [{"type": "extra_forbidden", "loc": ["body", place], "input": KEY}]
    return {"status": 422, "raw": json.dumps({"detail": detail, **around}).encode()}


@pytest.mark.parametrize(
    ("answer", "problem", "check"),
    [
        (
            refusing(param="max_tokens", code="unsupported_parameter"),
            "refuses 'max_tokens' with status 400 (unsupported_parameter, max_tokens)",
            LIMIT,
        ),
        (
            refusing(param="temperature", code="unsupported_value"),
            "refuses 'temperature' with status 400 (unsupported_value, temperature)",
            "writer.temperature (null sends none)",
        ),
        (
            refusing(param="temperature", code=None),
            "refuses 'temperature' with status 400 (temperature)",
            "writer.temperature (null sends none)",
        ),
        (
            refusing(param="max_completion_tokens", code="invalid_value"),
            "refuses 'max_completion_tokens' with status 400 (invalid_value, "
            "max_completion_tokens)",
            LIMIT,
        ),
        (
            detailing("max_completion_tokens"),
            "refuses 'max_completion_tokens' with status 422 (extra_forbidden, "
            "max_completion_tokens)",
            LIMIT,
        ),
    ],
    ids=["no such limit", "temperature", "without a code", "limit too large", "by pydantic"],
)
def test_a_setting_that_is_refused_ends_the_run_at_its_first_call(
    chosen: Chosen, answer: dict[str, Any], problem: str, check: str
) -> None:
    with answering(answer) as chat:
        with pytest.raises(ChatError) as caught:
            ask_marks(chosen(in_flight=1), 40)
        assert str(caught.value) == (
            f"{chat.url}/: {problem}; check {check}, then run again: paid replies are kept"
        )
        assert len(chat.bodies) == 1


def test_with_many_in_flight_none_is_asked_in_another_format(chosen: Chosen) -> None:
    with answering(refusing(param="max_tokens", code="unsupported_parameter")) as chat:
        with pytest.raises(ChatError, match="refuses 'max_tokens'"):
            ask_marks(chosen(in_flight=8), 400)
        assert len(chat.bodies) <= 8


@pytest.mark.parametrize(
    "refused",
    [
        refusing(param="response_format", code="unsupported_value"),
        refusing(param="text.format", code=None),
        refusing(param=None, code=400),
        {"status": 422, "raw": b'{"detail": "no"}'},
        {"status": 400, "raw": b'["no"]'},
    ],
    ids=["format", "its other name", "nothing named", "a detail in words", "a list"],
)
def test_a_refused_format_is_still_followed_by_the_next(
    ledger: Path, refused: dict[str, Any]
) -> None:
    with answering(refused, PICK_ANSWER) as chat, engine_for(ledger) as asker:
        assert ask_one(asker, pick_request("r1")) == PICKED
        assert [body["response_format"]["type"] for body in chat.bodies] == [
            "json_schema",
            "json_object",
        ]


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ({"param": "messages", "code": "context_length_exceeded"}, "context_length_exceeded, "),
        ({"param": "messages.[0].content", "code": None}, ""),
    ],
    ids=["too long", "content"],
)
def test_a_row_that_is_refused_is_asked_once_and_ends_no_run(
    ledger: Path, error: dict[str, Any], shown: str
) -> None:
    with answering(refusing(**error), PICK_ANSWER) as chat, engine_for(ledger) as asker:
        detail = f"status 400 ({shown}{error['param']})"
        assert ask_one(asker, pick_request("r1")) == Failure(
            "endpoint failed", detail, PICK_MADE_BY
        )
        assert ask_one(asker, pick_request("r2")) == PICKED
        assert len(chat.bodies) == 2


def test_a_limit_refused_for_one_long_row_ends_no_run(chosen: Chosen) -> None:
    too_long = refusing(param="max_tokens", code=None)
    with answering(MARK_ANSWER, too_long, MARK_ANSWER):
        outcomes = ask_marks(chosen(in_flight=1), 3)
    assert [type(outcome).__name__ for outcome in outcomes] == ["Reply", "Failure", "Reply"]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"code": "a", "param": "b"}, Refusal("a", "b")),
        ({"error": {"code": KEY, "param": f"x{KEY}"}}, Refusal()),
        ({"error": {"code": "two words", "param": "\x1b[31m"}}, Refusal()),
        ({"error": {"code": "c" * 65, "param": ["b"]}}, Refusal()),
        ({"error": "no"}, Refusal()),
        ("no", Refusal()),
        (None, Refusal()),
        ({"message": {"detail": [{"type": "t", "loc": ["body", "p", 0]}]}}, Refusal("t", "p")),
        ({"detail": [{"type": "t", "loc": []}], "code": "c"}, Refusal("c")),
        ({"detail": [], "param": "p"}, Refusal("", "p")),
    ],
    ids=str,
)
def test_only_words_that_hold_no_key_are_read(body: Any, refusal: Refusal) -> None:
    assert read_refusal(body, KEY) == refusal
