"""Case batch-failed and its neighbours: no row is left out because a batch ended as a whole."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from builder.llm.client_settings import OpenAISettings
from builder.llm.clients import open_client
from builder.llm.protocol import ChatError, Failure, ManyClient, Reply
from tests.support.chat_calls import mark_request
from tests.support.chat_server import counted, running

Chosen = Callable[..., OpenAISettings]
BATCH = {"max_requests": 40, "poll_s": 0.01}
N_ROWS = 50


def ask(settings: OpenAISettings, n_rows: int = N_ROWS) -> list[Any]:
    with open_client(settings, seed=1, grammars={}) as client:
        assert isinstance(client, ManyClient)
        return [outcome for _, outcome in client.ask_many(map(mark_request, range(n_rows)))]


def n_open(settings: OpenAISettings) -> tuple[int, ...]:
    """Return how many holds, batches and replies the ledger has."""
    tables = "holds", "batches", "replies"
    with closing(sqlite3.connect(settings.ledger)) as ledger:
        return tuple(
            ledger.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables
        )


def test_too_many_tokens_at_once_are_sent_in_smaller_batches(chosen: Chosen) -> None:
    with running("small", 0, 0.0) as url:
        outcomes = ask(chosen(batch=BATCH))
        assert [type(outcome) for outcome in outcomes] == [Reply] * N_ROWS
        # Of 40, 20 and 10 requests, each too many; then of 5.
        assert counted(url) | {"told": 0} == {
            "calls": N_ROWS, "told": 0, "told_calls": 0, "broken": 0, "refused": 0,
            "rows": 0, "asked_twice": 0, "batches": 3 + N_ROWS // 5,
        }  # fmt: skip


def test_a_batch_that_fails_ends_the_run_with_the_reason(chosen: Chosen) -> None:
    settings = chosen(batch=BATCH)
    with running("invalid", 0, 0.0) as url:
        with pytest.raises(ChatError) as caught:
            ask(settings)
        assert str(caught.value) == (
            f"{url}/: batch batch-0 is failed (invalid_json_line) and left out 40 requests; check "
            "the endpoint's page of batches and writer.batch.max_requests, then run again: paid "
            "replies are kept"
        )
        assert counted(url)["batches"] == 1
    assert n_open(settings) == (0, 0, 0)
    with running("good", 0, 0.0):
        assert [type(outcome) for outcome in ask(settings)] == [Reply] * N_ROWS


def test_what_an_expired_batch_left_out_is_asked_again(chosen: Chosen) -> None:
    settings = chosen(batch=BATCH)
    with running("expiring", 0, 0.0) as url:
        outcomes = ask(settings)
        assert counted(url)["calls"] == N_ROWS
    assert [type(outcome) for outcome in outcomes] == [Reply] * N_ROWS
    assert n_open(settings) == (0, 0, N_ROWS)


def test_a_cancelled_batch_ends_the_run_and_keeps_its_replies(chosen: Chosen) -> None:
    settings = chosen(batch=BATCH)
    with running("cancelling", 0, 0.0) as url:
        with pytest.raises(ChatError, match="batch-0 is cancelled and left out 20 requests"):
            ask(settings)
        assert n_open(settings) == (0, 0, 20)
        assert [type(outcome) for outcome in ask(settings)] == [Reply] * N_ROWS
        assert counted(url)["calls"] == N_ROWS


def test_an_endpoint_that_refuses_every_request_of_a_batch_ends_the_run(chosen: Chosen) -> None:
    settings = chosen(batch=BATCH)
    with running("refusing", 0, 0.0) as url:
        with pytest.raises(ChatError) as caught:
            ask(settings)
        assert str(caught.value) == (
            f"{url}/: failed 40 rows one after another, the last with 'status 400 "
            "(unsupported_parameter, max_tokens)'; check the server and the settings of the "
            "writer, then run again: paid replies are kept"
        )
        assert counted(url)["batches"] == 1
        few = ask(settings, 19)
    assert [type(outcome) for outcome in few] == [Failure] * 19
