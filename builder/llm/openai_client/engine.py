"""The chat engine: requests in, validated replies out, none paid for twice.

The caller's thread looks replies up in the ledger and hands over what is not there; a thread of
the engine's own runs the calls. A call is held in the ledger before it is sent, and its reply is
durable there before anyone sees it. A reply that does not fit is asked for once more with the
error shown; that second question has a key of its own, so that a second run pays for neither.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Coroutine, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from builder.errors import SaferecError
from builder.llm.ledger.budget import Purse, require_budget
from builder.llm.ledger.ledger import Ledger
from builder.llm.ledger.prices import price_of
from builder.llm.ledger.usage import Tally
from builder.llm.openai_client.calls import Caller
from builder.llm.openai_client.endpoint import Endpoint
from builder.llm.protocol import ChatRequest, Failure, R, Reply
from builder.llm.reading import Unfit
from builder.llm.settings import OpenAISettings

_AHEAD = 8
"""Rows read ahead for each place in flight: one slow reply then holds back no other."""


_BEGUN = 2
"""Requests begun for each place in flight: the next is held by the time that a place is free. Of
those begun a killed run may have paid for all."""


@contextmanager
def open_engine(settings: OpenAISettings) -> Iterator[Engine]:
    """Give the engine of an endpoint for as long as the context lasts.

    Raises:
        ChatError: If there is no key or no proper address.
        InputError: If the ledger cannot be used, or the budget cannot be held to.
    """
    endpoint = Endpoint(settings)
    price = price_of(settings)
    require_budget(settings, price is not None)
    with Ledger.open(Path(settings.ledger)) as ledger:
        engine = Engine(settings, Caller(settings, endpoint, ledger, Purse(settings, price)))
        try:
            yield engine
        finally:
            engine.close()


class Engine:
    """A `ManyClient` for one endpoint and one ledger."""

    def __init__(self, settings: OpenAISettings, caller: Caller) -> None:
        self._settings, self._caller = settings, caller
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._begun = threading.Semaphore(settings.in_flight * _BEGUN)

    @property
    def tally(self) -> Tally:
        """Return what was asked and spent so far."""
        return self._caller.tally

    def line(self) -> str:
        """Return the state of things for a progress bar."""
        return self.tally.line(self._caller.in_flight)

    def figures(self) -> dict[str, Any]:
        """Return what was asked, spent and wasted, for a stage's counts."""
        return self.tally.figures(self._caller.ledger.accounts())

    def close(self) -> None:
        """End all calls and the thread."""
        if self._loop is None or self._thread is None:
            return
        self._run(self._end()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._caller.close()

    def ask_many(
        self, requests: Iterable[ChatRequest[R]]
    ) -> Iterator[tuple[ChatRequest[R], Reply[R] | Failure]]:
        """Yield every request with its outcome, in the requests' order.

        Raises:
            ChatError: If the endpoint answers nobody, or the run's time is up.
            InputError: At the budget's cap, and where the ledger cannot be written. What is in
                flight is waited for and kept.
        """
        window: deque[tuple[ChatRequest[R], str, Reply[R] | Failure | Future[Any]]] = deque()
        asked: dict[str, Future[Any]] = {}
        most = self._settings.in_flight * _AHEAD
        try:
            for request in requests:
                key = self._caller.memory.key(request)
                window.append((request, key, asked.get(key) or self._begin(request, key, asked)))
                while len(window) > most or (window and _is_done(window[0][2])):
                    yield self._first(window, asked)
            while window:
                yield self._first(window, asked)
        except SaferecError as exc:
            self._caller.stop(exc)
            wait(list(asked.values()))
            raise
        finally:
            for future in asked.values():
                future.cancel()

    def _begin(
        self, request: ChatRequest[R], key: str, asked: dict[str, Future[Any]]
    ) -> Reply[R] | Failure | Future[Any]:
        known = self._caller.memory.recall(request, key)
        if known is not None and not isinstance(known, Unfit):
            self.tally.from_ledger += 1
            return known
        self._begun.acquire()
        asked[key] = self._run(self._caller.answer(request, key, known))
        asked[key].add_done_callback(lambda _: self._begun.release())
        return asked[key]

    def _first(
        self,
        window: deque[tuple[ChatRequest[R], str, Reply[R] | Failure | Future[Any]]],
        asked: dict[str, Future[Any]],
    ) -> tuple[ChatRequest[R], Reply[R] | Failure]:
        request, key, outcome = window.popleft()
        if isinstance(outcome, Future):
            outcome = outcome.result()
            asked.pop(key, None)
        return request, outcome

    def _run(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=self._loop.run_forever, name="chat engine", daemon=True
                )
                self._thread.start()
        return asyncio.run_coroutine_threadsafe(work, self._loop)


def _is_done(outcome: Reply[Any] | Failure | Future[Any]) -> bool:
    return not isinstance(outcome, Future) or outcome.done()
