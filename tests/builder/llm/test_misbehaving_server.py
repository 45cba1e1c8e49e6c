"""Two thousand rows against a server that does everything wrong, at random."""

import sqlite3
from collections.abc import Callable

from builder.llm.client_settings import OpenAISettings
from builder.llm.openai_client.engine import open_engine
from builder.llm.protocol import Failure, Reply
from tests.support.chat_calls import Marked, mark_request
from tests.support.chat_server import counted, reply_to, running

N_ROWS = 2000


def test_every_row_ends_once_and_the_sums_are_the_servers_own(
    chosen: Callable[..., OpenAISettings],
) -> None:
    rules = chosen(timeout_s=8.0, attempts=3, in_flight=64)
    requests = [mark_request(n) for n in range(N_ROWS)]
    with running("bad", 1, 0.005) as url, open_engine(rules) as engine:
        outcomes = list(engine.ask_many(iter(requests)))
        server, figures = counted(url), engine.figures()
    assert [request for request, _ in outcomes] == requests
    kinds = {"reply": 0, "model refused": 0, "reply does not fit its schema": 0}
    kinds["endpoint failed"] = 0
    for request, outcome in outcomes:
        if isinstance(outcome, Reply):
            assert outcome.value == Marked(**reply_to(request.messages[0].content))
        kinds[outcome.reason if isinstance(outcome, Failure) else "reply"] += 1
    assert all(kinds.values()), kinds
    assert server["rows"] == N_ROWS
    paid = [figures["used"], figures["wasted"]]
    assert sum(part["prompt_tokens"] + part["completion_tokens"] for part in paid) == server["told"]
    assert sum(part["calls"] for part in paid) == server["told_calls"]
    assert figures["lost"]["calls"] == server["broken"]
    ledger = sqlite3.connect(rules.ledger)
    assert ledger.execute("SELECT count(*) FROM holds").fetchone() == (0,)
    [(kept, distinct)] = ledger.execute("SELECT count(*), count(DISTINCT key) FROM replies")
    ledger.close()
    assert kept == distinct == server["told_calls"]
