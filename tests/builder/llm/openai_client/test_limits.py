"""How much is asked at once and in a minute."""

import asyncio
from collections.abc import Callable

import pytest

from builder.llm.client_settings import OpenAISettings
from builder.llm.openai_client.engine import open_engine
from builder.llm.openai_client.limits import Gate, Pace
from builder.llm.protocol import ChatError, Reply
from tests.support.chat_calls import mark_request
from tests.support.chat_server import counted, running
from tests.support.virtual_time import run_in_virtual_time

Chosen = Callable[..., OpenAISettings]


def test_the_gate_is_narrower_after_trouble_and_wider_after_success() -> None:
    async def places_after_each() -> list[int]:
        gate = Gate(10)
        places = [gate.places]
        gate.shrink(0.0)
        places.append(gate.places)
        await asyncio.sleep(1.0)
        gate.shrink(0.5)  # began after the first shrinking
        places.append(gate.places)
        gate.shrink(0.5)  # began before the second one: the same trouble
        places.append(gate.places)
        for n_successes in (5, 100):
            for _ in range(n_successes):
                gate.succeed(0.0)
            places.append(gate.places)
        return places

    assert run_in_virtual_time(places_after_each()) == [10, 7, 4, 4, 5, 10]


def test_those_that_enter_are_spread_over_the_time_of_a_call() -> None:
    async def entered_at() -> list[float]:
        gate, times = Gate(4), list[float]()

        async def one() -> None:
            async with gate.place():
                times.append(asyncio.get_running_loop().time())

        gate.succeed(0.8)
        await asyncio.gather(*(one() for _ in range(4)))
        return times

    assert run_in_virtual_time(entered_at()) == pytest.approx([0.0, 0.1, 0.2, 0.3])


def test_the_gate_never_closes() -> None:
    async def places_after_many() -> int:
        gate = Gate(3)
        for number in range(20):
            gate.shrink(float(number))
        return gate.places

    assert run_in_virtual_time(places_after_many()) == 1


def test_nobody_enters_before_the_pause_is_over() -> None:
    async def entered_at() -> float:
        gate = Gate(1)
        gate.pause(7.0)
        gate.pause(3.0)
        async with gate.place():
            return asyncio.get_running_loop().time()

    assert run_in_virtual_time(entered_at()) == pytest.approx(7.0)


@pytest.mark.parametrize(
    ("per_minute", "amounts", "times"),
    [
        (None, [9, 9, 9], [0.0, 0.0, 0.0]),
        (1200, [1, 1, 1, 1], [0.0, 0.05, 0.1, 0.15]),
        (60_000, [100, 500, 1], [0.0, 0.1, 0.6]),
    ],
    ids=["no limit", "calls", "tokens"],
)
def test_amounts_are_spread_over_the_minute(
    per_minute: int | None, amounts: list[int], times: list[float]
) -> None:
    async def sent_at() -> list[float]:
        pace, sent = Pace(per_minute), list[float]()
        for amount in amounts:
            await pace.wait(amount)
            sent.append(asyncio.get_running_loop().time())
        return sent

    assert run_in_virtual_time(sent_at()) == pytest.approx(times)


def test_what_is_given_back_need_not_be_waited_for() -> None:
    async def sent_at() -> float:
        pace = Pace(60)
        await pace.wait(10)
        pace.give_back(8)
        await pace.wait(1)
        return asyncio.get_running_loop().time()

    assert run_in_virtual_time(sent_at()) == pytest.approx(2.0)


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


def test_as_many_are_asked_at_once_as_the_server_takes(chosen: Chosen) -> None:
    with running("narrow", 0, 0.02) as url, open_engine(chosen(attempts=20)) as engine:
        outcomes = [outcome for _, outcome in engine.ask_many(map(mark_request, range(400)))]
        server = counted(url)
    assert [type(outcome) for outcome in outcomes] == [Reply] * 400
    # 64 at once against 8 places: a client that kept on would be refused seven times of eight.
    assert 0 < server["refused"] < 400


@pytest.mark.parametrize(
    "limit", [{"requests_per_minute": 60}, {"tokens_per_minute": 1500}], ids=str
)
def test_a_second_call_waits_for_its_place_in_the_minute(
    chosen: Chosen, limit: dict[str, int]
) -> None:
    rules = chosen(**limit, run_timeout_s=0.5, max_tokens=64)
    with running("good", 0, 0.0) as url:
        with open_engine(rules) as engine, pytest.raises(ChatError, match=r"the run's 0\.5 s"):
            list(engine.ask_many(map(mark_request, range(2))))
        assert counted(url)["calls"] == 1


def test_a_run_whose_time_is_up_stops_and_goes_on_later(chosen: Chosen) -> None:
    with running("good", 0, 0.05) as url:
        late = chosen(run_timeout_s=0.3, in_flight=2)
        with (
            open_engine(late) as engine,
            pytest.raises(ChatError, match=r"the run's 0.3 s \(writer.run_timeout_s\) are over"),
        ):
            list(engine.ask_many(map(mark_request, range(100))))
        paid = counted(url)["told_calls"]
        assert 0 < paid < 100
        with open_engine(chosen()) as engine:
            outcomes = list(engine.ask_many(map(mark_request, range(100))))
        assert counted(url)["told_calls"] == 100
    assert len(outcomes) == 100
