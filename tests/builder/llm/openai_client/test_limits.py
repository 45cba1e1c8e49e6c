"""How much is asked at once and in a minute."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.llm.openai_client.call_errors import read_retry_after
from builder.llm.openai_client.engine import open_engine
from builder.llm.openai_client.limits import Gate
from builder.llm.protocol import ChatError, Reply
from builder.llm.settings import OpenAISettings
from tests.builder.llm.test_misbehaving_server import ask_for, counted

Running = Callable[..., AbstractContextManager[str]]
Chosen = Callable[..., OpenAISettings]
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


def test_the_gate_is_narrower_after_trouble_and_wider_after_success() -> None:
    gate, now = Gate(10), time.monotonic()
    assert gate.places == 10
    gate.shrink(now)
    assert gate.places == 7
    gate.shrink(now)  # began before the first shrinking: the same trouble
    assert gate.places == 7
    gate.shrink(time.monotonic() + 1)
    assert gate.places == 4
    for _ in range(5):
        gate.succeed(0.0)
    assert gate.places == 5
    for _ in range(100):
        gate.succeed(0.0)
    assert gate.places == 10


def test_those_that_enter_are_spread_over_the_time_of_a_call() -> None:
    gate, entered = Gate(4), list[float]()

    async def one() -> None:
        async with gate.place():
            entered.append(time.monotonic())

    async def four_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(4)))

    asyncio.run(four_of_them())
    gate.succeed(0.4)
    for _ in range(100):
        gate.succeed(0.8)
    asyncio.run(four_of_them())
    assert entered[-1] - entered[4] > 0.2  # of 3 * 0.8 / 4 / 2; the first one may be late itself


def test_the_gate_never_closes() -> None:
    gate = Gate(3)
    for _ in range(20):
        gate.shrink(time.monotonic() + 1)
    assert gate.places == 1


def test_no_more_than_the_places_are_inside() -> None:
    gate, most = Gate(5), list[int]()

    async def one() -> None:
        async with gate.place():
            most.append(gate.inside)
            await asyncio.sleep(0)

    async def all_of_them() -> None:
        await asyncio.gather(*(one() for _ in range(50)))

    asyncio.run(all_of_them())
    assert max(most) == 5
    assert len(most) == 50
    assert gate.inside == 0


def test_a_cancelled_waiter_hands_its_turn_on() -> None:
    gate = Gate(1)

    async def play() -> int:
        async with gate.place():
            first, second = (asyncio.create_task(gate._enter()) for _ in range(2))
            await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait_for(second, timeout=5)
        return gate.inside

    assert asyncio.run(play()) == 1


def test_as_many_are_asked_at_once_as_the_server_takes(running: Running, chosen: Chosen) -> None:
    with running("narrow", 0, 0.02) as url, open_engine(chosen(attempts=20)) as engine:
        outcomes = [outcome for _, outcome in engine.ask_many(map(ask_for, range(400)))]
        server = counted(url)
    assert [type(outcome) for outcome in outcomes] == [Reply] * 400
    # 64 at once against 8 places: a client that kept on would be refused seven times of eight.
    assert 0 < server["refused"] < 400


def test_calls_are_spread_over_the_minute(running: Running, chosen: Chosen) -> None:
    with running("good", 0, 0.0), open_engine(chosen(requests_per_minute=1200)) as engine:
        started = time.monotonic()
        list(engine.ask_many(map(ask_for, range(9))))
        assert time.monotonic() - started >= 8 * 60 / 1200


def test_tokens_are_spread_over_the_minute(running: Running, chosen: Chosen) -> None:
    rules = chosen(tokens_per_minute=60_000, max_tokens=100)
    with running("good", 0, 0.0), open_engine(rules) as engine:
        started = time.monotonic()
        list(engine.ask_many(map(ask_for, range(4))))
        assert time.monotonic() - started >= 3 * 100 / 1000


def test_a_run_whose_time_is_up_stops_and_goes_on_later(running: Running, chosen: Chosen) -> None:
    with running("good", 0, 0.05) as url:
        late = chosen(run_timeout_s=0.3, in_flight=2)
        with (
            open_engine(late) as engine,
            pytest.raises(ChatError, match=r"the run's 0.3 s \(writer.run_timeout_s\) are over"),
        ):
            list(engine.ask_many(map(ask_for, range(100))))
        paid = counted(url)["told_calls"]
        assert 0 < paid < 100
        with open_engine(chosen()) as engine:
            outcomes = list(engine.ask_many(map(ask_for, range(100))))
        assert counted(url)["told_calls"] == 100
    assert len(outcomes) == 100
