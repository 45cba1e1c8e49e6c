"""Case usage-out-of-range: what an endpoint counts is never more than was held, nor less than none.

A write that fails reaches all who wait for it.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from builder.errors import InputError
from builder.llm.client_settings import OpenAISettings
from builder.llm.clients import open_client
from builder.llm.ledger.accounts import Caps, Hold
from builder.llm.ledger.group_commit import GroupCommit
from builder.llm.ledger.ledger import Ledger
from builder.llm.openai_client.engine import Engine
from builder.llm.protocol import Reply
from builder.llm.tokens import most_prompt_tokens
from pipelines.runtime.chat import open_writer
from pipelines.runtime.stage import Job
from tests.support.chat_calls import MARK_ANSWER, ask_marks, mark_request
from tests.support.scripted_server import answering

Chosen = Callable[..., OpenAISettings]
HELD = most_prompt_tokens(mark_request(0))
MOST = 64


def counting(prompt: Any, completion: Any) -> dict[str, bytes]:
    message = {"role": "assistant", "content": MARK_ANSWER["content"]}
    usage = {"prompt_tokens": prompt, "completion_tokens": completion}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return {"raw": json.dumps({"model": "m", "choices": choices, "usage": usage}).encode()}


@pytest.mark.parametrize(
    ("prompt", "completion", "charged", "n_wrong"),
    [
        (10**20, 10**20, (HELD, MOST), 1),
        (2**62, 1, (HELD, MOST), 1),
        (2**63, 1, (HELD, MOST), 1),
        (-(10**9), -(10**9), (HELD, MOST), 1),
        (11, -1, (HELD, MOST), 1),
        (HELD + 1, 0, (HELD, MOST), 1),
        (0, MOST + 1, (HELD, MOST), 1),
        (HELD, MOST, (HELD, MOST), 0),
        (0, 0, (0, 0), 0),
        (None, 7, (HELD, 7), 0),
        (11, "seven", (11, len(MARK_ANSWER["content"])), 0),
    ],
    ids=str,
)
def test_no_count_is_charged_beyond_the_hold(
    chosen: Chosen, prompt: Any, completion: Any, charged: tuple[int, int], n_wrong: int
) -> None:
    with answering(counting(prompt, completion)) as chat:
        with open_client(chosen(), seed=1, grammars={}) as client:
            assert isinstance(client, Engine)
            [(_, outcome)] = client.ask_many([mark_request(0)])
            assert isinstance(outcome, Reply)
            used, n_counted_wrongly = client.usage.by_kind["used"], client.usage.counted_wrongly
        assert ask_marks(chosen()) == [outcome]
        assert len(chat.bodies) == 1
    assert (used.prompt_tokens, used.completion_tokens) == charged
    assert n_counted_wrongly == n_wrong


def test_a_budget_stops_a_run_whose_endpoint_counts_below_none(chosen: Chosen) -> None:
    settings = chosen(budget_tokens=3 * (HELD + MOST), in_flight=1)
    with answering(counting(-(10**9), -(10**9))) as chat:
        with pytest.raises(InputError, match="could exceed the budget"):
            ask_marks(settings, 10)
        assert len(chat.bodies) == 3


def test_wrong_counts_are_told_once_at_the_end(
    chosen: Chosen, capsys: pytest.CaptureFixture[str]
) -> None:
    job = Job("assign", 1, 1)
    with answering(counting(2**62, 2**62)), open_writer(job, chosen(), {}) as client:
        list(client.ask_many(map(mark_request, range(9))))  # type: ignore[union-attr]
    assert capsys.readouterr().err == (
        "assign: for 9 replies the endpoint counted fewer tokens than none or more than the "
        "request has bytes and writer.max_tokens allows; each was charged with the most it can "
        "have cost\n"
    )
    assert job.log["chat"]["counted_wrongly"] == 9


def test_counts_that_no_ledger_can_hold_are_kept_as_none(chosen: Chosen) -> None:
    settings = chosen()
    with answering(counting(-1, 2**63 - 1)):
        ask_marks(settings)
    with closing(sqlite3.connect(settings.ledger)) as ledger:
        rows = ledger.execute("SELECT prompt_tokens, completion_tokens FROM replies").fetchall()
    assert rows == [(None, 2**63 - 1)]


def test_an_exception_reaches_all_who_wait_and_the_next_write_goes_on(tmp_path: Path) -> None:
    def hold(n: int, nano_usd: int) -> Hold:
        return Hold(n, f"k{n}", "pick", 1, nano_usd, Caps(None, None))

    async def put(ledger: Ledger) -> list[Any]:
        commit = GroupCommit(ledger, 1)
        async with asyncio.timeout(30):
            entries = hold(1, 1), hold(2, 2**70), hold(3, 1)
            first = await asyncio.gather(*map(commit.put, entries), return_exceptions=True)
            second = await commit.put(hold(4, 1))
        commit.close()
        return [*map(type, first), second]

    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        assert asyncio.run(put(ledger)) == [OverflowError] * 3 + ["held"]
        assert ledger.spent() == (1, 1)
