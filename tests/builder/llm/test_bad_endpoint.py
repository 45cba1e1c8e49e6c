"""A server that is not there, or that has nothing for us, ends a run with one line."""

from collections.abc import Callable
from typing import Any

import pytest

from builder.errors import SaferecError
from builder.llm.client_settings import OpenAISettings
from builder.llm.protocol import Reply
from tests.support.chat_calls import MARK_ANSWER, ask_marks, error_of
from tests.support.scripted_server import KEY, answering

Chosen = Callable[..., OpenAISettings]


def test_an_address_where_nobody_listens(chosen: Chosen, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(MARK_ANSWER) as chat:
        shown = chat.url
    monkeypatch.setenv("OPENAI_BASE_URL", f"{shown}?key={KEY}")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert error_of(chosen()) == (
        f"{shown}/: no server answers at this address; check OPENAI_BASE_URL and start the server, "
        "then run again: paid replies are kept"
    )


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (
            {"status": 404},
            "status 404 for model 'small-model'; check OPENAI_BASE_URL, OPENAI_API_KEY and "
            "writer.model",
        ),
        (
            {"status": 400, "raw": b'{"error": {"code": "model_not_found", "message": "no"}}'},
            "status 400 for model 'small-model'; check OPENAI_BASE_URL, OPENAI_API_KEY and "
            "writer.model",
        ),
        (
            {"status": 429, "raw": b'{"error": {"code": "insufficient_quota"}}'},
            "has no credit left for this key; check the account",
        ),
        (
            {"raw": b"<html>Welcome</html>", "headers": {"Content-Type": "text/html"}},
            "answers with a web page; check OPENAI_BASE_URL (most end in /v1)",
        ),
    ],
    ids=["no such model", "no such model, as a 400", "no credit", "web page"],
)
def test_a_server_that_has_nothing_for_us(
    chosen: Chosen,
    answer: dict[str, Any],
    found: str,
) -> None:
    with answering(answer) as chat:
        assert error_of(chosen()) == f"{chat.url}/: {found}, then run again: paid replies are kept"
        assert len(chat.bodies) == 1


@pytest.mark.parametrize(
    ("in_flight", "n_rows"), [(1, 20), (16, 32)], ids=["one at a time", "many at once"]
)
def test_an_endpoint_that_fails_every_row(chosen: Chosen, in_flight: int, n_rows: int) -> None:
    rules = chosen(in_flight=in_flight, attempts=1)
    with answering({"status": 500}) as chat:
        with pytest.raises(SaferecError) as caught:
            ask_marks(rules, 500)
        assert str(caught.value) == (
            f"{chat.url}/: failed {n_rows} rows one after another, the last with 'status 500'; "
            "check the server and the settings of the writer, then run again: paid replies are kept"
        )
        assert n_rows <= len(chat.bodies) < n_rows + in_flight


def test_rows_that_fail_between_others_end_no_run(chosen: Chosen) -> None:
    script = ([{"status": 500}] * 19 + [MARK_ANSWER]) * 3
    with answering(*script):
        outcomes = ask_marks(chosen(in_flight=1, attempts=1), len(script))
    assert sum(isinstance(outcome, Reply) for outcome in outcomes) == 3
