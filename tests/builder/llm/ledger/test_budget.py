"""The cap holds with many in flight, and a run that stops at it goes on later."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from builder.errors import InputError
from builder.llm.client_settings import OpenAISettings
from builder.llm.openai_client.engine import open_engine
from builder.llm.protocol import Reply
from tests.support.chat_calls import mark_request, write_prices
from tests.support.chat_server import counted, running

Chosen = Callable[..., OpenAISettings]
N = 120


def test_a_run_stops_at_its_cap_and_goes_on_when_it_is_raised(chosen: Chosen) -> None:
    with running("good", 0, 0.002) as url:
        capped = chosen(budget_tokens=1500)
        for _ in range(2):  # a second run at the same cap asks nothing more
            with (
                open_engine(capped) as engine,
                pytest.raises(InputError, match="the next call could exceed the budget") as caught,
            ):
                list(engine.ask_many(map(mark_request, range(N))))
            told = counted(url)["told"]
            assert 1000 < told <= 1500
        assert "writer.budget_usd and budget_tokens: the ledger has spent $0.0000 and" in str(
            caught.value
        )
        with open_engine(chosen(budget_tokens=50_000)) as engine:
            outcomes = [outcome for _, outcome in engine.ask_many(map(mark_request, range(N)))]
            figures = engine.figures()
        assert counted(url)["told_calls"] == N
    assert [type(outcome) for outcome in outcomes] == [Reply] * N
    assert figures["from_ledger"] > 0
    assert figures["from_ledger"] + figures["used"]["calls"] == N


def test_a_cap_in_dollars_holds_while_the_server_misbehaves(chosen: Chosen, tmp_path: Path) -> None:
    capped = chosen(
        budget_usd=0.004,
        prices=str(write_prices(tmp_path / "prices.yaml")),
        attempts=4,
        timeout_s=30.0,
    )
    with running("rough", 5, 0.001) as url, open_engine(capped) as engine:
        with pytest.raises(InputError, match="the next call could exceed the budget"):
            list(engine.ask_many(map(mark_request, range(2000))))
        server, figures = counted(url), engine.figures()
    most = Decimal("0.60") / 1_000_000
    assert server["told"] * most <= Decimal("0.004")
    assert 0 < figures["ledger_total"]["usd"] <= 0.004
    assert engine.line().startswith("$0.00")
