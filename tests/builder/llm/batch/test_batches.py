"""The Batch API: same ledger, same replies, found again after a stop at any moment."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from builder.errors import InputError
from builder.llm.client_settings import OpenAISettings
from builder.llm.clients import open_client
from builder.llm.protocol import ChatError, Failure, ManyClient, Reply
from tests.support.chat_calls import Marked, mark_request
from tests.support.chat_server import counted, reply_to, running

Chosen = Callable[..., OpenAISettings]
BATCH = {"max_requests": 40, "poll_s": 0.01}
N_ROWS = 100
MADE_BY = "openai:small-model prompt=mark/1"


def ask(rules: OpenAISettings, n_rows: int = N_ROWS) -> tuple[list[Any], Any]:
    with open_client(rules, seed=1, grammars={}) as client:
        assert isinstance(client, ManyClient)
        return list(client.ask_many(map(mark_request, range(n_rows)))), client.figures()


def expected(n: int) -> tuple[Any, Reply[Marked]]:
    return mark_request(n), Reply(Marked(**reply_to(f"row {n}")), MADE_BY)


def test_batches_bring_what_single_calls_bring(chosen: Chosen) -> None:
    with running("good", 0, 0.0) as url:
        single, _ = ask(chosen(ledger=str(chosen().ledger) + ".other"))
        batched, figures = ask(chosen(batch=BATCH))
        assert batched == single == [expected(n) for n in range(N_ROWS)]
        assert counted(url)["batches"] == 3
        again, _ = ask(chosen(batch=BATCH))
        mixed, _ = ask(chosen())
        assert again == mixed == batched
        assert counted(url)["batches"] == 3
        assert figures["used"]["calls"] == N_ROWS


def test_what_does_not_fit_is_repaired_and_what_fails_is_told(chosen: Chosen) -> None:
    with running("bad", 3, 0.0) as url:
        outcomes, figures = ask(chosen(batch=BATCH))
        server = counted(url)
    reasons = {o.reason for _, o in outcomes if isinstance(o, Failure)}
    assert reasons == {"endpoint failed", "reply does not fit its schema"}
    details = {o.detail for _, o in outcomes if isinstance(o, Failure)}
    assert {"status 500", "the batch is completed, without an answer"} <= details
    good = [(request, outcome) for request, outcome in outcomes if isinstance(outcome, Reply)]
    assert good == [expected(int(request.row_id[1:])) for request, _ in good]
    paid = [figures["used"], figures["wasted"]]
    assert sum(part["prompt_tokens"] + part["completion_tokens"] for part in paid) == server["told"]


def test_a_run_stopped_while_it_waits_fetches_the_same_batch(chosen: Chosen) -> None:
    with running("good", 0, 0.0) as url:
        with pytest.raises(ChatError, match="batch batch-0 is in_progress after"):
            ask(chosen(batch=BATCH, run_timeout_s=0.001), 30)
        outcomes, _ = ask(chosen(batch=BATCH), 30)
        assert counted(url)["batches"] == 1
    assert outcomes == [expected(n) for n in range(30)]


def test_a_batch_whose_id_was_never_read_is_found_by_its_token(chosen: Chosen) -> None:
    rules = chosen(batch=BATCH, attempts=1)
    with running("forgetful", 0, 0.0) as url:
        with pytest.raises(ChatError, match="no server answers at this address"):
            ask(rules, 30)
        outcomes, _ = ask(rules, 30)
        assert counted(url)["batches"] == 1
    assert [type(outcome) for _, outcome in outcomes] == [Reply] * 30


def test_a_batch_that_was_never_made_is_made_anew(chosen: Chosen) -> None:
    rules = chosen(batch=BATCH, attempts=1)
    with running("good", 0, 0.0) as url:
        pass
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", url)
        patch.setenv("OPENAI_API_KEY", "any")
        with pytest.raises(ChatError, match="no server answers at this address"):
            ask(rules, 30)
    with running("good", 0, 0.0) as url:
        outcomes, figures = ask(rules, 30)
        assert counted(url)["batches"] == 1
    assert outcomes == [expected(n) for n in range(30)]
    assert figures["lost"]["calls"] == 0
    ledger = sqlite3.connect(rules.ledger)
    assert ledger.execute("SELECT count(*) FROM holds").fetchone() == (0,)
    ledger.close()


def test_two_at_once_pay_once(chosen: Chosen) -> None:
    rules = chosen(batch=BATCH)
    with running("good", 0, 0.0) as url, ThreadPoolExecutor(2) as pool:
        found = [pool.submit(ask, rules) for _ in range(2)]
        told = [future.result() for future in found]
        server = counted(url)
    assert told[0][0] == told[1][0] == [expected(n) for n in range(N_ROWS)]
    assert server["calls"] == N_ROWS
    assert sum(figures["used"]["calls"] for _, figures in told) == N_ROWS
    assert told[0][1]["ledger_total"]["calls"] <= N_ROWS


def test_a_cap_holds_for_batches_too(chosen: Chosen) -> None:
    with running("good", 0, 0.0) as url:
        rules = chosen(batch=BATCH, budget_tokens=1500)
        with pytest.raises(InputError, match="the next call could exceed the budget"):
            ask(rules)
        assert 0 < counted(url)["told"] <= 1500
        outcomes, _ = ask(chosen(batch=BATCH))
        assert counted(url)["calls"] == N_ROWS
    assert outcomes == [expected(n) for n in range(N_ROWS)]
